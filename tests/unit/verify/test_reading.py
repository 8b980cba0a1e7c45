"""How a tenant is read: pages, waits, refusals, and whom the token goes to."""

from __future__ import annotations

import json
import time
from typing import Any, ClassVar

import pytest

import entra_verify

Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]


class Connection:
    """Answers what a test gave, and remembers what was asked."""

    answers: ClassVar[dict[str, list[Answer]]] = {}
    asked: ClassVar[list[str]] = []

    def __init__(self, host: str, **_: Any) -> None:
        self.host = host

    def request(self, method: str, path: str, headers: dict[str, str]) -> None:
        """Take a request."""
        assert (method, headers["Authorization"]) == ("GET", "Bearer token")
        self.asked.append(f"{self.host}{path}")
        self.answer = self.answers[path].pop(0)
        if self.answer[0] == 0:
            raise OSError("reset")

    def getresponse(self) -> Connection:
        """Return the answer."""
        self.status = self.answer[0]
        self.headers = self.answer[2] if len(self.answer) > 2 else {}
        return self

    def read(self, size: int) -> bytes:
        """Return the body."""
        return json.dumps(self.answer[1]).encode()[:size]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect how long would be waited."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> entra_verify.Graph:
    """Connect to what a test answers; no wait takes time."""
    Connection.answers, Connection.asked = {}, []
    monkeypatch.setattr(entra_verify.http.client, "HTTPSConnection", Connection)
    return entra_verify.Graph("https://graph.example/v1.0/", "token")


def test_all_pages_are_read_after_refusals(graph: entra_verify.Graph, waits: list[float]) -> None:
    """A lost connection, 429 with Retry-After and 503 are tried again."""
    Connection.answers = {
        "/v1.0/a": [
            (0, None),
            (429, {}, {"Retry-After": "7"}),
            (503, {}),
            (200, {"value": [{"id": "1"}], "@odata.nextLink": "https://graph.example/v1.0/a?$skiptoken=x"}),
        ],
        "/v1.0/a?$skiptoken=x": [(200, {"value": [{"id": "2"}]})],
    }
    assert graph.list("/a") == [{"id": "1"}, {"id": "2"}]
    assert waits == [1, 7, 4]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/a",
        "http://graph.example/v1.0/a",
        "https://graph.example@evil.example/",
        "/v1.0/b",
    ],
)
def test_a_link_to_another_host_is_not_followed(graph: entra_verify.Graph, link: str) -> None:
    """The token goes to one host."""
    Connection.answers = {"/v1.0/a": [(200, {"value": [], "@odata.nextLink": link})]}
    with pytest.raises(entra_verify.NotVerifiedError, match="on another host"):
        graph.list("/a")
    assert Connection.asked == ["graph.example/v1.0/a"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, {}), "status 401"),
        ((302, {}, {"Location": "https://evil.example/"}), "status 302"),
        ((200, {"value": {}}), "not a list"),
        ((200, {"value": [1]}), "not a list"),
        ((200, []), "not a JSON object"),
    ],
)
def test_other_answers_end_the_read(graph: entra_verify.Graph, answer: Answer, message: str) -> None:
    """No redirect is followed, and what is not a list is not one."""
    Connection.answers = {"/v1.0/a": [answer]}
    with pytest.raises(entra_verify.NotVerifiedError, match=message):
        graph.list("/a")


def test_waiting_has_an_end(graph: entra_verify.Graph, waits: list[float]) -> None:
    """Whatever Retry-After says."""
    Connection.answers = {"/v1.0/a": [(429, {}, {"Retry-After": "86400"})] * entra_verify.TRIES}
    with pytest.raises(entra_verify.NotVerifiedError, match="no answer after"):
        graph.list("/a")
    assert max(waits) == entra_verify.LONGEST_WAIT


@pytest.mark.parametrize("address", ["http://graph.example/v1.0", "graph.example", "https:///v1.0"])
def test_a_token_is_sent_over_https_only(address: str) -> None:
    """An address without https is refused; so is a token that is none."""
    with pytest.raises(entra_verify.NotVerifiedError, match="not an https address"):
        entra_verify.Graph(address, "token")
    with pytest.raises(entra_verify.NotVerifiedError, match="ENTRA_VERIFY_TOKEN"):
        entra_verify.Graph("https://graph.example", "a\r\nb")
