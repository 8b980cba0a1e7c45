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


class _WithoutAuthorization(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> urllib.request.Request | None:
        """Follow a redirect without the token."""
        request = super().redirect_request(*given)
        if request is not None:
            request.remove_header("Authorization")
        return request


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

    def pages(self, path: str, name: str = "") -> Iterator[Any]:
        """Yield the items of a list, all pages; `name` is that of the list, if the answer is an object."""
        url = f"{self.base}/repos/{self.repository}{path}"
        while url:
            answer, link = self._open("GET", url, None)
            yield from answer[name] if name else answer
            found = _NEXT.search(link)
            url = found.group(1) if found else ""

    def download(self, path: str, largest: int) -> bytes:
        """Return a file to which GitHub redirects; ValueError if it is larger than `largest` bytes."""
        url = f"{self.base}/repos/{self.repository}{path}"
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/vnd.github+json"}
        # The storage is another host, which the token is none of the business of.
        opener = urllib.request.build_opener(_WithoutAuthorization)
        with opener.open(urllib.request.Request(url, headers=headers), timeout=60) as response:  # noqa: S310  # the URL is GITHUB_API_URL's
            data: bytes = response.read(largest + 1)
        if len(data) > largest:
            raise ValueError(f"{path}: larger than {largest} bytes")
        return data

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
