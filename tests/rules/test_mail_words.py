"""Every kind of mail has words for the page that shows what became of it, and no word is left over."""

from forecourt.account.mail_list import FATES
from forecourt.account.mail_words import WORDS
from forecourt.core.models import Mail
from tests.rules.source import PACKAGE, files


def test_every_mail_has_words():
    templates = [path for path in files(".html", under=PACKAGE) if path.parent.name == "email"]
    kinds = {f"{path.parents[1].name}.{path.stem}" for path in templates}
    assert len(kinds) > 40
    assert kinds == {*WORDS}


def test_every_fate_has_words():
    assert {*FATES} == {*Mail.Status.values}
