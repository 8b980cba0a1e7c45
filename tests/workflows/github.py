"""A stand-in for GitHub: its OIDC issuer, and what the workflows use of its REST API. Plain HTTP on
loopback.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hub import Hub
from tests.workflows.repository import Repository
from tests.workflows.settings import Settings

ISSUER = "https://token.actions.githubusercontent.com"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
Response = tuple[int, Any]


class GitHub(Hub):
    """Comments, issues and pull requests of one repository, and tokens for its jobs.

    A job's token may what the job's permissions say: `job contents:read,…`; an App's (`app …`) may all.
    """

    def __init__(self) -> None:
        self.repository = Repository()
        self.settings = Settings()
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.issues: list[dict[str, Any]] = []
        self.merged: dict[str, list[int]] = {}
        self.pulls: list[dict[str, Any]] = []
        self.dispatched: list[dict[str, str]] = []
        self.subjects: list[str] = []
        self.refuses_pulls = False
        self._ids = iter(range(1, 10_000))
        super().__init__()

    def token(self, subject: str, audience: str) -> str:
        """Return the identity token of a job."""
        self.subjects.append(subject)
        claims = {"iss": ISSUER, "sub": subject, "aud": audience, "jti": str(next(self._ids))}
        return self.signed(claims)

    def open_pull(self, number: int, branch: str) -> None:
        """Let a person's pull request be there."""
        if not any(pull["number"] == number for pull in self.pulls):
            self.pulls.append({"number": number, "head": branch, "state": "open", "by": "person"})

    def response(self, request: BaseHTTPRequestHandler, body: dict[str, Any] | None) -> None:
        """Answer one request."""
        parts = urlsplit(request.path)
        if parts.path == "/oidc":
            query = parse_qs(parts.query)
            status: int = 200
            response: Any = {"count": 1, "value": self.token(query["subject"][0], query["audience"][0])}
        else:
            status, response = self._response(request, parts.path, parse_qs(parts.query), body)
        raw = json.dumps(response).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        request.wfile.write(raw)

    def _response(
        self,
        request: BaseHTTPRequestHandler,
        path: str,
        query: dict[str, list[str]],
        body: dict[str, Any] | None,
    ) -> Response:
        method, token = request.command, request.headers["Authorization"].removeprefix("Bearer ")
        rest = re.sub(r"^/repos/[^/]+/[^/]+", "", path)
        if body is not None and len(body.get("body", "")) > 65_536:
            return 422, {"message": "Validation Failed"}
        routes: list[tuple[str, str, Callable[..., Response]]] = [
            (r"/issues/(\d+)/comments", "pull-requests", self._comments),
            (r"/issues/comments/(\d+)", "pull-requests", self._comment),
            (r"/issues(?:/(\d+))?", "issues", self._issues),
            (
                r"/commits/(\w+)/pulls",
                "pull-requests",
                lambda _m, sha, _b: (200, [{"number": n} for n in self.merged.get(sha, [])]),
            ),
            (r"/pulls/(\d+)/files", "pull-requests", self._files),
            (
                r"/pulls(?:/(\d+))?",
                "pull-requests",
                lambda *given: self._pulls(*given, query=query, token=token),
            ),
            (r"/actions/workflows/([\w.-]+)/dispatches", "actions", self._dispatch),
            (
                r"/((?:git|contents|commits)/.+)",
                "contents",
                lambda *given: self.repository.response(*given, query),
            ),
        ]
        for pattern, permission, handler in routes:
            if found := re.fullmatch(pattern, rest):
                if not _may(token, permission, write=method != "GET"):
                    return 403, {"message": "Resource not accessible by integration"}
                return handler(method, found.group(1), body)
        return self.settings.response(token, method, path, body)

    def _comments(self, method: str, number: str, body: dict[str, Any] | None) -> Response:
        held = self.comments.setdefault(int(number), [])
        if method == "GET":
            return 200, held
        assert body is not None
        held.append(
            {"id": next(self._ids), "user": BOT, "html_url": "https://github.example/c", "writes": 1, **body}
        )
        return 201, held[-1]

    def _comment(self, method: str, number: str, body: dict[str, Any] | None) -> Response:
        if method == "DELETE":
            for held in self.comments.values():
                held[:] = [each for each in held if each["id"] != int(number)]
            return 204, None
        comment = next(each for held in self.comments.values() for each in held if each["id"] == int(number))
        comment |= {**(body or {}), "writes": comment["writes"] + 1}
        return 200, comment

    def _files(self, _method: str, number: str, _: dict[str, Any] | None) -> Response:
        pull = next(pull for pull in self.pulls if pull["number"] == int(number))
        return 200, [{"filename": name} for name in self.repository.changed(pull["head"])]

    def _pulls(
        self,
        method: str,
        number: str | None,
        body: dict[str, Any] | None,
        *,
        query: dict[str, list[str]],
        token: str,
    ) -> Response:
        if method == "GET":
            branch = query["head"][0].partition(":")[2]
            return 200, [pull for pull in self.pulls if pull["state"] == "open" and pull["head"] == branch]
        assert body is not None
        if number is not None:
            pull = next(pull for pull in self.pulls if pull["number"] == int(number))
            pull |= body
            return 200, pull
        if self.refuses_pulls:
            return 403, {"message": "GitHub Actions is not permitted to create or approve pull requests."}
        self.pulls.append(
            {"number": 1000 + next(self._ids), "state": "open", "by": token.split(maxsplit=1)[0], **body}
        )
        return 201, self.pulls[-1]

    def _dispatch(self, _: str, name: str, body: dict[str, Any] | None) -> Response:
        assert body is not None
        self.dispatched.append({"workflow": name, **body})
        return 204, None

    def _issues(self, method: str, number: str | None, body: dict[str, Any] | None) -> Response:
        if method == "GET":
            return 200, [each for each in self.issues if each["state"] == "open"]
        assert body is not None
        if number is None:
            self.issues.append({"number": next(self._ids), "state": "open", "user": BOT, **body})
            return 201, self.issues[-1]
        issue = next(each for each in self.issues if each["number"] == int(number))
        issue |= body
        return 200, issue


def _may(token: str, permission: str, *, write: bool) -> bool:
    """Tell whether a job's token has a permission; comments of issues and pull requests are under either
    word.
    """
    kind, _, scopes = token.partition(" ")
    held = {} if kind == "app" else dict(each.split(":") for each in scopes.split(","))
    words = {held.get(permission), held.get("issues") if permission == "pull-requests" else None}
    return kind == "app" or "write" in words or (not write and "read" in words)
