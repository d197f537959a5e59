"""The addresses of the Products room."""

from forecourt.orgs.permissions import Permission
from forecourt.products import downloads, files
from forecourt.products.models import Artifact, License, Product, Release
from tests.who_may.rows import ADMINS, ANYONE, HOLDER, MEMBERS, Row, inside

VIEW, KEYS = Permission.VIEW_PRODUCTS, Permission.SEE_KEYS
ROTATE, ASSIGN = Permission.ROTATE_KEYS, Permission.ASSIGN_SEATS
DAYS = {"overlap_days": "7"}

PRODUCTS_ROOM = [
    inside("GET", "products", MEMBERS, VIEW, 200),
    inside("GET", "versions", MEMBERS, VIEW, 200),
    inside("GET", "release", MEMBERS, VIEW, 200),
    inside("GET", "checksums", MEMBERS, VIEW, 200),
    inside("GET", "download_file", MEMBERS, VIEW, 302, thing="artifact"),
    inside("GET", "download_link", MEMBERS, VIEW, 200, thing="artifact"),
    Row("GET", "download", HOLDER, 200, action="download"),
    inside("POST", "reveal_key", MEMBERS, KEYS, 200, thing="license", action="reveal_key"),
    inside("GET", "rotate_key", ADMINS, ROTATE, 200, thing="license"),
    inside(
        "POST", "rotate_key", ADMINS, ROTATE, 303, form=DAYS, thing="license", action="rotate_key"
    ),
    inside("GET", "license_file", MEMBERS, KEYS, 200, thing="license", action="issue_license_file"),
    inside("GET", "seats", MEMBERS, VIEW, 200, thing="license"),
    # Nobody is ticked; `test_seats` ticks.
    inside("POST", "assign_seats", ADMINS, ASSIGN, 422, thing="license", action="assign_seats"),
    inside("POST", "free_seat", ADMINS, ASSIGN, 303, thing="member", action="free_seat"),
    inside("GET", "open_product", MEMBERS, VIEW, 302),
    Row("GET", "signing_keys", ANYONE),
    Row("GET", "signing_key", ANYONE, 404),
]

#: What the vendor's staff do by the command line.
STAFF_AT_WORK = {
    "add_product",
    "change_product",
    "move_product",
    "publish_release",
    "withdraw_release",
    "grant_license",
    "extend_license",
    "end_license",
    "change_license",
    "change_license_seats",
    "suspend_license",
    "resume_license",
}


def only_file(house) -> Artifact:
    """A file of a product that this organization alone has."""
    product = Product.objects.create(
        slug=f"only-{house.slug}", name=f"Only {house.name}", key_prefix="ONLY"
    )
    granted = License.objects.create(organization=house, product=product, plan="Yearly")
    release = Release.objects.create(
        product=product, version="1.0.0", published_at=granted.starts_at
    )
    kept = files.keep([house.slug.encode()])
    return Artifact.objects.create(release=release, file_name="only.zip", **vars(kept))


def link_to(artifact: Artifact, member) -> dict[str, str]:
    """What a link of this member to this file has in its address."""
    token = downloads.link(member, artifact).address(artifact).split("/")[2]
    return {"token": token, "file_name": artifact.file_name}
