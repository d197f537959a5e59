"""The people of the who-may table are who it says they are."""

from forecourt.orgs.models import Membership
from tests.cast import membership, organization
from tests.test_who_may import CAST
from tests.who_may import MEMBERS


def test_the_table_is_run_by_people_of_every_kind(world):
    for who, slug, kind in CAST:
        found = Membership.objects.none()
        if who:
            organization(slug)
            found = Membership.objects.filter(user__email=who, organization__slug=slug)
        assert (kind in MEMBERS) == found.exists()
    assert membership("acme", "primary@acme.example").is_primary
