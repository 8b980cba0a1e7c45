"""Requests to Graph and their answers, as data."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from entra_config.resource import Text, Value

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

# Codes of our own, for answers that nobody should have to read to their end.
TOO_LARGE, TOO_DEEP = "AnswerTooLarge", "AnswerTooDeep"
# The code of a batch's answer that nobody can read.
UNREADABLE = "BatchUnreadable"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to Graph v1.0. `path` starts with `/` and is URL-encoded; path and body may hold Refs.

    `beta`: it goes to the beta endpoint, for what v1.0 has not.
    The body is sent as JSON, bytes (a picture) as they are. `hidden` are fields of the answer that nothing
    may show: nobody who listens gets their values.
    """

    method: Method
    path: str | Text
    body: Value = None
    headers: Mapping[str, str] = field(default_factory=dict)
    beta: bool = False
    hidden: tuple[str, ...] = ()

    @property
    def endpoint(self) -> str:
        """Return what people read before its path: nothing for v1.0."""
        return "/beta" if self.beta else ""

    def at(self, base_url: str) -> str:
        """Return what its path is put after: the address of v1.0 that is given, or of the beta endpoint
        beside it.
        """
        return f"{base_url.removesuffix('/v1.0')}/beta" if self.beta else base_url


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: HTTP status, decoded JSON body (None when empty, bytes when it is no JSON), headers with
    lower-case names.

    Status 0 means that no response came to a write that must not be repeated blindly: whether Graph did it is
    not known.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether Graph did what was asked."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """Return Graph's error code, or ""."""
        return str(self._error.get("code") or "")

    @property
    def message(self) -> str:
        """Return Graph's error message, or ""."""
        return str(self._error.get("message") or "")

    @property
    def detail_codes(self) -> tuple[str, ...]:
        """Return the codes of the error's details."""
        details = self._error.get("details")
        return (
            tuple(str(item.get("code") or "") for item in details if isinstance(item, dict))
            if isinstance(details, list)
            else ()
        )

    @property
    def request_id(self) -> str:
        """Return the id that support asks for: Graph's, else the one that the call was sent with; or ""."""
        inner = self._error.get("innerError")
        found = inner.get("request-id") if isinstance(inner, dict) else None
        return str(found or self.headers.get("request-id") or self.headers.get("client-request-id") or "")

    @property
    def _error(self) -> Mapping[str, Any]:
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return error if isinstance(error, dict) else {}


def picture(response: Response) -> bytes | None:
    """Return the bytes of an answer that is no JSON: in a batch they come as base64 (json-batching)."""
    if isinstance(response.body, str):
        try:
            return base64.b64decode(response.body, validate=True)
        except ValueError:
            return None
    return response.body if isinstance(response.body, bytes) else None


@dataclass(frozen=True, slots=True)
class Usage:
    """What talking to Graph cost: parts of batches, HTTP calls, and calls in sequence."""

    requests: int = 0
    calls: int = 0
    depth: int = 0

    def since(self, before: Usage) -> Usage:
        """Return what was spent after an earlier reading."""
        return Usage(self.requests - before.requests, self.calls - before.calls, self.depth - before.depth)
