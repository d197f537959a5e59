"""The wrong kind of request for an address."""


def test_the_wrong_verb_is_answered_with_a_page_that_says_so(world, browser):
    admin = browser("admin@acme.example")
    answer = admin.get("/o/acme/members/invitations/several/sending/")
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert b"cannot be used like that" in answer.content
