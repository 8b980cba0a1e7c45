"""What a lock file holds: ids behind names, and what is pinned of applications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Pin:
    """The object id behind a name, and what the tenant said of that object when somebody took it for the one
    that is meant.

    `was`: what it was called, where that is not the name; `organization`: whose application it is, where it
    is another tenant's.
    """

    id: str
    was: str = ""
    organization: str = ""


@dataclass(frozen=True, slots=True)
class PinnedApplication:
    """What is pinned of one of ours: its appId, and of that one the owners and credentials that somebody
    accepted.

    `note` is the comment beside the appId: who made it and when, and whether somebody accepted it in place of
    which one; `was` is the key that it was created for, where that was another. `secrets` are the key ids of
    the secrets that rotation made or somebody adopted, by label.
    """

    app_id: str | None = None
    owners: tuple[str, ...] = ()
    key_ids: tuple[str, ...] = ()
    note: str = ""
    was: str = ""
    secrets: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def trusted(self) -> frozenset[str]:
        """Return the ids of owners and credentials that somebody accepted, or that a rotation of this tool
        made.
        """
        return frozenset((*self.owners, *self.key_ids, *(id_ for _, ids in self.secrets for id_ in ids)))


@dataclass(frozen=True, slots=True)
class Lock:
    """The pins of one environment: users by UPN, groups and service principals by display name.

    `rejected` are appIds that are a candidate for nothing, whatever marks they bear.
    """

    tenant_id: str = ""
    users: Mapping[str, Pin] = field(default_factory=dict)
    groups: Mapping[str, Pin] = field(default_factory=dict)
    service_principals: Mapping[str, Pin] = field(default_factory=dict)
    applications: Mapping[str, PinnedApplication] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()

    def application(self, key: str, previously: str | None) -> PinnedApplication:
        """Return what is pinned of a key's application; before a rename is applied its pin may still be under
        the former key, which the manifest names by `previously`.
        """
        own = self.applications.get(key, PinnedApplication())
        former = self.applications.get(previously or "", PinnedApplication())
        return former if own.app_id is None and former.app_id else own

    def key_of(self, app_id: str) -> str:
        """Return the key that an appId is pinned for, and an empty text if it is pinned for none."""
        return next((key for key, each in self.applications.items() if each.app_id == app_id), "")

    def renamed(self, old: str, new: str) -> Lock:
        """Return the pins with the application of one key pinned for another: it was renamed."""
        pinned = self.applications[old]
        was = "" if pinned.was == new else pinned.was or old
        kept = {key: each for key, each in self.applications.items() if key != old}
        return replace(self, applications={**kept, new: replace(pinned, was=was)})

    def user(self, name: str) -> Pin | None:
        """Return the pin of a user; UPNs have no case."""
        return _of(self.users, name)

    def group(self, name: str) -> Pin | None:
        """Return the pin of a group; the tenant finds a name whatever its case."""
        return _of(self.groups, name)

    def service_principal(self, name: str) -> Pin | None:
        """Return the pin of a service principal; the tenant finds a name whatever its case."""
        return _of(self.service_principals, name)


def _of(pins: Mapping[str, Pin], name: str) -> Pin | None:
    if (pin := pins.get(name)) is not None:
        return pin
    folded = name.casefold()
    return next((pin for known, pin in pins.items() if known.casefold() == folded), None)


def describe_changes(
    old: Lock, new: Lock, accepted: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """Yield a line for each pin that is not what it was. `accepted` are what people call what is
    accepted, by id.
    """
    sections = (("user", old.users, new.users), ("group", old.groups, new.groups))
    for noun, before, after in (
        *sections,
        ("service principal", old.service_principals, new.service_principals),
    ):
        yield from _moved(noun, before, after)
    empty = PinnedApplication()
    for key in sorted(old.applications.keys() | new.applications.keys()):
        was, now = old.applications.get(key, empty), new.applications.get(key, empty)
        if was.app_id != now.app_id:
            yield f"~ application {key}: appId {was.app_id or 'not pinned'} → {now.app_id or 'not pinned'}"
        if was.was != now.was and now.was:
            yield f"! application {key}: {now.app_id} was `{now.was}` before; make sure that this is meant"
        labels = sorted({*dict(was.secrets), *dict(now.secrets)})
        rotated = [
            (f"secret {label}", *(dict(side.secrets).get(label, ()) for side in (was, now)))
            for label in labels
        ]
        for what, gone, here in (
            ("owner", was.owners, now.owners),
            ("key id", was.key_ids, now.key_ids),
            *rotated,
        ):
            for each in sorted(set(here) - set(gone)):
                label = f"{accepted[each]} (id {each})" if each in accepted else f"{what} {each}"
                yield f"+ application {key}: accepts {label}"
            yield from (f"- application {key}: {what} {each}" for each in sorted(set(gone) - set(here)))
    yield from (
        f"- appId {each}: rejected, it is never one of ours"
        for each in sorted(set(new.rejected) - set(old.rejected))
    )
    yield from (
        f"+ appId {each}: no longer rejected" for each in sorted(set(old.rejected) - set(new.rejected))
    )


def _moved(noun: str, before: Mapping[str, Pin], after: Mapping[str, Pin]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if now is None:
            yield f"- {noun} {name}: {was.id if was else ''}"
            continue
        if was is None:
            yield f"+ {noun} {name}: {now.id}"
        elif was.id != now.id:
            yield f"! {noun} {name}: was {was.id}, the name means {now.id} now; make sure that this is meant"
        if now.was and (was is None or was.was != now.was):
            yield f"! {noun} {name}: {now.id} is called {now.was} now; make sure that this is meant"
        if now.organization and (was is None or was.organization != now.organization):
            yield (
                f"! {noun} {name}: {now.id} is of the organization {now.organization}; make sure that "
                "this is meant"
            )
