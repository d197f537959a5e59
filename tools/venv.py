"""Make .venv, or bring it up to date: the locked packages and the `forecourt` command.

Run by `make`, with whatever `python3` the machine has; so it says what is missing, even to an old one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / ".complete"
COMMAND = """#!{python}
import sys
from forecourt.config.cli import main
sys.exit(main())
"""


def find_python():
    """The first Python on this machine that is new enough and can make an environment."""
    lacking = ""
    for name in ("python3", "python3.13", "python3.12", "python3.11", "/usr/bin/python3"):
        path = shutil.which(name)
        if not path or not _runs(path, "import sys; sys.exit(sys.version_info < (3, 11))"):
            continue
        if _runs(path, "import ensurepip, venv"):
            return path
        lacking = lacking or path
    if lacking:
        sys.exit(
            f"{lacking} cannot make an environment. On Debian or Ubuntu: apt install python3-venv"
        )
    sys.exit(
        "Forecourt needs Python 3.11 or later. On Debian or Ubuntu: apt install python3 python3-venv"
    )


def index_settings():
    """What pip's configuration says of indexes, as uv's environment: uv does not read pip's."""
    known = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
    }
    command = [str(BIN / "python"), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True)
    found = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        words = value.strip("'\"").replace("\\n", " ").split()
        option = key.split(".")[-1]
        if option in known:
            found[known[option]] = ("," if option == "find-links" else " ").join(words)
        elif option == "cert":
            found["SSL_CERT_FILE"] = value.strip("'\"")
    # As pip does: every version of every index counts. The hashes say which file is the right one.
    return {**found, "UV_INDEX_STRATEGY": "unsafe-best-match"}


def main():
    """Make the environment, then set the stamp that `make` looks at."""
    if not _runs(str(BIN / "python"), "import sys, pip; sys.exit(sys.version_info < (3, 11))"):
        _do("Making .venv …", find_python(), "-m", "venv", "--clear", str(VENV))
    python = str(BIN / "python")
    quiet = ("-qq", "--disable-pip-version-check", "--no-input")
    locked = ("--require-hashes", "--only-binary=:all:", "-r", str(ROOT / "requirements-uv.lock"))
    _do("Installing uv …", python, "-m", "pip", "install", *quiet, *locked)
    # Unset, it compiles everything at each start: twice as long.
    sync = ("pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", python)
    try:
        _do(
            "Installing the locked packages …",
            str(BIN / "uv"),
            *sync,
            str(ROOT / "requirements-dev.lock"),
        )
    except (
        subprocess.CalledProcessError
    ):  # pip is slower, and knows proxies and indexes that uv does not.
        lock = ("--require-hashes", "-r", str(ROOT / "requirements-dev.lock"))
        _do("Trying once more with pip …", python, "-m", "pip", "install", *quiet, *lock)
    folder = next(VENV.glob("lib/python3*/site-packages"))
    (folder / "forecourt.pth").write_text(f"{ROOT}\n")
    command = BIN / "forecourt"
    command.write_text(COMMAND.format(python=python))
    command.chmod(0o755)
    STAMP.touch()


def _runs(python, code):
    try:
        return (
            subprocess.run([python, "-c", code], check=False, capture_output=True).returncode == 0
        )
    except OSError:
        return False


def _do(line, *command):
    print(line, flush=True)
    unwanted = ("PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    if command[0].endswith("uv"):
        environment.update(index_settings())
    subprocess.run(command, check=True, env=environment)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The packages could not be installed; see above. (exit code {error.returncode})")
