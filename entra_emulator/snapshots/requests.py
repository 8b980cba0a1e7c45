"""Requests to the control's endpoints about snapshots in; what they answer, as plain data, out."""

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs

from entra_emulator.clock import fine_stamp
from entra_emulator.snapshots.named import NOW, KeptDirectory, Snapshots

_ACTIONS = ("save", "restore", "drop")


def listed(snapshots: Snapshots) -> dict[str, Any]:
    """List what is kept, oldest first."""
    return {"value": [_described(each) for each in snapshots.kept()]}


def act(snapshots: Snapshots, body: dict[str, Any]) -> dict[str, Any]:
    """Save a snapshot, restore one or drop one: `{"save": NAME}`; ValueError says what is wrong."""
    if len(body) != 1 or not set(body) <= set(_ACTIONS):
        message = f"one of {', '.join(_ACTIONS)} with the name of a snapshot is expected"
        raise ValueError(message)
    ((action, name),) = body.items()
    if not isinstance(name, str):
        message = f"the name of a snapshot is a text, not {name!r}"
        raise ValueError(message)  # noqa: TRY004  # the value is wrong, not the program
    getattr(snapshots, action)(name)
    return listed(snapshots)


def compared(snapshots: Snapshots, query: str) -> dict[str, Any]:
    """Tell what changed: `?since=NAME&until=NAME`; without `until`, until now."""
    parameters = parse_qs(query, keep_blank_values=True)
    if strange := set(parameters) - {"since", "until"}:
        message = f"no such name: {', '.join(sorted(strange))}; known: since, until"
        raise ValueError(message)
    if "since" not in parameters:
        message = "since which snapshot? ?since=NAME is expected"
        raise ValueError(message)
    since, until = parameters["since"][-1], parameters.get("until", [NOW])[-1]
    return {
        "since": since,
        "until": until,
        "value": [asdict(each) for each in snapshots.differences(since, until)],
    }


def _described(snapshot: KeptDirectory) -> dict[str, Any]:
    return {"name": snapshot.name, "taken": fine_stamp(snapshot.taken)}
