"""The server of the stand-ins: in threads, on a port of this machine that it keeps."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from forecourt.demo.openid.pages import Application
from forecourt.demo.openid.provider import TENANT, Provider, as_setting

#: Where the portal waits for the answer, below PUBLIC_URL.
CALLBACK = "/accounts/provider/{id}/callback/"
#: (id, name, path of the issuer, tenant)
STAND_INS = [
    ("google", "Google", "/google", ""),
    ("microsoft", "Microsoft", f"/microsoft/{TENANT}/v2.0", TENANT),
]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self) -> None:
        """Without asking the network for a name of this machine."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: there would be codes in the lines."""


class StandIns:
    """The sample Google and Microsoft, for one portal; `setting` is what OPENID_PROVIDERS should
    be. People's identities carry the issuer's address, so `note` keeps the port for the next time."""

    def __init__(
        self,
        public_url: str,
        note: Path | None = None,
        make: Callable[..., Provider] = Provider,
        stand_ins: list[tuple[str, str, str, str]] = STAND_INS,
    ) -> None:
        self._server = _listen(note)
        self.origin = f"http://localhost:{self._server.server_port}"
        self.providers = [
            make(
                id=id_,
                name=name,
                issuer=self.origin + path,
                redirect_uri=public_url + CALLBACK.format(id=id_),
                tenant=tenant,
            )
            for id_, name, path, tenant in stand_ins
        ]
        self._server.set_app(Application(self.providers))
        self._thread = threading.Thread(target=self._serve, name="stand-ins", daemon=True)

    @property
    def setting(self) -> str:
        """The value of OPENID_PROVIDERS: a JSON list with the clients' secrets."""
        return as_setting(self.providers)

    def start(self) -> None:
        """Answer from now on; the port is open already."""
        self._thread.start()

    def stop(self) -> None:
        """End the server; the port is free afterwards."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(2)
        self._server.server_close()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.1)


def _listen(note: Path | None) -> _Server:
    """On the port that was noted, where it is free; otherwise on another, which is noted."""
    before = 0
    if note:
        with contextlib.suppress(OSError, ValueError):
            before = int(note.read_text())
    for port in dict.fromkeys([before, 0]):
        with contextlib.suppress(OSError, OverflowError):
            server = _Server(("127.0.0.1", port), _Handler)
            break
    else:
        raise OSError("no port of this machine is free")
    if note and server.server_port != before:
        if before:
            print(
                f"Port {before} of the sample Google and Microsoft is taken: identities that were"
                " linked before are not known to the new ones.",
                flush=True,
            )
        note.write_text(f"{server.server_port}\n")
    return server
