"""Format what became of an application that `disable` or `enable` switched: as lines or a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_config.report import escape
from entra_config.report.lines import Line, line

if TYPE_CHECKING:
    from entra_config.stopping import Stop, Switched

STOPS = (
    "its sign-ins are refused, and tokens for it; those given before are taken until they end, an hour "
    "as a rule"
)


def document(stop: Stop, done: Switched, owner: str) -> dict[str, object]:
    """Return it as a document."""
    failed = {each: str(error) for each, error in done.failed}
    states = {
        **dict.fromkeys(done.done, "done"),
        **dict.fromkeys(done.unseen, "unseen"),
        **dict.fromkeys(failed, "failed"),
    }
    return {
        "version": 1,
        "kind": "switched",
        "owner": owner,
        "application": {"key": stop.key, "displayName": stop.name, "appId": stop.app_id},
        "enabled": stop.enabled,
        "switches": [
            {
                "object": each.path,
                "property": each.name,
                "value": each.wanted,
                "state": states.get(each, "unchanged"),
                "error": failed.get(each),
            }
            for each in stop.switches
        ],
        "remarks": list(stop.remarks),
    }


def lines(stop: Stop, done: Switched) -> list[Line]:
    """Return it as lines."""
    word, name = "enabled" if stop.enabled else "disabled", f"{stop.key} '{stop.name}' (appId {stop.app_id})"
    found = [
        line(
            (
                escape.text(f"{name}: {word}" if not done.failed else f"{name}: not all of it is {word}"),
                "bold",
            )
        )
    ]
    for each in stop.switches:
        error = next((error for failed, error in done.failed if failed == each), None)
        message = (
            f"failed: {error}"
            if error
            else "written, and not to be read back yet"
            if each in done.unseen
            else ""
        )
        message = message or ("written" if each in done.done else "was so before")
        found.append(
            line(escape.text(f"  {each.name}: {str(each.wanted).lower()} of {each.path}  {message}"))
        )
    if not stop.enabled:
        found.append(line((escape.text(f"  {STOPS}; `entra-config enable {stop.key}` takes it back"), "dim")))
    return found
