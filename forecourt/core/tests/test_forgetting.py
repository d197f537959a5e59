"""What is forgotten by night."""

import datetime as dt

from django.utils import timezone

from forecourt.core.models import Mail
from forecourt.core.tasks import sweep_mail
from tests.cast import organization


def test_a_mail_is_forgotten_after_three_months_in_every_organization(world, browser, mailbox):
    for who, slug in (("admin@acme.example", "acme"), ("admin@globex.example", "globex")):
        browser(who).post(f"/o/{slug}/members/invitations/", {"email": "kim@example.com"})
    mailbox.deliver()
    for slug, days in (("acme", 91), ("globex", 89)):
        organization(slug)
        Mail.objects.update(created_at=timezone.now() - dt.timedelta(days=days))
    sweep_mail(0)
    organization("acme")
    assert not Mail.objects.exists()
    organization("globex")
    assert Mail.objects.exists()
