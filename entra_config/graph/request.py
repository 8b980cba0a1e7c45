"""Requests to Graph and their answers, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from entra_config.resource import Text, Value

Method = Literal["GET", "POST", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request to Graph v1.0. `path` starts with `/` and is URL-encoded; path and body may hold Refs."""

    method: Method
    path: str | Text
    body: Value = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: HTTP status, decoded JSON body (None when empty), headers with lower-case names."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether Graph did what was asked."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Usage:
    """What talking to Graph cost: parts of batches, HTTP calls, and calls in sequence."""

    requests: int = 0
    calls: int = 0
    depth: int = 0
