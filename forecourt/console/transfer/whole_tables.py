"""The files that make an export a whole portal: the rest of the catalog, and, for the server alone,
accounts, secrets and what happened."""

from __future__ import annotations

from forecourt.console.transfer import cells, more_cells
from forecourt.console.transfer.lines import Column, columns, exact
from forecourt.core import brand
from forecourt.core.brand_rules import LONGEST_TEXT
from forecourt.core.models import Mail
from forecourt.orgs.models import Staff
from forecourt.orgs.permissions import Role
from forecourt.products.models import Artifact, Release
from forecourt.products.publishing import LONGEST_NOTES

OWNER = REF = cells.words(200)
PRODUCT, VERSION = cells.words(40), cells.words(60)
#: What signs: license files, or the tokens by which people sign in to products.
USES = ("license_files", "tokens")

CATALOG: dict[str, list[Column]] = {
    "brand": exact(
        columns(
            "setting value",
            setting=cells.choice([*brand.WORDS, *brand.LOGOS]),
            value=cells.text(LONGEST_TEXT),
        ),
        "value",
    ),
    "releases": exact(
        columns(
            "product version published",
            product=PRODUCT,
            version=VERSION,
            channel=cells.choice(Release.Channel.values),
            published=cells.moment(),
            withdrawn=cells.moment(),
            reason=cells.words(500),
            created=cells.moment(),
            notes=cells.text(LONGEST_NOTES),
        ),
        "notes",
    ),
    "release_files": columns(
        "product version name size sha256",
        product=PRODUCT,
        version=VERSION,
        name=cells.words(120),
        platform=cells.choice(Artifact.Platform.values),
        architecture=cells.choice(Artifact.Architecture.values),
        size=more_cells.size,
        sha256=more_cells.digest,
    ),
    "clients": columns(
        "client name",
        client=cells.words(100),
        name=cells.words(100),
        product=PRODUCT,
        public=cells.yes,
        device=cells.yes,
        own=cells.yes,
        scopes=more_cells.words,
        redirects=more_cells.words,
        after_logout=more_cells.words,
        launch=cells.words(300),
        logout=cells.words(300),
        secret=more_cells.digest,
        former_secret=more_cells.digest,
        former_until=cells.moment(),
        disabled=cells.moment(),
        created=cells.moment(),
    ),
    "figures": columns(
        "day name value",
        day=cells.paper_day,
        name=cells.words(20),
        value=more_cells.size,
    ),
}
OF_HOUSE: dict[str, list[Column]] = {
    "keys": exact(
        columns(
            "use kid made",
            use=cells.choice(USES),
            kid=cells.words(43),
            public=cells.words(43),
            private=cells.text(10_000),
            made=cells.moment(),
            signs_from=cells.moment(),
            ends=cells.moment(),
        ),
        "private",
    ),
    "accounts": exact(
        columns(
            "account email",
            account=more_cells.handle,
            number=more_cells.size,
            email=cells.address,
            addresses=more_cells.addresses,
            unproved=more_cells.addresses,
            name=cells.person_name,
            language=cells.words(10),
            time_zone=cells.words(60),
            active=cells.yes,
            created=cells.moment(),
            last_sign_in=cells.moment(),
            mailbox_proved=cells.moment(),
            password=cells.text(128),
            factors=more_cells.objects,
            identities=more_cells.objects,
            duty=cells.choice(Staff.Duty.values),
            staff_since=cells.moment(),
        ),
        "password",
    ),
}
OF_CUSTOMERS: dict[str, list[Column]] = {
    "memberships": columns(
        "organization email account role",
        organization=OWNER,
        email=cells.address,
        account=more_cells.handle,
        role=cells.choice(Role.values),
        contact=REF,
        joined=cells.moment(),
        last_seen=cells.moment(),
        seats=more_cells.mapping,
    ),
    "invitations": columns(
        "organization email handle token expires",
        organization=OWNER,
        email=cells.address,
        name=cells.person_name,
        role=cells.choice(Role.values),
        handle=more_cells.handle,
        generation=cells.number(0, 1_000_000),
        token=more_cells.digest,
        by_vendor=cells.yes,
        inviter=cells.words(254),
        invited_by=more_cells.handle,
        created=cells.moment(),
        sent=cells.moment(),
        expires=cells.moment(),
    ),
}
#: What only the server writes and imports.
SECRET = (*OF_HOUSE, *OF_CUSTOMERS)
STREAMED: dict[str, list[Column]] = {
    "mails": columns(
        "at message kind to status",
        organization=OWNER,
        at=cells.moment(),
        message=more_cells.message,
        kind=cells.words(80),
        to=cells.address,
        about=cells.words(60),
        status=cells.choice(set(Mail.Status.values) - {Mail.Status.QUEUED}),
        error=cells.words(300),
        sent=cells.moment(),
        told=cells.moment(),
    ),
    "activity": exact(
        columns(
            "at actor_kind event object_kind",
            organization=OWNER,
            at=cells.moment(),
            actor_kind=cells.words(20),
            actor=cells.words(40),
            actor_label=cells.text(320),
            event=cells.words(60),
            object_kind=cells.words(40),
            object=cells.words(254),
            object_label=cells.text(320),
            person=more_cells.handle,
            before=more_cells.mapping,
            after=more_cells.mapping,
            address=more_cells.network,
        ),
        "actor_label",
        "object_label",
    ),
}
