"""The suite that finds what is passed over in silence finds it: with a handler that looks away, it fails."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from entra_emulator.clock import ManualClock
from entra_emulator.graph import (
    bodies,
    expanding,
    linked,
    matching,
    naming,
    options,
    queries,
    render,
    searching,
)
from tests.conformance.graph import silence
from tests.conformance.proof import client

SEED, ENOUGH = 20261126, 400
_merge, _ends, _compare = bodies.merge, linked._ends, matching._compare


def _looks(*names: str, gives: Any) -> Callable[..., Any]:
    """Make a reader of options that takes notice of them and gives the same whatever they say."""

    def read(call: Any, *_: Any, **__: Any) -> Any:
        for name in names:
            call.options.get(name)
        return gives

    return read


def _dropped(entity: Any, old: Any, body: Any, **more: Any) -> Any:
    return _merge(entity, old, {name: value for name, value in body.items() if name != "notes"}, **more)


def _swallowed(entity: Any, old: Any, body: Any, **more: Any) -> Any:
    try:
        return _merge(entity, old, body, **more)
    except Exception:  # noqa: BLE001  # that is the fault
        return dict(old)


MUTANTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "no filter": (queries, "filtered", _looks("$filter", gives=None)),
    "no search": (searching, "read", _looks("$search", gives=None)),
    "no order": (queries, "sorting", _looks("$orderby", gives=None)),
    "no top": (queries, "top", _looks("$top", gives=100)),
    "no select": (render, "selected", _looks("$select", gives=None)),
    "no expand": (expanding, "read", _looks("$expand", gives=[])),
    "no count": (queries, "wants_count", _looks("$count", gives=False)),
    "any type": (linked, "_ends", lambda call, ids, hidden, _: _ends(call, ids, hidden, "")),
    "not equal is equal": (
        matching,
        "_compare",
        lambda found, op, value: _compare(found, {"ne": "eq"}.get(op, op), value),
    ),
    "options that nobody reads": (options, "refuse_unread", lambda _: None),
    "names in one case only": (naming, "_path", lambda path, _: (path, None)),
    "a property is dropped": (bodies, "merge", _dropped),
    "a refusal is swallowed": (bodies, "merge", _swallowed),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_handler_that_looks_away_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault breaks a promise of an answer, or leaves too few answers."""
    module, attribute, fault = MUTANTS[name]
    naming.compiled.cache_clear()
    monkeypatch.setattr(module, attribute, fault)
    with asyncio.Runner() as runner, pytest.raises(AssertionError):
        silence.check(client(runner, SEED, ManualClock()), ENOUGH, SEED)
    monkeypatch.undo()
    naming.compiled.cache_clear()
