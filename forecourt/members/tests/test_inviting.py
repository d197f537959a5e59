"""Inviting, through the page."""

from tests.cast import is_member, link_in, membership, organization, pending, text_of

HERE = "/o/acme/members/"


def test_an_admin_invites_and_the_invited_person_joins_with_a_password(world, browser, mailbox):
    admin = browser("admin@acme.example")
    answer = admin.post(HERE + "invitations/", {"email": "Kim.Park@Example.COM"})
    assert answer.status_code == 303 and answer["Location"] == HERE
    assert b"Pending" in admin.get(HERE).content

    (message,) = mailbox.to("kim.park@example.com")
    assert "Dana Avery" in text_of(message) and "Acme" in message["Subject"]
    link = link_in(message)
    kim = browser()
    assert b"Join Acme" in kim.get(link).content
    answer = kim.post(link + "account/", {"password": "a long sentence of mine", "name": "Kim Park"})
    assert answer.status_code == 303 and answer["Location"] == HERE
    assert is_member("acme", "kim.park@example.com")
    assert membership("acme", "kim.park@example.com").role == "member"
    assert b"Kim Park" in kim.get(HERE).content
    assert kim.get(link).status_code == 404
