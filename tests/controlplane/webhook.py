"""An admission webhook on the loopback interface, as the API server may call it."""

import base64
import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.controlplane.certificates import Authority
from tests.controlplane.flags import LOOPBACK
from tests.controlplane.loopback import LoopbackServer


class Webhook:
    """Asks a function about each request; used as a context, it serves until the context is left."""

    def __init__(self, authority: Authority, folder: Path, refusal: Callable[[dict[str, Any]], str]) -> None:
        """refusal: gets the AdmissionReview's request; gives the reason to refuse it, or "" to let it go."""
        self._authority = authority
        self._refusal = refusal
        self._server = LoopbackServer((LOOPBACK, 0), self._handler())
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*authority.issue("webhook", hosts=[LOOPBACK]).write(folder / "webhook"))
        self._server.tls = tls

    def __enter__(self) -> "Webhook":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def client_config(self) -> dict[str, str]:
        """The clientConfig of a webhook configuration that calls this one."""
        bundle = base64.b64encode(self._authority.certificate.encode()).decode()
        return {"url": f"https://{LOOPBACK}:{self._server.server_port}", "caBundle": bundle}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                review = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer(json.loads(review))).encode())

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing: stderr belongs to the tests."""

        return Handler

    def _answer(self, review: dict[str, Any]) -> dict[str, Any]:
        reason = self._refusal(review["request"])
        response = {"uid": review["request"]["uid"], "allowed": not reason, "status": {"message": reason}}
        return {"apiVersion": review["apiVersion"], "kind": review["kind"], "response": response}
