"""A stand-in for GitHub: its OIDC issuer, and what the workflows use of its REST API. Plain HTTP on
loopback.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hub import Hub
from tests.workflows.repository import Repository
from tests.workflows.settings import REPOSITORY_ID, Settings

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
        self.runs: dict[int, dict[str, Any]] = {}
        self.artifacts: list[dict[str, Any]] = []
        # What an artifact contains, by its id: a zip.
        self.archives: dict[int, bytes] = {}
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
        if re.search(r"/actions/artifacts/\d+/zip$|^/storage/\d+$", parts.path):
            self._send_archive(request)
            return
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
            (r"/actions/(runs/\d+)", "actions", self._actions),
            (r"/actions/(artifacts)", "actions", lambda *given: self._actions(*given, query=query)),
            (r"/(compare/.+)", "contents", lambda *given: self.repository.response(*given, query)),
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
            branch, state = query["head"][0].partition(":")[2], query["state"][0]
            return 200, [pull for pull in self.pulls if pull["state"] == state and pull["head"] == branch]
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

    def close_pull(self, number: int) -> None:
        """Close a pull request, merged or not."""
        pull = next(pull for pull in self.pulls if pull["number"] == number)
        pull |= {"state": "closed", "closed_at": self._stamp()}

    def _stamp(self) -> str:
        """Return a time after all that were returned before."""
        number = next(self._ids)
        return f"2026-11-26T{10 + number // 3600}:{number // 60 % 60:02}:{number % 60:02}Z"

    def run(self, number: int, sha: str, **changed: Any) -> dict[str, Any]:
        """Let a run be there: by default one of main's apply after a push, which has not ended."""
        self.runs[number] = {
            "id": number,
            "head_repository": {"id": REPOSITORY_ID},
            "path": ".github/workflows/entra-apply.yml",
            "event": "push",
            "head_sha": sha,
            "status": "in_progress",
            "updated_at": "2026-11-26T09:59:00Z",
        } | changed
        return self.runs[number]

    def upload(self, run: int, name: str, files: dict[str, bytes], **changed: Any) -> None:
        """Keep an artifact of a run."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items():
                archive.writestr(path, data)
        number = next(self._ids)
        self.archives[number] = packed.getvalue()
        artifact = {"id": number, "name": name, "expired": False, "created_at": self._stamp()}
        self.artifacts.append({**artifact, "workflow_run": {"id": run}, **changed})

    def _actions(
        self,
        _method: str,
        what: str,
        _body: dict[str, Any] | None,
        *,
        query: dict[str, list[str]] | None = None,
    ) -> Response:
        if query is not None:
            found = [artifact for artifact in self.artifacts if artifact["name"] == query["name"][0]]
            return 200, {"total_count": len(found), "artifacts": found}
        run = self.runs.get(int(what.removeprefix("runs/")))
        return (200, run) if run else (404, {"message": "Not Found"})

    def _send_archive(self, request: BaseHTTPRequestHandler) -> None:
        """Redirect to a storage that refuses a token, as Azure's blobs do, and answer there."""
        number = int(re.search(r"(\d+)(?:/zip)?$", request.path).group(1))  # type: ignore[union-attr]  # it matched
        if request.path.endswith("/zip"):
            allowed = _may(request.headers["Authorization"].removeprefix("Bearer "), "actions", write=False)
            request.send_response(302 if allowed else 403)
            request.send_header("Location", f"{self.url}/storage/{number}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        raw = b"" if request.headers["Authorization"] else self.archives[number]
        request.send_response(200 if raw else 401)
        request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        request.wfile.write(raw)

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
