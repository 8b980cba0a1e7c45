"""A row of the traffic: who, through which application, and what came of it, in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from entra_emulator.portal import stream

NAMES = {"ann": "Ann", "spa": "Page", "job": "Job"}
DONE, MISSING = SimpleNamespace(status=200), SimpleNamespace(status=404)


@pytest.mark.parametrize(
    ("seen", "names", "words"),
    [
        ({"person_id": "ann", "client_id": "spa"}, "Ann at Page", "Ann at Page"),
        ({"person_id": "job", "client_id": "job"}, "Job", "Job"),
        ({"person_id": "ann"}, "Ann", "Ann"),
        ({"client_id": "spa"}, "Page", "Page"),
        ({}, "", ""),
        ({"client_id": "spa", "outcome": "50126"}, "Page", "Page · 50126"),
        ({"person_id": "ann", "client_id": "spa", "agent": "entra-emulator portal"}, "Ann at the portal",
         "Ann at the portal"),
        ({"outcome": "50126", "parts": [DONE], "token": {}}, "", "50126"),
        ({"parts": [DONE]}, "", "1 part"),
        ({"parts": [DONE, MISSING]}, "", "2 parts, 1 refused"),
        ({"parts": [DONE, DONE], "token": {"a": 1}, "scopes": "read"}, "", "2 parts"),
        ({"token": {"a": 1}, "scopes": "read write", "roles": ["A", "B"]}, "", "read write A, B"),
        ({"token": {"a": 1}, "roles": ["A"]}, "", "A"),
        ({"token": {"a": 1}, "scopes": "read"}, "", "read"),
        ({"token": {}, "scopes": "read", "roles": ["A"]}, "", ""),
        ({"outcome": "50126", "token": {"a": 1}, "scopes": "read"}, "", "50126"),
    ],
)  # fmt: skip
def test_a_row_in_words(
    seen: dict[str, Any], names: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal before the parts of a batch, these before what a token may do."""
    one: Any = SimpleNamespace(
        **{
            "person_id": "",
            "client_id": "",
            "outcome": "",
            "parts": [],
            "token": {},
            "scopes": "",
            "roles": [],
        }
        | seen,
        raw=SimpleNamespace(number=7, headers={"user-agent": seen.get("agent", "")}),
    )
    monkeypatch.setattr(stream, "named", lambda _, id_: SimpleNamespace(name=NAMES[id_]))
    monkeypatch.setattr(stream, "client", lambda _, id_: SimpleNamespace(name=NAMES[id_]))
    monkeypatch.setattr(stream, "_requested", lambda _: {"kind": "Graph"})
    visit: Any = SimpleNamespace(path=lambda *parts, **query: f"{'/'.join(parts)}?{query}")
    found = stream.row(visit, one)
    assert (found.who, found.words) == (names, words)
    assert found.address == "traffic?{'kind': 'Graph', 'open': 7}"
