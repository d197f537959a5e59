"""A portal moves to another database and SECRET_KEY by the commands alone, as the application's role,
which owns no table there."""

import os
from urllib.parse import urlsplit

from forecourt.console.tests.copying import everything, lived_in
from tests.authenticator import Device
from tests.test_cli import REAL, forecourt, superuser


@superuser
def test_what_comes_out_of_the_second_portal_is_what_came_out_of_the_first(
    committed_world, settings, tmp_path
):
    settings.PUBLIC_URL = "https://testserver"
    lived_in(tmp_path / "files", Device())
    before = everything(tmp_path / "before", "--with-secrets")
    superuser_url = os.environ["FORECOURT_TEST_SUPERUSER_URL"]
    host = urlsplit(superuser_url).query
    twin = {
        **REAL,
        "DATABASE_URL": f"postgresql://twin@/twin?{host}",
        "DATABASE_OWNER_URL": f"postgresql://twins_owner@/twin?{host}",
        "FILES_STORE": str(tmp_path / "store"),
        "VENDOR_NAME": "Lumen Tools",
    }
    assert forecourt("database", "prepare", superuser_url, **twin).returncode == 0
    assert forecourt("migrate", **twin).returncode == 0
    taken_in = forecourt("import", "--with-secrets", str(tmp_path / "before"), **twin)
    assert (taken_in.returncode, taken_in.stderr) == (0, "")
    given_out = forecourt("export", "--with-secrets", str(tmp_path / "after"), **twin)
    assert (given_out.returncode, given_out.stderr) == (0, "")
    paths = [path for path in (tmp_path / "after").rglob("*") if path.is_file()]
    after = {path.name: path.read_bytes() for path in paths}
    happened = before.pop("activity.csv"), after.pop("activity.csv")
    assert after == before and {*happened[0].splitlines()} < {*happened[1].splitlines()}
