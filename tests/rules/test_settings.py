"""Every setting is documented, with the name and the default that the code knows."""

from forecourt.config.environment import SETTINGS
from tests.rules.source import PACKAGE, ROOT, files, name

RUNNING = ROOT / "docs" / "running.md"


def test_every_setting_stands_in_the_guide():
    text = RUNNING.read_text()
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []


def test_every_default_stands_beside_its_setting():
    lines = RUNNING.read_text().splitlines()
    for setting in SETTINGS:
        about = [line for line in lines if f"`{setting.name}`" in line]
        assert not setting.default or any(f"`{setting.default}`" in x for x in about), setting.name


def test_the_brand_alone_knows_what_the_settings_say_of_the_vendor():
    named = ("settings.VENDOR", "settings.DEFAULT_FROM_EMAIL")
    readers = {
        name(path)
        for path in files(".py", under=PACKAGE, without=("tests",))
        if any(each in path.read_text() for each in named)
    }
    assert readers == {"forecourt/core/brand.py"}
