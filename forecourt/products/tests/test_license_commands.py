"""The vendor's staff grant and change licenses by commands."""

import pytest

from forecourt.config.cli import main
from forecourt.core.models import AuditEvent
from forecourt.demo.catalog import key_of
from forecourt.products.models import License
from tests.cast import organization

GRANT = ["license", "grant", "globex", "inventory", "--plan", "Team"]


def refused(capsys, *words: str) -> str:
    """The one line in which a command is refused."""
    assert main([*words]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("forecourt: ") and len(said.splitlines()) == 1
    return said


def newest(slug: str = "globex") -> License:
    return organization(slug).licenses.order_by("pk").last()


def change(verb: str, *words: str) -> License:
    """Change Globex's newest license; how it is then."""
    assert main(["license", verb, str(newest().handle), *words]) == 0
    return newest()


def test_a_license_is_granted_with_a_key_of_its_product(world, capsys):
    times = ["--starts", "2026-01-01", "--ends", "2031-12-31", "--renews", "--seats", "5"]
    assert main([*GRANT, *times]) == 0
    made = newest()
    assert (made.plan, made.seats, made.renews) == ("Team", 5, True)
    assert f"{made.ends_at:%Y-%m-%d %H:%M:%S}" == "2031-12-31 23:59:59"
    key = made.keys.get().key
    assert key.startswith("INVT-") and key not in capsys.readouterr().out
    event = AuditEvent.objects.get()
    assert (event.event, event.actor_label) == ("license.granted", "Lumen Tools")


def test_a_key_from_another_system_stays_as_it_is(world):
    assert main([*GRANT, "--key", " old-KEY/77 "]) == 0
    assert newest().keys.get().key == "old-KEY/77" and newest().ends_at is None


@pytest.mark.parametrize("owner", ["globex", "acme"])
def test_a_key_that_is_in_use_is_refused_whoever_uses_it(world, capsys, owner):
    key = key_of(organization(owner).licenses.select_related("product").first())
    assert "in use already" in refused(capsys, *GRANT, "--key", key.lower())
    assert organization("globex").licenses.count() == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ends", "2020-01-01"], "before it starts"),
        (["--renews"], "What renews has an end"),
        (["--seats", "0"], "from 1 to"),
        (["--seats", "9999999999"], "from 1 to"),
        (["--plan", "\n"], "printable"),
        (["--key", "x" * 121], "120 printable"),
        (["--ends", "2027-02-30"], "is no day"),
    ],
)
def test_what_makes_no_license_is_refused(world, capsys, words, said):
    assert said in refused(capsys, *GRANT, *words)
    assert organization("globex").licenses.count() == 2 and not AuditEvent.objects.exists()


def test_names_that_nobody_has_are_refused(world, capsys):
    assert "no organization" in refused(capsys, "license", "list", "hooli")
    assert "no product" in refused(capsys, "license", "grant", "acme", "x", "--plan", "Team")
    for handle in ("x", "00000000-0000-0000-0000-000000000000"):
        assert "no license" in refused(capsys, "license", "end", handle)


def test_a_license_is_extended_and_ended_by_its_handle(world, capsys):
    """A212: it ends with the last second of its last day, in the portal's time zone."""
    main([*GRANT, "--ends", "2031-12-31"])
    assert change("extend", "--ends", "2032-12-31", "--renews").renews
    earlier = ["--ends", "2030-12-31"]
    assert "ends later" in refused(capsys, "license", "extend", str(newest().handle), *earlier)
    assert change("extend", "--ends", "never").ends_at is None
    assert f"{change('end', '--at', '2031-01-31').ends_at:%d %X}" == "31 23:59:59"
    assert change("end").has_ended
    assert [row.event for row in AuditEvent.objects.order_by("pk")] == [
        *("license.granted", "license.extended", "license.extended"),
        *("license.ended", "license.ended"),
    ]


def test_seats_change_but_not_below_those_that_are_taken(world, capsys):
    """`change_license_seats`."""
    made = organization("acme").licenses.get(product__slug="deploy")
    words = ["license", "seats", str(made.handle)]
    assert "3 seats are taken" in refused(capsys, *words, "2")
    assert "no number" in refused(capsys, *words, "-1.5")
    for number, seats in (("3", 3), ("any", None)):
        assert main([*words, number]) == 0
        assert organization("acme").licenses.get(pk=made.pk).seats == seats


def test_a_license_is_suspended_and_resumed(world):
    main([*GRANT, "--ends", "2031-12-31"])
    assert change("suspend").is_suspended
    assert change("suspend").is_suspended  # again: nothing happens
    assert not change("resume").is_suspended
    assert AuditEvent.objects.count() == 3


def test_the_list_shows_every_license_of_one_organization_and_no_key(world, capsys):
    assert main(["license", "list", "globex"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and "ended" in lines[0] and "renews" in lines[1]
    made = organization("globex").licenses.select_related("product").get(product__slug="deploy")
    assert str(made.handle) in lines[0] and key_of(made) not in lines[0]
