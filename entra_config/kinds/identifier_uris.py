"""What is and what should be in; which identifier URIs one application of ours lets go and another takes
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.kinds.base import is_application
from entra_config.kinds.directory import Directory
from entra_config.plan.model import Change, Delete, Release
from entra_config.resource import Address, Value

URIS = "identifierUris"


def passed_on(changes: Iterable[Change], directory: Directory) -> dict[str, Address]:
    """Return each URI that goes from one application to another, in lower case as Graph compares, with who
    holds it now.
    """
    holders: dict[str, Address] = {}
    claimed: set[str] = set()
    for change in changes:
        if isinstance(change, Release):
            continue
        address = change.before.address if isinstance(change, Delete) else change.after.address
        if not is_application(address):
            continue
        wanted = {} if isinstance(change, Delete) else change.after.values
        if not isinstance(change, Delete) and URIS not in wanted:
            continue
        live = folded(_live(directory, address))
        should = folded(wanted.get(URIS) or ())
        holders |= dict.fromkeys(live - should, address)
        claimed |= should - live
    return {uri: holder for uri, holder in holders.items() if uri in claimed}


def released(
    uris: Iterable[Value], after: Iterable[Value], passed: Mapping[str, Address]
) -> list[Value] | None:
    """Return what is left of live URIs until others have taken theirs; None where nobody waits for one of
    them.
    """
    kept = folded(after)
    gone = folded(uris) - kept
    return [uri for uri in uris if uri.casefold() in kept] if gone & passed.keys() else None


def givers(
    before: Iterable[Value], after: Iterable[Value], passed: Mapping[str, Address]
) -> frozenset[Address]:
    """Return the applications that must let go of a URI first."""
    return frozenset(passed[uri] for uri in folded(after) - folded(before) if uri in passed)


def folded(uris: Iterable[Value]) -> set[str]:
    """Return the URIs that are known, in lower case."""
    return {uri.casefold() for uri in uris if isinstance(uri, str)}


def _live(directory: Directory, address: Address) -> list[Any]:
    live = directory.live.get(address.key)
    return list((live.subject.application or {}).get(URIS) or []) if live else []
