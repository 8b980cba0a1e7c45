"""Pinned objects of which the tenant says otherwise in; what is said of each, and what it is not given, out.

The id decides, whoever bears the name. So the plan says both names; and in a protected environment nothing
new goes through such a pin, to its object or at it, until the lock file says both too: a reviewer sees names,
and not whose an id is.
"""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.kinds.base import Grant, application_address
from entra_config.kinds.directory import Directory, Renamed
from entra_config.manifest.model import Manifest
from entra_config.phrase import Phrase
from entra_config.plan.model import HeldBack, Notice


def notices(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each, with both names."""
    for each in directory.renamed.values():
        way = "" if each.pinned else f": {remedy(manifest)}"
        yield Notice(Phrase.of(each.difference, f"; its pinned id decides{way}"), None, each.position)


def objection(manifest: Manifest, directory: Directory, grant: Grant) -> HeldBack | None:
    """Hold back what would go to a pinned object, or be given at one, of which the tenant says what the
    lock file does not.
    """
    found = next((directory.renamed[id_] for id_ in _ends(directory, grant) if id_ in directory.unsaid), None)
    return _held_back(manifest, grant, found) if found is not None else None


def unsaid(directory: Directory, key: str) -> Renamed | None:
    """Return what the lock file does not say of the application of a key, None where it says all."""
    live = directory.live.get(key)
    id_ = (
        str(live.subject.application["id"])
        if live is not None and live.subject.application is not None
        else ""
    )
    return directory.renamed[id_] if id_ in directory.unsaid else None


def _ends(directory: Directory, grant: Grant) -> Iterator[str]:
    """Yield the ids of all objects that a grant is about."""
    yield grant.holder
    for key in (grant.client, grant.resource):
        if (found := unsaid(directory, key)) is not None:
            yield found.id
    api = directory.apis.get(grant.resource)
    yield str(api.id) if api is not None else ""


def _held_back(manifest: Manifest, grant: Grant, found: Renamed) -> HeldBack:
    place = application_address(grant.client or grant.resource)
    if grant.holder == found.id:
        message = Phrase.of(found.name, f" gets nothing new at {grant.resource}: ", found.difference)
    else:
        ends = f"to {grant.client} at {grant.resource}" if grant.client else f"at {grant.resource}"
        message = Phrase.of(f"nothing new is given {ends}: ", found.difference)
    return HeldBack(message, remedy(manifest), place, found.position)


def remedy(manifest: Manifest) -> str:
    """Return what a person can do."""
    return (
        f"look whether it is the one that is meant; `entra-config lock {manifest.chosen}` then "
        "writes both down"
    )
