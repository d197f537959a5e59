"""`database reseal`: after SECRET_KEY has changed, so that the former one can go."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from forecourt.config.commands.serve import require_migrated
from forecourt.demo import running

if TYPE_CHECKING:
    from forecourt.core.actors import System
    from forecourt.core.resealing import Tally

LABEL = "forecourt database reseal"


def reseal() -> int:
    """Rewrite whatever is sealed under the present SECRET_KEY; 1 where no known key opens it."""
    running.use(os.environ)
    require_migrated()
    from forecourt.core.actors import System
    from forecourt.core.resealing import Tally, owners_of_sealed_mails, reseal_mails
    from forecourt.people.actions import reseal_factors
    from forecourt.products.actions import reseal_signing_keys, reseal_token_keys

    factors, signing, tokens, mails = Tally(), Tally(), Tally(), Tally()
    _to_the_end(reseal_factors, System(label=LABEL), factors)
    _to_the_end(reseal_signing_keys, System(label=LABEL), signing)
    _to_the_end(reseal_token_keys, System(label=LABEL), tokens)
    for organization_id in owners_of_sealed_mails():
        _to_the_end(reseal_mails, System(organization_id, label=LABEL), mails)
    told = {"Second factors": factors, "Signing keys": signing, "Token keys": tokens}
    told["Mails that wait"] = mails
    for what, tally in told.items():
        print(
            f"{what}: {tally.rewritten} rewritten, {tally.present} under the present SECRET_KEY"
            f" already, {len(tally.lost)} that no known key opens."
        )
    lost = {"mfa_authenticator": factors.lost, "products_signingkey": signing.lost}
    lost["products_tokenkey"] = tokens.lost
    return _lost({**lost, "core_mail": mails.lost})


def _to_the_end(batch: Callable[..., Tally], actor: System, tally: Tally) -> None:
    tally.last = 0
    while tally.last is not None:
        tally.add(batch(actor, after=tally.last))


def _lost(ids: dict[str, list[int]]) -> int:
    rows = [f"{table} {', '.join(map(str, found))}" for table, found in ids.items() if found]
    if not rows:
        return 0
    print(
        f"forecourt: no known key opens {' and '.join(rows)}: put the SECRET_KEY that was in force"
        ' then into SECRET_KEY_FALLBACKS, and run this again. If it is lost, see "Changing the key"'
        " in docs/running.md.",
        file=sys.stderr,
    )
    return 1
