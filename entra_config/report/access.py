"""Gains and losses of roles in, the phrases that every report uses for them out."""

from __future__ import annotations

from collections.abc import Sequence

from entra_config.plan.model import AccessChange

NAMED = 5
_ALONE = {"direct", "application"}


def sentence(changes: Sequence[AccessChange]) -> str:
    """Return one sentence over all roles: `3 people lose Auditor, 6 gain Admin.`."""
    several = len({change.application for change in changes}) > 1
    ordered = sorted(changes, key=lambda each: (each.sign != "lose", each.application, each.role))
    parts = [
        _clause(change, f"{change.application}/{change.role}" if several else change.role, noun=not index)
        for index, change in enumerate(ordered)
    ]
    return f"{', '.join(parts)}." if parts else "Nobody gains or loses a role."


def phrase(change: AccessChange, role: str = "", *, names: bool = True) -> str:
    """Return what one change means: `3 people lose it: group Audit (2), li@contoso.com (direct)`."""
    clause = _clause(change, role or change.role, noun=True)
    told = through(change, names=names)
    return f"{clause}: {told}" if told and role else clause


def through(change: AccessChange, *, names: bool) -> str:
    """Return through what: groups with their numbers, then those who hold it directly, by name or counted."""
    by_path: dict[str, list[str]] = {}
    for person in change.people:
        by_path.setdefault(person.through, []).append(person.name)
    parts = [f"{path} ({len(people)})" for path, people in sorted(by_path.items()) if path not in _ALONE]
    parts += sorted(by_path.get("application", []))
    direct = sorted(by_path.get("direct", []))
    if direct and not names:
        return ", ".join([*parts, f"direct ({len(direct)})"])
    parts += [f"{name} (direct)" for name in direct[:NAMED]]
    if len(direct) > NAMED:
        parts.append(f"{len(direct) - NAMED} more (direct)")
    return ", ".join(parts)


def _clause(change: AccessChange, role: str, *, noun: bool) -> str:
    one = change.count == 1
    verb = f"{change.sign}s" if one else change.sign
    if change.count is None:
        return f"more people than were counted {verb} {role}"
    applications = bool(change.people) and all(person.through == "application" for person in change.people)
    nouns = ("application", "applications") if applications else ("person", "people")
    said = f" {nouns[0] if one else nouns[1]}" if noun or one or applications else ""
    return f"{change.count}{said} {verb} {role}"
