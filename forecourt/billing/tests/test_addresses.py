"""Addresses: what a country asks for, what it refuses, and how it writes them."""

import time
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from forecourt.billing import addresses

PARTS = {"street": "", "postal_code": "", "city": "", "region": ""}


def an_address(country: str, **parts: str) -> SimpleNamespace:
    return SimpleNamespace(country=country, **(PARTS | parts))


@pytest.mark.parametrize(
    ("country", "parts", "written"),
    [
        (
            "DE",
            {"street": "Hafenstraße 12\nHof 3", "postal_code": "20457", "city": "Hamburg"},
            ["Hafenstraße 12", "Hof 3", "20457 Hamburg", "Germany"],
        ),
        (
            "US",
            {
                "street": "1 Main St",
                "postal_code": "94105",
                "city": "San Francisco",
                "region": "CA",
            },
            ["1 Main St", "San Francisco, CA 94105", "United States"],
        ),
        (
            "GB",
            {"street": "10 Quay Street", "postal_code": "BS1 4ST", "city": "Bristol"},
            ["10 Quay Street", "Bristol", "BS1 4ST", "United Kingdom"],
        ),
        (
            "JP",
            {"street": "1-2-3 Akasaka, Minato-ku", "postal_code": "107-0052", "region": "Tokyo"},
            ["1-2-3 Akasaka, Minato-ku, Tokyo", "107-0052", "Japan"],
        ),
        (
            "AE",
            {"street": "Dock 7", "region": "Dubai"},
            ["Dock 7", "Dubai", "United Arab Emirates"],
        ),
        ("FR", {"city": "Lyon"}, ["Lyon", "France"]),
        ("US", {"city": "Reno"}, ["Reno", "United States"]),
        ("", {"street": "Somewhere 1"}, ["Somewhere 1"]),
        ("", {}, []),
    ],
)
def test_an_address_is_written_as_its_country_writes_it(country, parts, written):
    assert addresses.lines(an_address(country, **parts), "en") == written


def test_at_home_the_country_is_left_out_and_abroad_it_is_in_the_readers_language():
    there = an_address("DE", city="Hamburg", postal_code="20457")
    assert addresses.lines(there, "en", home="DE") == ["20457 Hamburg"]
    assert addresses.lines(there, "de", home="FR") == ["20457 Hamburg", "Deutschland"]
    with override("en"):
        assert addresses.lines(there)[-1] == "Germany"


@pytest.mark.parametrize(
    ("country", "labels"),
    [
        ("DE", ["Street", "Postal code", "City"]),
        ("US", ["Street", "City", "State", "ZIP code"]),
        ("JP", ["Street", "Prefecture", "Postal code"]),
        ("GB", ["Street", "Town", "Postal code"]),
        ("IE", ["Street", "City", "County", "Eircode"]),
        ("IN", ["Street", "City", "PIN code", "State"]),
        ("HK", ["Street", "District", "Area"]),
    ],
)
def test_each_country_asks_for_its_own_fields_by_its_own_names(country, labels):
    assert [str(part.label) for part in addresses.parts(country)] == labels


@pytest.mark.parametrize(
    ("country", "given", "wrong"),
    [
        (
            "DE",
            {"postal_code": "2045"},
            {"postal_code": "Postal code: in Germany it looks like 26133."},
        ),
        (
            "US",
            {"postal_code": "10001"},
            {"postal_code": "ZIP code: in California it looks like 90000."},
        ),
        ("US", {"region": ""}, {"region": "State is missing."}),
        ("US", {"region": "Bavaria"}, {"region": "State: choose one of the list."}),
        (
            "FR",
            {"city": "", "street": ""},
            {"city": "City is missing.", "street": "Street is missing."},
        ),
        ("XX", {}, {"country": "Choose a country."}),
        ("", {}, {"country": "Choose a country."}),
        ("../../etc", {}, {"country": "Choose a country."}),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(country, given, wrong):
    whole = {"street": "1 Main St", "postal_code": "94105", "city": "Bristol", "region": "CA"}
    assert addresses.checked(country, whole | given)[1] == wrong


@pytest.mark.parametrize(
    ("country", "given", "found"),
    [
        (
            "GB",
            {"postal_code": "bs1 4st", "city": "Bristol"},
            {"postal_code": "BS1 4ST", "region": ""},
        ),
        ("US", {"region": "california", "postal_code": "94105"}, {"region": "CA"}),
        ("AE", {"region": "Dubai", "postal_code": "12345"}, {"region": "Dubai", "postal_code": ""}),
        ("JP", {"region": "東京都", "postal_code": "107-0052"}, {"region": "Tokyo", "city": ""}),
        (
            "CN",
            {"region": "Guangdong Sheng", "city": "Nowhere", "postal_code": "510000"},
            {"city": "Nowhere"},
        ),
    ],
)
def test_an_address_gets_its_one_form(country, given, found):
    values, wrong = addresses.checked(country, PARTS | {"street": "A 1", "city": "B"} | given)
    assert wrong == {} and values | found == values


def test_every_country_has_a_name_fields_and_lines():
    names = dict(addresses.countries())
    assert len(names) == 249 and "XK" not in names
    assert list(names.values())[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    for code, name in names.items():
        assert addresses.parts(code)
        filled = an_address(code, street="A 1", city="B", postal_code="1", region="C")
        written = addresses.lines(filled)
        assert written[-1] == name and any("A 1" in line for line in written)


def test_ten_thousand_letters_are_looked_at_quickly():
    began = time.process_time()
    for text in ("1" * 10_000, "A " * 5_000, "﷽" * 10_000):
        given = dict.fromkeys(PARTS, text)
        for country in ("DE", "US", "GB", "CN", "BR", "IN"):
            addresses.checked(country, given)
    assert time.process_time() - began < 2
