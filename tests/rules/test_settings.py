"""Every setting is documented, with the name and the default that the code knows."""

from forecourt.config.environment import SETTINGS
from tests.rules.source import ROOT

RUNNING = ROOT / "docs" / "running.md"


def test_every_setting_stands_in_the_guide():
    text = RUNNING.read_text()
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []


def test_every_default_stands_beside_its_setting():
    lines = RUNNING.read_text().splitlines()
    for setting in SETTINGS:
        about = [line for line in lines if f"`{setting.name}`" in line]
        assert not setting.default or any(f"`{setting.default}`" in x for x in about), setting.name
