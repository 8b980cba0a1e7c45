"""A stand-in for GitLab: the issuer of its jobs' tokens, and what the jobs use of its REST API. Plain HTTP
on loopback.
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hub import Hub

URL, PROJECT_PATH, PROJECT_ID = "https://gitlab.com", "example/platform/myapp", 7
TOKEN, BOT, PERSON = "glpat-bot", 42, 43
Response = tuple[int, Any]


class GitLab(Hub):
    """One project: its merge requests with notes and statuses, its issues, tokens for its jobs."""

    def __init__(self, origin: Path) -> None:
        self.origin = origin
        self.merge_requests: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.statuses: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self._ids = itertools.count(100)
        super().__init__()
        self.api = f"{self.url}/api/v4"

    def token(self, branch: str, audience: str) -> str:
        """Return the identity token of a job."""
        claims = {
            "iss": URL,
            "sub": f"project_path:{PROJECT_PATH}:ref_type:branch:ref:{branch}",
            "aud": audience,
            "jti": str(next(self._ids)),
        }
        return self.signed(claims)

    def git(self, *arguments: str) -> str:
        """Run git in the repository."""
        done = subprocess.run(
            ["git", "-C", str(self.origin), *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def open(self, number: int, branch: str, *, fork: bool = False) -> str:
        """Open a merge request of a branch, or move it to the branch's newest commit; return the commit."""
        sha = self.git("rev-parse", branch)
        self.git("update-ref", f"refs/merge-requests/{number}/head", sha)
        self.merge_requests[number] = {
            "iid": number,
            "sha": sha,
            "state": "opened",
            "source_project_id": 99 if fork else PROJECT_ID,
            "target_project_id": PROJECT_ID,
            "head_pipeline": {"id": 1000 + number},
        }
        return sha

    def response(self, request: BaseHTTPRequestHandler, body: dict[str, Any] | None) -> None:
        """Answer one request."""
        parts = urlsplit(request.path)
        status, response = (401, {"message": "401 Unauthorized"})
        if request.headers["PRIVATE-TOKEN"] == TOKEN:
            status, response = self._response(
                request.command, parts.path.removeprefix("/api/v4"), parse_qs(parts.query), body
            )
        raw = json.dumps(response).encode()
        request.send_response(status)
        # Two a page, so that pages are turned.
        request.send_header("Content-Length", str(len(raw)))
        request.send_header("X-Next-Page", self.next_page)
        request.end_headers()
        request.wfile.write(raw)

    next_page = ""

    def _response(
        self, method: str, path: str, query: dict[str, list[str]], body: dict[str, Any] | None
    ) -> Response:
        self.next_page = ""
        if path == "/user":
            return 200, {"id": BOT}
        if found := re.fullmatch(rf"/projects/{PROJECT_ID}/repository/commits/(\w+)/merge_requests", path):
            brought = [
                row
                for row in self.merge_requests.values()
                if row["state"] == "merged" and row.get("as") == found[1]
            ]
            return 200, self._page(brought, query)
        found = re.fullmatch(
            rf"/projects/{PROJECT_ID}/([a-z_]+)(?:/(\w+))?(?:/(notes|diffs)(?:/(\d+))?)?", path
        )
        if found is None:
            return 404, {"message": "404 Not Found"}
        what, key, part, each = found.groups()
        if what == "statuses":
            assert body is not None
            self.statuses.append({"sha": key, **body})
            return 201, {}
        if part == "diffs":
            paths = self.git("diff", "--name-only", f"main...refs/merge-requests/{key}/head").splitlines()
            return 200, self._page([{"old_path": name, "new_path": name} for name in paths], query)
        if part == "notes":
            return self._note(method, f"{what}/{key}", each, body, query)
        held = self.issues if what == "issues" else list(self.merge_requests.values())
        if key is None and method == "GET":
            return 200, self._page([row for row in held if row["state"] == "opened"], query)
        if key is None:
            assert body is not None
            self.issues.append({"iid": next(self._ids), "state": "opened", "author": {"id": BOT}, **body})
            return 201, self.issues[-1]
        row = next(row for row in held if row["iid"] == int(key))
        if body is not None:
            row |= {**body, **({"state": "closed"} if body.get("state_event") == "close" else {})}
        return 200, row

    def _note(
        self, method: str, of: str, key: str | None, body: dict[str, Any] | None, query: dict[str, list[str]]
    ) -> Response:
        held = self.notes.setdefault(int(of.split("/")[1]), []) if of.startswith("merge") else []
        if method == "GET":
            return 200, self._page(held, query)
        assert body is not None
        if len(body["body"]) > 1_000_000:
            return 400, {"message": "400 Bad request"}
        if key is None:
            held.append({"id": next(self._ids), "author": {"id": BOT}, "writes": 1, **body})
            return 201, held[-1]
        note = next(note for note in held if note["id"] == int(key))
        note |= {**body, "writes": note["writes"] + 1}
        return 200, note

    def _page(self, rows: list[dict[str, Any]], query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Return one page, of two rows whatever is asked for, so that pages are turned."""
        page = int(query.get("page", ["1"])[0])
        self.next_page = str(page + 1) if len(rows) > 2 * page else ""
        return rows[2 * (page - 1) : 2 * page]
