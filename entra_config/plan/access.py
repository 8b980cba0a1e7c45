"""Gains and losses in, the phrases that every report uses for them out: in the values that tokens carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from entra_config.phrase import Phrase
from entra_config.plan.model import AccessChange

NAMED = 5
# What an application gets that nobody can read before.
_AUTHORIZED = "can be used at whatever APIs of others authorize it"
UNREAD = {
    # Others' APIs may have authorized it while it was deleted.
    "restored": f"comes back with what it held and who held its roles, and {_AUTHORIZED}",
    "authorized": _AUTHORIZED,
}
OWN_LINES = frozenset({"scope", *UNREAD})  # what is told elsewhere than among the values


def sentence(changes: Sequence[AccessChange]) -> str:
    """Return one sentence over all values: `3 people lose Auditor, 6 gain Admin.`."""
    parts = clauses(changes)
    return f"{', '.join(parts)}." if parts else "Nobody gains or loses anything."


def clauses(changes: Sequence[AccessChange]) -> list[str]:
    """Return what the sentence is made of."""
    ordered, several = _values(changes)
    parts = [
        clause(change, f"{change.application}/{value(change)}" if several else value(change), noun=not index)
        for index, change in enumerate(ordered)
    ]
    reported = telling(changes)
    consents = _consents(sorted((each for each in reported if each.kind == "scope"), key=_order))
    parts += [" ".join(row) for row in consents]
    return parts + [clause(change, "", noun=True) for change in reported if change.kind in UNREAD]


def rows(changes: Sequence[AccessChange]) -> list[tuple[str, str, str]]:
    """Return the same as a table, losses first: who, gains or loses, what."""
    ordered, _ = _values(changes)
    found = []
    for each in ordered:
        what = f"{each.application}/{value(each)}"
        verb, what = (_enters(each), each.application) if each.kind == "signIn" else (_verb(each), what)
        found.append((_who(each, noun=True), verb, what))
    reported = telling(changes)
    found += _consents(sorted((each for each in reported if each.kind == "scope"), key=_order))
    return found + [
        (each.application, "gains", f"{UNREAD[each.kind]} (not known before)")
        for each in reported
        if each.kind in UNREAD
    ]


def _values(changes: Sequence[AccessChange]) -> tuple[list[AccessChange], bool]:
    """Return the changes of values, losses first, and whether they are of several applications."""
    found = sorted((each for each in telling(changes) if each.kind not in OWN_LINES), key=_order)
    return found, len({each.application for each in found}) > 1


def telling(changes: Iterable[AccessChange]) -> list[AccessChange]:
    """Return the changes without sign-in that goes without saying: whoever gains a role may sign in by it."""
    changes = list(changes)
    gained: dict[str, set[str]] = {}
    for change in changes:
        if (change.kind, change.sign) == ("role", "gain"):
            gained.setdefault(change.application, set()).update(
                one.id for one in (*change.people, *change.applications)
            )
    return [
        change
        for change in changes
        if (change.kind, change.sign) != ("signIn", "gain")
        or change.count != len(change.people)
        or not {one.id for one in (*change.people, *change.applications)}
        <= gained.get(change.application, set())
    ]


def phrase(change: AccessChange, role: str = "", *, names: bool = True) -> str:
    """Return what one change means: `3 people lose it: group Audit (2), li@contoso.com (direct)`."""
    wording = clause(change, role or value(change), noun=True)
    reported = through(change, names=names)
    return f"{wording}: {reported}" if reported and role else wording


def gains(changes: Iterable[AccessChange]) -> Iterator[tuple[AccessChange, str]]:
    """Yield each gain of a role with its sentence: `6 people gain api/Admin: group On call (6)`; people
    counted without names.
    """
    for change in telling(changes):
        if (change.kind, change.sign) == ("role", "gain"):
            yield change, Phrase.worded(whole(change, names=True), whole(change, names=False))


def whole(change: AccessChange, *, names: bool) -> str:
    """Return who gains or loses what of which API, and through what: `6 people gain api/Admin: group On
    call (6)`.
    """
    if change.kind == "scope":
        client = change.applications[0].name if change.applications else change.client
        return f"{client} {change.sign}s {change.application}/{change.role}"
    wording = clause(change, f"{change.application}/{value(change)}", noun=True)
    reported = through(change, names=names)
    return f"{wording}: {reported}" if reported else wording


def value(change: AccessChange) -> str:
    """Return what tokens carry, with the manifest's label where that is another."""
    return f"{change.role} ({change.label})" if change.label not in {"", change.role} else change.role


def through(change: AccessChange, *, names: bool) -> str:
    """Return through what: groups with their numbers, applications, then those who hold it directly, by
    name or counted.
    """
    by_path: dict[str, list[str]] = {}
    for person in change.people:
        by_path.setdefault(person.through, []).append(person.name)
    parts = [f"{path} ({len(people)})" for path, people in sorted(by_path.items()) if path != "direct"]
    parts += sorted(one.name for one in change.applications)
    direct = sorted(by_path.get("direct", []))
    if direct and not names:
        return ", ".join([*parts, f"direct ({len(direct)})"])
    parts += [f"{name} (direct)" for name in direct[:NAMED]]
    if len(direct) > NAMED:
        parts.append(f"{len(direct) - NAMED} more (direct)")
    return ", ".join(parts)


def clause(change: AccessChange, role: str, *, noun: bool) -> str:
    """Return who gains or loses what, people and applications apart."""
    if change.kind in UNREAD:
        return f"{change.application} {UNREAD[change.kind]} (not known before)"
    who = _who(change, noun=noun)
    if change.kind == "signIn":
        return f"{who} {_enters(change)} {change.application}"
    return f"{who} {_verb(change)} {role}"


def _verb(change: AccessChange) -> str:
    one = change.count is not None and change.count + len(change.applications) == 1
    return f"{change.sign}{'s' if one else ''}"


def _enters(change: AccessChange) -> str:
    return "can sign in to" if change.sign == "gain" else "can no longer sign in to"


def _who(change: AccessChange, *, noun: bool) -> str:
    parts = ["an unknown number of people"] if change.count is None else []
    if change.count:
        named = noun or change.count == 1 or change.applications
        parts.append(
            f"{change.count} {'person' if change.count == 1 else 'people'}" if named else f"{change.count}"
        )
    if number := len(change.applications):
        parts.append(f"{number} application{'' if number == 1 else 's'}")
    return " and ".join(parts)


def _consents(changes: Sequence[AccessChange]) -> list[tuple[str, str, str]]:
    """Return one row for each client and API: `spa`, `gains`, `user.read, user.write of api`."""
    scopes: dict[tuple[str, str, str], list[str]] = {}
    for change in changes:
        client = change.applications[0].name if change.applications else change.client
        scopes.setdefault((client, change.sign, change.application), []).append(change.role)
    return [
        (client, f"{sign}s", f"{', '.join(names)} of {api}") for (client, sign, api), names in scopes.items()
    ]


def _order(change: AccessChange) -> tuple[bool, str, str, str]:
    return change.sign != "lose", change.application, change.role, change.client
