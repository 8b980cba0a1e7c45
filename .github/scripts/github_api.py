# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""The little of GitHub's REST API that the workflows need; environment in, JSON out."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

# GitHub refuses bodies over 65,536 characters (422); stay well below.
BODY_LIMIT = 60_000
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


class Api:
    """One repository, as the job's token may see it."""

    def __init__(self, environ: dict[str, str] | None = None, *, token: str = "GITHUB_TOKEN") -> None:  # noqa: S107  # a name, no value
        env = dict(os.environ) if environ is None else environ
        self.base = env.get("GITHUB_API_URL", "https://api.github.com")
        self.repository = env["GITHUB_REPOSITORY"]
        self._token = env[token]
        self.page = f"{env.get('GITHUB_SERVER_URL', 'https://github.com')}/{self.repository}"
        self.run_url = f"{self.page}/actions/runs/{env.get('GITHUB_RUN_ID', '0')}"

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send one request to the repository's part of the API and return the decoded answer."""
        answer, _ = self._open(method, f"{self.base}/repos/{self.repository}{path}", body)
        return answer

    def pages(self, path: str) -> Iterator[Any]:
        """Yield the items of a list, all pages."""
        url = f"{self.base}/repos/{self.repository}{path}"
        while url:
            answer, link = self._open("GET", url, None)
            yield from answer
            found = _NEXT.search(link)
            url = found.group(1) if found else ""

    def _open(self, method: str, url: str, body: dict[str, Any] | None) -> tuple[Any, str]:
        request = urllib.request.Request(  # noqa: S310  # the URL is GITHUB_API_URL's
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # as above
            raw = response.read()
            return (json.loads(raw) if raw else None), response.headers.get("Link", "")
