"""Which bytes a request gets: HTTP's own rules, asked over HTTP."""

import pytest

from forecourt.products.tests.downloading import artifact, body, data, get, link, noted

pytestmark = pytest.mark.django_db


def test_a_file_says_what_it_is(world):
    answer, file = get(link()), artifact()
    assert answer.status_code == 200 and body(answer) == data()
    assert answer["Content-Length"] == str(file.size)
    assert answer["Content-Type"] == "application/gzip"
    assert answer["Content-Disposition"] == f'attachment; filename="{file.file_name}"'
    assert answer["ETag"] == f'"{file.sha256}"' and answer["Accept-Ranges"] == "bytes"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store, no-transform"
    assert "Last-Modified" in answer.headers and not answer.cookies


def test_head_says_the_same_and_notes_nothing(world):
    path = link()
    head, whole = get(path, "head", Range="bytes=0-1"), get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers
    assert len(noted()) == 1  # of the second alone


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
        ("Bytes=10-99999999", 10, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_a_part_is_sent_as_it_was_asked_for(world, asked, start, end):
    answer, wanted, size = get(link(), Range=asked), data()[start:end], len(data())
    assert answer.status_code == 206 and body(answer) == wanted
    first = start % size
    assert answer["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{size}"
    assert answer["Content-Length"] == str(len(wanted))


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes={size}-{size}", "bytes=-0"])
def test_bytes_that_are_not_there_are_416(world, asked):
    answer = get(link(), Range=asked.format(size=len(data())))
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{len(data())}"
    assert noted() == []


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=-",
        "bytes=9-3",
        "pages=1-2",
        "bytes=" + "9" * 5000 + "-",
        "bytes=٣-٤",
        "bytes=1-2-3",
    ],
)
def test_what_is_no_single_range_gets_the_whole(world, asked):
    answer = get(link(), Range=asked)
    assert answer.status_code == 200 and body(answer) == data()


def test_what_is_known_is_not_sent_again(world):
    path, tag = link(), f'"{artifact().sha256}"'
    date = get(path, "head")["Last-Modified"]
    for known in ({"If_None_Match": f'"x", {tag}'}, {"If_Modified_Since": date}):
        answer = get(path, **known)
        assert (answer.status_code, answer.content) == (304, b"") and answer["ETag"] == tag
    assert get(path, If_None_Match='"x"').status_code == 200
    assert get(path, If_Match='"x"').status_code == 412
    assert len(noted()) == 1


def test_the_rest_comes_only_to_the_same_beginning(world):
    path, tag = link(), f'"{artifact().sha256}"'
    date = get(path, "head")["Last-Modified"]
    for same, status in ((tag, 206), (date, 206), ('"other"', 200), (f"W/{tag}", 200)):
        assert get(path, Range="bytes=5-", If_Range=same).status_code == status, same


def test_nothing_on_the_way_compresses_a_file(world):
    answer = get(link(), Accept_Encoding="br, gzip")
    assert "Content-Encoding" not in answer.headers and body(answer) == data()
    assert answer["Content-Length"] == str(len(data()))
