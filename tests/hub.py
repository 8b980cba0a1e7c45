"""What stands in for a forge: plain HTTP on loopback, and an issuer of its jobs' tokens."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Hub:
    """Answers each request by `answer`, and signs tokens with its key."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        hub = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                """Answer a read."""
                hub.response(self, None)

            def do_POST(self) -> None:
                """Answer a write."""
                hub.response(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            do_PATCH = do_PUT = do_POST  # noqa: N815  # the base class reads names

            def do_DELETE(self) -> None:
                """Answer a deletion."""
                hub.response(self, None)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def response(self, request: BaseHTTPRequestHandler, body: dict[str, Any] | None) -> None:
        """Answer one request."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def jwks(self) -> dict[str, Any]:
        """Return the issuer's public keys."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**key, "kid": "hub", "use": "sig", "alg": "RS256"}]}

    def signed(self, claims: dict[str, Any]) -> str:
        """Return a token that is good for five minutes."""
        now = int(time.time())
        times = {"iat": now, "nbf": now, "exp": now + 300}
        return jwt.encode(claims | times, self.key, algorithm="RS256", headers={"kid": "hub"})
