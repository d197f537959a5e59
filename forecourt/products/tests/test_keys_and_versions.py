"""What a license key looks like, and in which order versions come."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.core.refusals import Refused
from forecourt.products import keys
from forecourt.products.versions import order_of

# In the order of semver.org, 11, and of numbers that are compared as numbers.
IN_ORDER = """0.0.1 0.9.0 0.10.0 1.0.0-0 1.0.0-2 1.0.0-10 1.0.0-alpha 1.0.0-alpha.1
    1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 9.0.0
    10.0.0 18446744073709551617.0.0""".split()


def test_versions_sort_as_semver_says():
    orders = [order_of(version).encode() for version in IN_ORDER]
    assert orders == sorted(orders) and len({*orders}) == len(orders)
    assert order_of("v1.0.0") == order_of("1.0.0+build.7")


@given(st.tuples(*[st.integers(0, 10**9)] * 3), st.tuples(*[st.integers(0, 10**9)] * 3))
def test_numbers_sort_as_numbers(one, other):
    orders = [order_of(".".join(map(str, each))) for each in (one, other)]
    assert (orders[0] < orders[1]) == (one < other)


@pytest.mark.parametrize("text", ["", "1", "1.2", "01.2.3", "1.2.3-01", "1.2.3 ", "x", "1." * 40])
def test_what_is_no_version_is_refused(text):
    with pytest.raises(Refused):
        order_of(text)


def test_a_key_is_long_random_and_right():
    made = {keys.make("DPLY") for _ in range(200)}
    assert len(made) == 200
    for key in made:
        assert keys.is_well_formed(key) and len(key) == 39 and key.startswith("DPLY-")


def test_a_key_is_known_however_it_is_typed():
    key = keys.make("DPLY")
    zeros = key[:5] + key[5:].replace("0", "O").replace("1", "l")
    for typed in (key.lower(), key.replace("-", " "), f" {key}\n", zeros):
        assert keys.normalize(typed) == key


def test_a_mistyped_key_is_known_as_such():
    """Nearly all that differ in a letter, or have two changed about; of 1,024 one passes."""
    key = keys.make("DPLY")
    wrong = {key[:at] + "7" + key[at + 1 :] for at in range(5, 39) if key[at] not in "-7"}
    swapped = {
        key[:a] + key[b] + key[b - 1] + key[b + 1 :]
        for a, b in itertools.pairwise(range(5, 39))
        if "-" not in (key[a], key[b]) and key[a] != key[b]
    }
    passed = [each for each in wrong | swapped if keys.is_well_formed(each)]
    assert len(passed) <= 2


def test_a_key_of_another_system_stays_as_it_is():
    assert keys.normalize(" Acme/2019#77-b ") == "Acme/2019#77-b"
    assert not keys.is_well_formed("Acme/2019#77-b")
