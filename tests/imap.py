"""A mailbox of a test's own: what of IMAP (RFC 3501) its reader says, answered on a free port."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Folder:
    """The mails in it by their number, and which have been seen; `refuses`: what it does not do."""

    user, password = "bounces", "s3cret of the mailbox"

    def __init__(self, *mails: bytes) -> None:
        self.mails = dict(enumerate(mails, start=1))
        self.flags: dict[int, set[str]] = {number: set() for number in self.mails}
        self.refuses = ""

    def answer(self, tag: str, command: str) -> bytes:
        """What the server says to a command."""
        word, lines = command.split(maxsplit=1)[0].upper(), b""
        if self.refuses and self.refuses in command.upper():
            return f"{tag} NO not now\r\n".encode()
        if word == "LOGIN" and command != f'LOGIN {self.user} "{self.password}"':
            return f"{tag} NO wrong password\r\n".encode()
        if word == "SELECT" and command.split(None, 1)[1].strip('"') != "INBOX":
            return f"{tag} NO no such folder\r\n".encode()
        if word == "CAPABILITY":
            lines = b"* CAPABILITY IMAP4rev1\r\n"
        if word == "SELECT":
            lines = f"* {len(self.mails)} EXISTS\r\n".encode()
        if word == "UID":
            lines = self._by_number(command)
        if word == "EXPUNGE":
            for number in [n for n, flags in self.flags.items() if r"\Deleted" in flags]:
                del self.mails[number], self.flags[number]
        if word == "LOGOUT":
            lines = b"* BYE\r\n"
        return lines + f"{tag} OK done\r\n".encode()

    def _by_number(self, command: str) -> bytes:
        _uid, word, rest = command.split(None, 2)
        if word.upper() == "SEARCH":
            unseen = [str(n) for n, flags in self.flags.items() if r"\Seen" not in flags]
            return f"* SEARCH {' '.join(unseen)}\r\n".encode()
        number = int(rest.split()[0])
        if word.upper() == "STORE":
            self.flags[number] |= {*re.findall(r"\\\w+", rest)}
            return b""
        asked = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", rest)
        assert asked, "it reads a part of a mail, without marking it"
        part = self.mails[number][: int(asked[1])]
        head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(part)}}}\r\n"
        return head.encode() + part + b")\r\n"


@contextmanager
def serving(folder: Folder) -> Iterator[dict]:
    """Inside, the folder is there; where, as the portal's setting says it."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _space, command = line.decode().strip().partition(" ")
                self.wfile.write(folder.answer(tag, command))
                if command.upper() == "LOGOUT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield {
            "host": "127.0.0.1",
            "port": server.server_address[1],
            "is_encrypted": False,
            "user": folder.user,
            "password": folder.password,
            "folder": "INBOX",
        }
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
