"""Format the list of credentials, and the results of a rotation: as lines, JSON or Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from entra_config import quoting
from entra_config.manifest.until import format_day, format_end
from entra_config.report import escape
from entra_config.report.lines import Line, line, padded

if TYPE_CHECKING:
    from entra_config.credentials.listing import ListedKey
    from entra_config.credentials.rotation import Rotated
    from entra_config.manifest.model import Manifest

_STYLES = {"undeclared": "yellow", "orphan": "yellow", "missing": "yellow"}
MEANINGS = {
    "rotated": "made by a rotation, as the lock file says",
    "undeclared": "undeclared",
    "current": "its sink keeps it",
    "orphan": "it never came to its sink: the next rotation takes it away",
    "overlapping": "the one before, in its overlap",
    "done": "its overlap is over: the next rotation takes it away",
    "missing": "there is none yet",
}


def document(manifest: Manifest, found: list[ListedKey], *, read_uses: bool) -> str:
    """Return the list as JSON."""
    return json.dumps(_document(manifest, found, read_uses=read_uses), indent=2) + "\n"


def markdown(manifest: Manifest, found: list[ListedKey], now: datetime, ending: int | None) -> str:
    """Return the list as a table; `ending`: it is only of what ends within so many days."""
    return "".join(f"{each}\n" for each in _markdown(manifest, found, now, ending))


def reported(each: ListedKey, now: datetime, *, read_uses: bool) -> str:
    """Return one credential in a sentence."""
    used = (
        f"last used {_day(each.used)}"
        if each.used
        else "no use is known"
        if read_uses
        else "its last use could not be read"
    )
    return (
        f"{each.type} {each.name} of {each.application}: {_standing(each)}, {_age(each, now)}, "
        f"{_end(each, now)}, {used}"
    )


def rotation_document(done: list[Rotated]) -> dict[str, object]:
    """Return the results of a rotation as a document."""
    return {"version": 1, "kind": "rotation", "secrets": [_outcome(each) for each in done]}


def rotation_line(each: Rotated) -> Line:
    """Return the result of rotating one secret."""
    name = escape.text(each.subject.name)
    if not each.made:
        gone = f", {len(each.removed)} taken away" if each.removed else ""
        return line("  = ", f"{name}: not due{gone}")
    until = f" until {format_end(each.ends)}" if each.ends else ""
    return line(
        ("  + ", "green"),
        f"{name}: {each.made}{until} → {escape.text(each.subject.sink.reported)}, signed in",
    )


def _outcome(each: Rotated) -> dict[str, Any]:
    return {
        "application": each.subject.key,
        "type": each.subject.declared.type,
        "secret": each.subject.declared.label,
        "sink": each.subject.sink.name,
        "place": each.subject.sink.reported,
        "made": each.made or None,
        "ends": _stamp(each.ends),
        "signedIn": each.proven,
        "removed": list(each.removed),
        "keyIds": list(each.key_ids),
    }


def _document(manifest: Manifest, found: list[ListedKey], *, read_uses: bool) -> dict[str, Any]:
    return {
        "version": 1,
        "kind": "credentials",
        "environment": manifest.environment,
        "usesRead": read_uses,
        "credentials": [
            {
                "application": each.application,
                "object": each.object,
                "type": each.type,
                "name": each.name,
                "keyId": each.key_id or None,
                "standing": each.standing,
                "start": _stamp(each.start),
                "end": _stamp(each.end),
                "place": each.place or None,
                "lastUsed": _stamp(each.used),
                "due": each.due or None,
            }
            for each in found
        ],
    }


def lines(found: list[ListedKey], now: datetime, ending: int | None = None) -> Iterator[Line]:
    """Yield the list; `ending`: it is only of what ends within so many days."""
    if not found:
        yield line(_format_empty(ending))
    application = ""
    for each in found:
        if each.application != application:
            application = each.application
            yield line((escape.text(application), "bold"))
        name = padded(escape.text(f"{each.type} {each.name}"), 44)
        of = ", on the service principal" if each.object == "servicePrincipal" else ""
        standing = (_standing(each) + of, _STYLES.get(each.standing, ""))
        used = f", last used {_day(each.used)}" if each.used else ""
        dates = (
            f"  {_age(each, now)}, {_end(each, now)}{used}"
            if each.type != "federated credential" and each.key_id
            else ""
        )
        yield line("  ", name, standing, dates)
        if each.key_id or each.place:
            yield line("      ", (" · ".join(filter(None, [each.key_id, escape.text(each.place)])), "dim"))
        if each.due:
            yield line("      ", (f"due: {each.due}", "yellow"))


def _format_empty(ending: int | None) -> str:
    if ending is None:
        return "No application of this environment has a secret, certificate or federated credential."
    return f"No credential ends within {ending} days without a rotation that replaces it."


def _markdown(manifest: Manifest, found: list[ListedKey], now: datetime, ending: int | None) -> Iterator[str]:
    yield f"### Credentials of {escape.markdown(manifest.owner)}"
    yield ""
    if not found:
        yield _format_empty(ending)
        return
    yield "| application | credential | key id | end | last use |"
    yield "|---|---|---|---|---|"
    for each in found:
        name = f"{each.type} {escape.markdown_cell(each.name)}, {_standing(each)}"
        key_id = quoting.code_cell(each.key_id) if each.key_id else ""
        used = _day(each.used) if each.used else "not known"
        yield (f"| {escape.markdown(each.application)} | {name} | {key_id} | {_end(each, now)} | {used} |")


def _standing(each: ListedKey) -> str:
    return MEANINGS.get(each.standing, each.standing)


def _age(each: ListedKey, now: datetime) -> str:
    return f"{(now - each.start).days} days old" if each.start else "of unknown age"


def _end(each: ListedKey, now: datetime) -> str:
    if each.end is None:
        return "without an end"
    return f"{'ended' if each.end <= now else 'ends'} {format_end(each.end)}"


def _day(moment: datetime | None) -> str:
    return format_day(moment.date()) if moment else ""


def _stamp(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
