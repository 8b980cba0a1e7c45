"""Who could gain access in; the words that all access reports have for it out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.actual.access import Possible, Potential
from entra_config.actual.potential import NEVER_READ
from entra_config.report import escape
from entra_config.report.lines import Line, cells, line, padded

HEADING = "Could gain access"
_SHOWN = 5
_POWERS = {"assign": "give its roles", "actAs": "sign in as it", "addMembers": "add members"}


def lines(found: Potential) -> Iterator[Line]:
    """Yield a line for each person or application and what makes it possible, and what was not read."""
    yield line()
    yield line((HEADING, "bold"), ("  without a change of the manifest", "dim"))
    found_rows = rows(found)
    if not found_rows:
        yield line("  Nobody in the sources that were read.")
    width = max((cells(escape.text(each["name"])) for each in found_rows), default=0) + 2
    for each in found_rows:
        yield line(
            "  ", padded(escape.text(each["name"]), width), escape.text(f"{each['through']}: {each['can']}")
        )
    for text in notes(found):
        yield line("  ", (escape.text(text), "dim"))


def notes(found: Potential) -> list[str]:
    """Return a sentence for each source that could not be read, and one for those that never are."""
    return [
        *(f"{each[0].upper()}{each[1:]}." for each in found.unknown),
        f"Not read: {'; '.join(NEVER_READ)}.",
    ]


def rows(found: Potential) -> list[dict[str, str]]:
    """Return who could, through what, and what they can do: a row for each person or application and
    ownership or directory role.
    """
    groups: dict[tuple[str, str], list[Possible]] = {}
    for each in found.possible:
        groups.setdefault((each.id, _through(each)), []).append(each)
    return [
        {
            "name": f"{of[0].name} (disabled)" if of[0].disabled else of[0].name,
            "through": through,
            "can": f"can {'; '.join(map(_power, of))}",
        }
        for (_, through), of in groups.items()
    ]


def reported(each: Possible) -> str:
    """Return through what somebody could gain access, and how."""
    return f"{_through(each)}: can {_POWERS[each.power]}"


def _through(each: Possible) -> str:
    return f"{each.through}, for {each.scope} only" if each.scope else each.through


def _power(each: Possible) -> str:
    """Return what somebody can do to which targets; of many the first and how many more."""
    more = len(each.targets) - _SHOWN
    shown = ", ".join(each.targets[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    match each.power:
        case "assign":
            return f"give the roles of {shown}"
        case "actAs":
            return f"sign in as {shown}"
        case _:
            which = "the group" if len(each.targets) == 1 else "the groups"
            has = "has" if len(each.targets) == 1 else "have"
            return f"add members to {which} {shown}, which {has} {', '.join(each.roles)}"
