# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""The little of GitLab's REST API that the jobs need; environment in, JSON out."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

# GitLab refuses notes and descriptions over 1,000,000 characters; stay well below.
BODY_LIMIT = 900_000
# A line that begins so would be a command to GitLab, carried out as whoever writes the note.
_COMMAND = re.compile(r"^([ \t]*)/", re.MULTILINE)


def silent(text: str) -> str:
    """Return a text of which GitLab carries nothing out."""
    return _COMMAND.sub(r"\1\\/", text)


class Api:
    """One project, as the token of the project's own bot may see it."""

    def __init__(self, environ: dict[str, str] | None = None) -> None:
        env = dict(os.environ) if environ is None else environ
        self.base = env["CI_API_V4_URL"]
        self.project = env["CI_PROJECT_ID"]
        self.run_url = env.get("CI_JOB_URL", "")
        self._token = env["ENTRA_GITLAB_TOKEN"]

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send one request to the project's part of the API and return the decoded answer."""
        return self._open(method, f"{self.base}/projects/{self.project}{path}", body)[0]

    def pages(self, path: str) -> Iterator[Any]:
        """Yield the items of a list, all pages; `path` has a query."""
        page = "1"
        while page:
            answer, page = self._open(
                "GET", f"{self.base}/projects/{self.project}{path}&per_page=100&page={page}", None
            )
            yield from answer

    def own_id(self) -> int:
        """Return whose token it is: anybody may write our marker, but nobody else's note is ours."""
        return int(self._open("GET", f"{self.base}/user", None)[0]["id"])

    def _open(self, method: str, url: str, body: dict[str, Any] | None) -> tuple[Any, str]:
        request = urllib.request.Request(  # noqa: S310  # the URL is CI_API_V4_URL's
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"PRIVATE-TOKEN": self._token, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # as above
            raw = response.read()
            return (json.loads(raw) if raw else None), response.headers.get("X-Next-Page", "")
