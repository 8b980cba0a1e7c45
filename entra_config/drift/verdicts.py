"""A property's values before and after in a record in; what they tell about a finding out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from entra_config.drift.audit import entries
from entra_config.drift.model import Finding
from entra_config.kinds.base import KEY_TAG, OWNER_TAG
from entra_config.properties import Reads, find

FieldVerdict = Literal["made", "unmade", "may", "kept", "no"]
Judge = Callable[[Any, Any], FieldVerdict]


def entry(
    finding: Finding,
    reads: Reads,
    element: Any,
    compare: Callable[[Finding, Any, Any], FieldVerdict],
    *,
    type_: str = "",
) -> Judge:
    """Return how the values of a list tell about one entry of it; `type` is which of two collections in
    one list it is of.
    """

    def judge(old: Any, new: Any) -> FieldVerdict:
        was, now = (entries(reads, of_type(side, type_)) for side in (old, new))
        if not element or (element not in was and element not in now):
            # Of a certificate that is gone the manifest knows no key id: any that went may be it.
            return (
                "may" if reads == "keys" and finding.sign == "removed" and was.keys() - now.keys() else "kept"
            )
        if element in was and element in now:
            return compare(finding, was[element], now[element]) if finding.sign == "changed" else "kept"
        if finding.sign == "changed":
            # It came anew, under the same name or id: with what it has now, or with something else.
            return compare(finding, {}, now[element]) if element in now else "unmade"
        return "made" if (element in now) == (finding.sign == "added") else "unmade"

    return judge


def of_type(value: Any, path: str) -> Any:
    """Return the scopes or the roles of the one list that has both: a role and a scope may share an id
    (azure-docs#81899).
    """
    return [item for item in value if _type(item) in {path, ""}] if isinstance(value, list) else value


def _type(item: Any) -> str:
    if not isinstance(item, Mapping):
        return ""
    return (
        "api.oauth2PermissionScopes"
        if item.get("ImpersonationAccessGrantTypes")
        else ("appRoles" if item.get("DirectAccessGrantTypes") else "")
    )


def fields(table: Mapping[str, str]) -> Callable[[Finding, Any, Any], FieldVerdict]:
    """Return how two states of one entry tell about the fields of it that differ from the manifest."""

    def compare(finding: Finding, was: Any, now: Any) -> FieldVerdict:
        named_by = {_field(name, value, table, was, now) for name, value in _differing(finding)}
        if not named_by:
            return "kept"
        return named_by.pop() if len(named_by) == 1 else "may"

    return compare


def _field(
    name: str, live: Any, table: Mapping[str, str], was: Mapping[str, Any], now: Mapping[str, Any]
) -> FieldVerdict:
    known = table.get(name)
    if known is None or (known not in was and known not in now):
        return "may"
    before, after = was.get(known), now.get(known)
    if before == after:
        return "kept"
    shown = not live if name == "isEnabled" else live
    return "made" if (after or None) == (shown or None) else "unmade"


def _differing(finding: Finding) -> Iterator[tuple[str, Any]]:
    if isinstance(finding.live, Mapping) and isinstance(finding.declared, Mapping):
        yield from finding.live.items()
    else:
        yield finding.path, finding.live


def scope(finding: Finding, client: str) -> Judge:
    """Return how the list of authorized clients tells of one scope of one of them: its spelling is not
    known, its ids are.
    """

    def judge(old: Any, new: Any) -> FieldVerdict:
        sides = [entries("clients", side).get(client, {}) for side in (old, new)]
        was, now = (str(finding.element).casefold() in _ids(side) for side in sides)
        if was == now:
            return "kept"
        return "made" if now == (finding.sign == "added") else "unmade"

    return judge


def _ids(entry: Mapping[str, Any]) -> set[str]:
    lists = (part for part in entry.values() if isinstance(part, list))
    return {str(each).casefold() for part in lists for each in part}


def untold(_: Finding, was: Any, now: Any) -> FieldVerdict:
    """Tell of an entry whose fields are not known one by one."""
    return "kept" if was == now else "may"


def address(finding: Finding) -> Judge:
    """Return how the one list of redirect URIs and of the logout URL tells about one of them."""
    client = find(finding.path).log_platform

    def judge(old: Any, new: Any) -> FieldVerdict:
        was, now = (entries("addresses", side) for side in (old, new))
        if not client:
            before, after = ({key[0] for key in side if key[1] == "4"} for side in (was, now))
            if before == after:
                return "kept"
            return "made" if after == ({finding.live} if finding.live else set()) else "unmade"
        element = str(finding.element)
        kinds_before, kinds_after = ({key[2] for key in side if key[0] == element} for side in (was, now))
        if (client in kinds_before) == (client in kinds_after):
            return "kept"
        return "made" if (client in kinds_after) == (finding.sign == "added") else "unmade"

    return judge


def federated(credential: str) -> Judge:
    """Return how the list tells that a credential came: by its id, for another may bear its name later."""

    def judge(old: Any, new: Any) -> FieldVerdict:
        was, now = ({entry.get("Id") for entry in entries("federated", side).values()} for side in (old, new))
        if (credential in was) == (credential in now):
            return "kept"
        return "made" if credential in now else "unmade"

    return judge


def value(finding: Finding) -> Judge:
    """Return how the values of a property with one value tell."""

    def judge(old: Any, new: Any) -> FieldVerdict:
        before, after = (
            side[0] if isinstance(side, list) and len(side) == 1 else side or None for side in (old, new)
        )
        if before == after:
            return "kept"
        if finding.live is not None and not isinstance(finding.live, str | bool | int):
            return "may"
        if (after if after is not None else "") == (finding.live if finding.live is not None else ""):
            return "made"
        return "unmade" if find(finding.path).verbatim else "may"

    return judge


def tags(finding: Finding) -> Judge:
    """Return how a list of tags tells about the ownership tags in it."""

    def judge(old: Any, new: Any) -> FieldVerdict:
        was, now = (
            {tag for tag in side or () if str(tag).startswith((OWNER_TAG, KEY_TAG))} for side in (old, new)
        )
        if was == now:
            return "kept"
        return "made" if now == set(finding.live) else "unmade"

    return judge


def bit(finding: Finding) -> Judge:
    """Return how a number of bits, or one for several values, tells: which bit is which flag no fact says,
    but none is none.
    """
    live = finding.live not in {None, False, find(finding.path).closed}

    def judge(old: Any, new: Any) -> FieldVerdict:
        was, now = (bool(side) and side not in ([0], [False]) and side for side in (old, new))
        if was == now:
            return "kept"
        return "unmade" if live and not now else "may"

    return judge


def moved(old: Any, new: Any) -> FieldVerdict:
    """Tell of a property that a record may show only in part."""
    return "kept" if old == new else "may"
