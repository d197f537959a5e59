"""Pages travel compressed where the browser takes it."""

import gzip


def test_a_page_is_sent_in_a_few_kilobytes(world, browser):
    admin = browser("admin@acme.example", headers={"Accept-Encoding": "gzip, br"})
    answer = admin.get("/o/acme/members/")
    assert answer["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer["Vary"]
    assert len(answer.content) < 4_300
    assert b"Moss Calder" in gzip.decompress(answer.content)


def test_whoever_does_not_take_it_gets_it_plain(world, browser):
    answer = browser("admin@acme.example").get("/o/acme/members/")
    assert "Content-Encoding" not in answer and b"Moss Calder" in answer.content
