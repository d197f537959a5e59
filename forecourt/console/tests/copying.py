"""A portal with everything in it, and its copy: for the tests. The copy has another SECRET_KEY and file
store, and an empty database."""

from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction

from forecourt.account.fates import believe
from forecourt.console.brand_actions import change_brand
from forecourt.console.merging import merge_customer
from forecourt.console.suspending import suspend_organization
from forecourt.console.tests.importing import folder, forecourt
from forecourt.console.tests.test_brand_logos import picture
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.fates import Told
from forecourt.core.models import Mail
from forecourt.demo import books
from forecourt.demo.world import contacts
from forecourt.people.models import User
from forecourt.products.actions import rotate_client_secret
from forecourt.products.models import Release, Seat
from forecourt.products.tests.programs import Program, entitle, program
from tests.authenticator import Device, add
from tests.cast import give_app, organization, run_jobs, signed_in

WITH_SECRETS = "--with-secrets"
BRAND = {
    "name": "Lumen Tools",
    "mail_footer": "=Lumen Tools GmbH",
    "accent": "#8844cc",
    "sign_in_text": "## Hello\n\nto *everybody*  ",
    "imprint_url": "https://vendor.example/imprint",
    "logo": picture(),
}
BOUNCED = {"fate": Mail.Status.BOUNCED, "reason": "550 5.1.1 =Unknown", "is_for_good": True}
MOSS, ADMIN = "member@acme.example", "admin@acme.example"


def everything(where: Path, *words: str) -> dict[str, bytes]:
    """What is exported, by name."""
    assert forecourt("export", where, *words) == 0
    return {path.name: path.read_bytes() for path in where.rglob("*") if path.is_file()}


def empty_the_portal() -> None:
    """As a new one is: no customers, no people, no products, and nothing happened."""
    scope.clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "truncate orgs_organization, orgs_contact, people_user, products_product, core_mail,"
            " procrastinate_jobs, core_export, core_auditevent, billing_plan, billing_seller,"
            " billing_numbering, allauth_idp_oidc_client, core_brand, console_figure,"
            " products_signingkey, products_tokenkey restart identity cascade"
        )


def lived_in(where: Path, device: Device) -> tuple[Program, Program]:
    """Whatever a portal can have: the program that signs people in to it, by its former secret and
    its present one."""
    with transaction.atomic():
        contacts()
        books.books()
    assert forecourt("import", folder(where)) == 0
    change_brand(System(), **BRAND)
    moss = User.objects.get(email=MOSS)
    give_app(MOSS)
    EmailAddress.objects.create(user=moss, email="moss@example.com", verified=False)
    identity = {"provider": "google", "uid": "https://accounts.example 7", "user": moss}
    SocialAccount.objects.create(**identity, extra_data={"email": MOSS, "name": "=Moss"})
    assert add(signed_in(ADMIN), device).status_code == 303
    signed_in(ADMIN).post(
        "/o/acme/members/invitations/", {"email": "new@hire.example", "role": "admin"}
    )
    held = organization("acme").licenses.get(product__slug="deploy")
    assert signed_in(MOSS).get(f"/o/acme/products/licenses/{held.pk}/file/").status_code == 200
    entitle("globex", "admin@globex.example")
    globex = organization("globex")
    ended = globex.licenses.get(product__slug="deploy")
    rhea = globex.memberships.get(user__email="admin@globex.example")
    Seat.objects.create(organization=globex, license=ended, member=rhea)
    initech, piper = organization("initech"), organization("pied-piper-inc")
    merge_customer(System(initech.pk), merged_id=piper.pk, reason="Sold")
    merge_customer(System(globex.pk), merged_id=initech.pk, reason="Bought")
    suspend_organization(System(organization("hooli").pk), reason="=Owes since May")
    notes = '\'=x\r\n\r  "y", “z” \n\t'
    Release.objects.filter(version="19.3.0").update(notes=notes)
    run_jobs()
    fate("globex", "admin@globex.example", BOUNCED)
    fate("acme", "new@hire.example", BOUNCED)
    former = program()
    rotated = rotate_client_secret(System(), client_id=former.client_id)
    return former, Program(former.client_id, rotated.secret)


def fate(slug: str, to: str, told: dict[str, Any]) -> None:
    """What becomes of the last mail of an organization to this address."""
    house = organization(slug)
    row = Mail.objects.filter(organization_id=house.pk, to=to).order_by("pk").last()
    assert believe(Told(row.token, **told))


def new_portal(settings, where: Path) -> None:
    """Nothing of the one before is left, and it has given other numbers."""
    empty_the_portal()
    with connection.cursor() as cursor:
        for table in ("people_user", "orgs_organization"):
            cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), 50)", [table])
    settings.SECRET_KEY = "of another portal, and as long as it has to be"
    settings.FILES_STORE = str(where)
