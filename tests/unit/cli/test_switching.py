"""What became of an application that was stopped, or may go on, in a terminal's words and as JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config import stopping
from entra_config.cli import disable, wiring
from entra_config.cli.options import Common
from entra_config.errors import GraphError, UsageError
from entra_config.report import lines, switched
from entra_config.stopping import Stop, Switch, Switched

APP = Switch("applications", "a1", "isDisabled", before=False, wanted=True)
ENTRY = Switch("servicePrincipals", "p1", "accountEnabled", before=True, wanted=False)
OTHER, FOURTH = replace(APP, object_id="a2"), replace(APP, object_id="a3")
STOP = Stop("web", "Web", "w1", enabled=False, switches=(APP, ENTRY, OTHER, FOURTH), remarks=("look",))
DONE = Switched(done=(APP,), unseen=(ENTRY,), failed=((OTHER, GraphError("it is locked")),))


def test_the_document_says_what_became_of_each_switch() -> None:
    """Written, not seen yet, refused with why, or so before."""
    rows = [("/applications/a1", "isDisabled", True, "done", None),
            ("/servicePrincipals/p1", "accountEnabled", False, "unseen", None),
            ("/applications/a2", "isDisabled", True, "failed", "it is locked"),
            ("/applications/a3", "isDisabled", True, "unchanged", None)]  # fmt: skip
    names = ("object", "property", "value", "state", "error")
    assert switched.document(STOP, DONE, "myapp/dev") == {
        "version": 1,
        "kind": "switched",
        "owner": "myapp/dev",
        "application": {"key": "web", "displayName": "Web", "appId": "w1"},
        "enabled": False,
        "switches": [dict(zip(names, row, strict=True)) for row in rows],
        "remarks": ["look"],
    }


def test_the_text_has_a_line_of_each_switch() -> None:
    """Of what is stopped it says what that means, and how it goes on."""
    end = "  its sign-ins are refused, and tokens for it; those given before are taken until they end, an "
    assert lines.format_lines(switched.lines(STOP, DONE)).splitlines() == [
        "web 'Web' (appId w1): not all of it is disabled",
        "  isDisabled: true of /applications/a1  written",
        "  accountEnabled: false of /servicePrincipals/p1  written, and not to be read back yet",
        "  isDisabled: true of /applications/a2  failed: it is locked",
        "  isDisabled: true of /applications/a3  was so before",
        f"{end}hour as a rule; `entra-config enable web` takes it back",
    ]
    go = replace(STOP, enabled=True, switches=())
    assert lines.format_lines(switched.lines(go, Switched())) == "web 'Web' (appId w1): enabled\n"
    assert switched.lines(replace(go, enabled=False), Switched())[0].spans == (
        ("web 'Web' (appId w1): disabled", "bold"),
    )


class Tenant:
    """Stands in for a tenant: what is found, and what became of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, done: Switched) -> None:
        self.done, self.found, self.written = done, list[tuple[str, bool]](), list[Stop]()
        manifest = SimpleNamespace(tenant_id="t", owner="myapp/dev")

        @asynccontextmanager
        async def graph(_: Common, tenant_id: str) -> AsyncIterator[Any]:
            assert tenant_id == "t"
            yield SimpleNamespace(observed_by=lambda _: self)

        monkeypatch.setattr(wiring, "manifest", lambda _: manifest)
        monkeypatch.setattr(wiring, "graph", graph)
        monkeypatch.setattr(stopping, "find", self.find)
        monkeypatch.setattr(stopping, "switch", self.switch)

    def __enter__(self) -> None:
        """Observe."""

    def __exit__(self, *_: object) -> None:
        """Observe no more."""

    async def find(self, _manifest: object, _graph: object, key: str, *, enabled: bool) -> Stop:
        """Find an application."""
        self.found.append((key, enabled))
        return replace(STOP, enabled=enabled)

    async def switch(self, stop: Stop, _graph: object, *, sleep: object) -> Switched:
        """Write its switches."""
        assert sleep is asyncio.sleep
        self.written.append(stop)
        return self.done


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (Switched(done=(APP,)), 0),
        (Switched(), 0),
        (Switched(unseen=(APP,)), 1),
        (Switched(failed=((APP, GraphError("no")),)), 1),
    ],
)
@pytest.mark.parametrize("enabled", [True, False])
def test_what_is_not_seen_or_refused_is_code_1(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    done: Switched,
    code: int,
    *,
    enabled: bool,
) -> None:
    """What else is to be known of it stands on stderr, JSON alone on stdout."""
    tenant = Tenant(monkeypatch, done)
    assert disable.run(Common(), "web", enabled=enabled, confirm=False, form="json") == code
    out, err = capsys.readouterr()
    stop = replace(STOP, enabled=enabled)
    assert (tenant.found, tenant.written, err) == ([("web", enabled)], [stop], "look\n")
    assert json.loads(out) == switched.document(stop, done, "myapp/dev")
    assert out.startswith('{\n  "version": 1,')
    assert disable.run(Common(), "web", enabled=enabled, confirm=False, form="text") == code
    assert capsys.readouterr().out == lines.format_lines(switched.lines(stop, done))


@pytest.mark.parametrize(("enabled", "word"), [(True, "enable"), (False, "disable")])
@pytest.mark.parametrize("sure", [True, False])
def test_only_its_key_stops_an_application(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    word: str,
    *,
    enabled: bool,
    sure: bool,
) -> None:
    """Without a terminal nobody could type it."""
    tenant, asked = Tenant(monkeypatch, Switched()), list[tuple[str, str]]()

    def agreed(question: str, phrase: str) -> bool:
        asked.append((question, phrase))
        return sure

    monkeypatch.setattr(disable, "agreed", agreed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert disable.run(Common(), "web", enabled=enabled, confirm=True, form="text") == int(not sure)
    question = f"This {word}s web of myapp/dev, 'Web' (appId w1). Type its key to go on:"
    assert (asked, len(tenant.written)) == ([(question, "web")], int(sure))
    assert capsys.readouterr().err == "look\n" + ("" if sure else "nothing was changed\n")

    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(UsageError, match=f"^without a terminal to ask on, {word} needs --auto-approve$"):
        disable.run(Common(), "web", enabled=enabled, confirm=True, form="text")
