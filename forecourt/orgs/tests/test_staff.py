"""The vendor's people."""

import pytest

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Staff
from forecourt.orgs.staff import add_staff


def test_staff_are_added_once(world):
    for _ in range(2):
        assert add_staff(System(), email="Nobody@Example.com").user.email == "nobody@example.com"
    assert Staff.objects.count() == 2  # one was there
    with scope.across_organizations("the audit log"):
        assert list(AuditEvent.objects.values_list("event")) == [("staff.added",)]
    with pytest.raises(Refused, match="e-mail address"):
        add_staff(System(), email="who")
