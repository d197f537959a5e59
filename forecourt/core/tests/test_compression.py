"""Pages travel compressed where the browser takes it."""

import gzip

import brotli
import pytest

from forecourt.core.compression import PADDING, compress

MEMBERS = "/o/acme/members/"


@pytest.mark.parametrize(
    ("taken", "coding", "restored"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip", "gzip", gzip.decompress),
    ],
)
def test_a_page_is_sent_in_a_few_kilobytes(world, browser, taken, coding, restored):
    admin = browser("admin@acme.example", headers={"Accept-Encoding": taken})
    answer = admin.get(MEMBERS)
    assert answer["Content-Encoding"] == coding and "Accept-Encoding" in answer["Vary"]
    assert len(answer.content) == int(answer["Content-Length"]) < 4_300
    assert b"Moss Calder" in restored(answer.content)


def test_whoever_does_not_take_it_gets_it_plain(world, browser):
    answer = browser("admin@acme.example").get(MEMBERS)
    assert "Content-Encoding" not in answer and b"Moss Calder" in answer.content


def test_the_same_page_is_not_always_as_long():
    page = b"<p>the same</p>" * 100
    made = [compress(page) for _ in range(200)]
    assert {brotli.decompress(one) for one in made} == {page}
    lengths = {len(one) for one in made}
    assert len(lengths) > PADDING / 2 and max(lengths) - min(lengths) < PADDING


def test_every_length_of_padding_is_skipped(monkeypatch):
    for length in range(PADDING):
        monkeypatch.setattr("secrets.randbelow", lambda _most, length=length: length)
        assert brotli.decompress(compress(b"x" * 300)) == b"x" * 300
