"""The cache in PostgreSQL."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecourt.core.tasks import sweep_cache

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty():
    cache.clear()


def test_it_keeps_values_until_they_expire():
    cache.set("a", [1.5, "two", None, {"three": True}], 60)
    cache.set("gone", 1, -1)
    assert cache.get("a") == [1.5, "two", None, {"three": True}]
    assert cache.get("gone", "nothing") == "nothing"
    assert cache.get_many(["a", "gone", "never"]) == {"a": [1.5, "two", None, {"three": True}]}
    assert "a" in cache and "gone" not in cache


def test_adding_takes_only_what_is_free():
    assert cache.add("lock", 1, 60)
    assert not cache.add("lock", 2, 60)
    assert cache.get("lock") == 1
    cache.set("lock", 3, -1)
    assert cache.add("lock", 4, 60), "what has expired is free"
    assert cache.get("lock") == 4


def test_deleting_touching_and_an_entry_without_an_end():
    cache.set("a", 1, None)
    assert cache.touch("a", 60) and not cache.touch("b", 60)
    assert cache.delete("a") and not cache.delete("a")
    cache.set_many({"a": 1, "b": 2})
    cache.delete_many(["a", "b"])
    assert cache.get_many(["a", "b"]) == {}


def test_counting():
    cache.set("n", 1, 60)
    assert cache.incr("n") == 2
    assert cache.decr("n", 5) == -3
    with pytest.raises(ValueError, match="not found"):
        cache.incr("m")


def test_several_counts_in_one_statement_each_with_its_own_end():
    with CaptureQueriesContext(connection) as asked:
        assert cache.count({"a": 60, "b": 60}) == {"a": 1, "b": 1}
    assert len(asked) == 1
    assert cache.count({"a": 60}) == {"a": 2}
    cache.uncount(["a", "b"])
    assert cache.count({"b": 60, "a": 60}) == {"a": 2, "b": 1}
    cache.touch("a", -1)
    assert cache.count({"a": 60, "b": 60}) == {"a": 1, "b": 2}


def test_what_has_expired_is_swept_away():
    cache.set("old", 1, -1)
    cache.set("new", 1, 60)
    sweep_cache(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("select cache_key from core_cache")
        assert cursor.fetchall() == [(":1:new",)]


def test_each_operation_is_one_statement():
    for operation in (
        lambda: cache.set("a", 1, 60),
        lambda: cache.get("a"),
        lambda: cache.add("a", 1, 60),
        lambda: cache.incr("a"),
        lambda: cache.delete("a"),
    ):
        with CaptureQueriesContext(connection) as asked:
            operation()
        assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_at_once_one_succeeds():
    won = []

    def add(number):
        try:
            if cache.add("race", number, 60):
                won.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and cache.get("race") == won[0]
    cache.clear()
