"""A rotation of many secrets: each noted as soon as it is out, what fails said, and the code in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import credentials
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.credentials import rotating
from entra_config.credentials.rotating import Rotator
from entra_config.credentials.rotation import Rotated
from entra_config.errors import EntraConfigError, GraphError, RefusedError, UsageError
from entra_config.manifest.sinks import Sink
from tests.unit.credentials.rotated_secret import SUBJECT

COMMON = Common(output=Output(no_color=True))
FAILS: dict[str, EntraConfigError] = {
    "wrong": UsageError("no such secret"),
    "api": GraphError("Graph says no", advice="ask somebody"),
    "spa": RefusedError("its place is not allowed"),
}

# A Graph that was not read yet.
GRAPH: Any = SimpleNamespace(ahead=None)


class Estate:
    """Applications whose secrets have a life, and what is noted of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
        applications = {key: SimpleNamespace(key=key, rotating={"main": SUBJECT.declared}) for key in keys}
        applications["plain"] = SimpleNamespace(key="plain", rotating={})
        self.manifest: Any = SimpleNamespace(
            environment="prod", applications=applications, sinks={"vault": SUBJECT.sink}
        )
        self.order: list[Any] = []

        @asynccontextmanager
        async def opened(_: Common) -> AsyncIterator[Any]:
            yield GRAPH, self

        async def one(rotator: Any, subject: Any, *, only_due: bool, allow: Any) -> Rotated:
            assert (rotator.graph, rotator.estate) == (GRAPH, self)
            self.order.append((subject.key, only_due, allow))
            if subject.key in FAILS:
                raise FAILS[subject.key]
            return Rotated(subject, ("k1",), made="k1")

        monkeypatch.setattr(credentials, "open_estate", opened)
        monkeypatch.setattr(Rotator, "_rotate_one", one)

    def subjects(self, keys: list[str], label: str) -> list[Any]:
        """Return the secrets of some applications."""
        if label == "wrong":
            raise FAILS["wrong"]
        return [replace(SUBJECT, key=key) for key in keys]

    def body(self, key: str) -> dict[str, str]:
        """Return a registration."""
        return {"appId": f"a-{key}"}

    def begin(self, manifest: Any) -> None:
        """Begin to take notes."""
        assert manifest is self.manifest
        self.order.append("begins")

    def note(self, manifest: Any, app_id: str, outcome: Rotated) -> None:
        """Take a note."""
        assert manifest is self.manifest
        self.order.append(f"notes {app_id} of {outcome.subject.key}")

    @property
    def unpinned(self) -> list[Rotated]:
        """Return the key ids that are in no lock file."""
        return []

    def run(self, key: str = "", label: str = "", *, due: bool = True) -> int:
        """Rotate."""
        notes: Any = self
        allow = frozenset({"sink"})
        return asyncio.run(
            credentials._rotate(COMMON, key, label, notes, only_due=due, allow=allow, form="text")
        )


def test_each_is_noted_before_the_next_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of all that have a life; what became of them is told in the end."""
    estate, allow = Estate(monkeypatch, "web", "job"), frozenset({"sink"})
    assert estate.run() == 0
    assert estate.order == [
        "begins", ("web", True, allow), "notes a-web of web", ("job", True, allow), "notes a-job of job"
    ]  # fmt: skip
    out, err = capsys.readouterr()
    assert (out, err) == (
        "  + web/main: k1 → file kept/web, signed in\n  + job/main: k1 → file kept/web, signed in\n", ""
    )  # fmt: skip
    assert estate.run("job", due=False) == 0
    assert estate.order[5:] == ["begins", ("job", False, allow), "notes a-job of job"]


@pytest.mark.parametrize(
    ("keys", "code", "said"),
    [
        (("api", "web"), 1, "error: Graph says no\nask somebody\n"),
        (("spa", "web"), 3, "error: its place is not allowed\n"),
        (("spa", "api", "web"), 3, "error: its place is not allowed\nerror: Graph says no\nask somebody\n"),
    ],
)
def test_what_fails_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keys: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    """A refusal is 3, all else 1; nothing is noted of what failed."""
    estate = Estate(monkeypatch, *keys)
    assert estate.run() == code
    assert [each for each in estate.order if isinstance(each, str)] == ["begins", "notes a-web of web"]
    assert capsys.readouterr() == ("  + web/main: k1 → file kept/web, signed in\n", said)


def test_a_secret_that_is_not_declared_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of each application that was meant."""
    estate = Estate(monkeypatch, "web", "job")
    assert estate.run("web", "wrong") == 1
    assert (estate.order, capsys.readouterr().err) == (["begins"], "error: no such secret\n")


@pytest.mark.parametrize(("key", "checked"), [("", 2), ("web", 1), ("plain", 0), ("gone", 0)])
def test_what_is_not_installed_is_said_before_anybody_signs_in(
    monkeypatch: pytest.MonkeyPatch, key: str, checked: int
) -> None:
    """Of the places that are meant alone."""
    estate = Estate(monkeypatch, "web", "job")
    found: list[Any] = []

    def note(sink: Sink) -> None:
        found.append(sink)

    monkeypatch.setattr(Sink, "check_installed", note)
    rotating.check_installed(estate.manifest, key)
    assert found == [SUBJECT.sink] * checked
