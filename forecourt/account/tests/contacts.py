"""What the tests of contacts share: the cast's addresses, paths, and looking at rows."""

import re

from allauth.account.models import EmailAddress

from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.models import Contact
from forecourt.people.models import User
from tests.cast import organization, text_of

ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"
BOTH, STRANGER = "both@example.com", "kim@new.example"
PAGE = "/o/acme/account/"
ADD, PENCIL = f"{PAGE}contacts/", f"{PAGE}primary-contact/"
KIM = {"name": "Kim Park", "email": STRANGER, "phone": "+1 555 0100", "kinds": ["releases"]}


def contact(email: str) -> Contact:
    """A contact of Acme."""
    return organization("acme").contacts.get(email=email)


def emails() -> set[str]:
    """Every contact of Acme."""
    return {*organization("acme").contacts.values_list("email", flat=True)}


def primary() -> str:
    """The address of Acme's primary billing contact."""
    return organization("acme").primary_contact.email


def traces() -> tuple[int, int, int]:
    """How many audit rows, mails and contacts Acme has."""
    house = organization("acme")
    events = AuditEvent.objects.filter(organization_id=house.pk)
    return events.count(), Mail.objects.count(), house.contacts.count()


def path(email: str, action: str = "") -> str:
    """The page of a contact."""
    return f"{ADD}{contact(email).pk}/{action}"


def give_address(person: str, email: str, *, verified: bool) -> None:
    """A further address of somebody's account."""
    EmailAddress.objects.create(
        user=User.objects.get(email=person), email=email, verified=verified, primary=False
    )


def link_in(message, page: str) -> str:
    """The path of the link to this page in a mail."""
    found = re.search(rf"https?://[^/\s]+(/mailings/\S+?/{page}/)", text_of(message))
    assert found, text_of(message)
    return found[1]


def words(response) -> str:
    """A page as one reads it."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
