"""A stand-in for GitHub: its OIDC issuer, and what the workflows use of its REST API. Plain HTTP on loopback."""

from __future__ import annotations

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://token.actions.githubusercontent.com"
BOT = {"login": "github-actions[bot]", "type": "Bot"}


class GitHub:
    """Comments, issues and pull requests of one repository, and tokens for its jobs."""

    def __init__(self) -> None:
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.issues: list[dict[str, Any]] = []
        self.pulls: dict[str, list[int]] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._ids = iter(range(1, 10_000))
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                """Answer a read."""
                hub.answer(self, None)

            def do_POST(self) -> None:
                """Answer a write."""
                hub.answer(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            do_PATCH = do_POST  # noqa: N815

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def jwks(self) -> dict[str, Any]:
        """Return the issuer's public keys."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**key, "kid": "hub", "use": "sig", "alg": "RS256"}]}

    def token(self, subject: str, audience: str) -> str:
        """Return the identity token of a job."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": subject,
            "aud": audience,
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "jti": str(next(self._ids)),
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "hub"})

    def answer(self, request: BaseHTTPRequestHandler, body: dict[str, Any] | None) -> None:
        """Answer one request."""
        parts = urlsplit(request.path)
        status, answer = self._answer(request.command, parts.path, parse_qs(parts.query), body)
        raw = json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        request.wfile.write(raw)

    def _answer(self, method: str, path: str, query: dict[str, list[str]], body: dict[str, Any] | None) -> tuple[int, Any]:
        if path == "/oidc":
            return 200, {"count": 1, "value": self.token(query["subject"][0], query["audience"][0])}
        rest = re.sub(r"^/repos/[^/]+/[^/]+", "", path)
        if body is not None and len(body.get("body", "")) > 65_536:
            return 422, {"message": "Validation Failed"}
        for pattern, handler in (
            (r"/issues/(\d+)/comments", self._comments),
            (r"/issues/comments/(\d+)", self._comment),
            (r"/commits/(\w+)/pulls", self._commit),
            (r"/issues(?:/(\d+))?", self._issues),
        ):
            if found := re.fullmatch(pattern, rest):
                return handler(method, found.group(1), body)
        return 404, {"message": "Not Found"}

    def _comments(self, method: str, number: str, body: dict[str, Any] | None) -> tuple[int, Any]:
        held = self.comments.setdefault(int(number), [])
        if method == "GET":
            return 200, held
        assert body is not None
        held.append({"id": next(self._ids), "user": BOT, "html_url": "https://github.example/c", "writes": 1, **body})
        return 201, held[-1]

    def _comment(self, _: str, number: str, body: dict[str, Any] | None) -> tuple[int, Any]:
        comment = next(each for held in self.comments.values() for each in held if each["id"] == int(number))
        comment |= {**(body or {}), "writes": comment["writes"] + 1}
        return 200, comment

    def _commit(self, _method: str, sha: str, _: dict[str, Any] | None) -> tuple[int, Any]:
        return 200, [{"number": number} for number in self.pulls.get(sha, [])]

    def _issues(self, method: str, number: str | None, body: dict[str, Any] | None) -> tuple[int, Any]:
        if method == "GET":
            return 200, [each for each in self.issues if each["state"] == "open"]
        assert body is not None
        if number is None:
            self.issues.append({"number": next(self._ids), "state": "open", "user": BOT, **body})
            return 201, self.issues[-1]
        issue = next(each for each in self.issues if each["number"] == int(number))
        issue |= body
        return 200, issue
