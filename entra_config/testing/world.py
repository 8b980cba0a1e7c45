"""An applied environment and the people of a file in; the world in which its tests sign in out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from entra_config.kinds.base import KEY_TAG
from entra_config.manifest.model import Manifest
from entra_config.testing.applying import DOMAIN, Applied
from entra_config.testing.model import PlacedString, SignInUser, Suite
from entra_emulator.api import ClientProofs, ManualClock, SigningIn, Tenant, Tenants, seed


@dataclass(frozen=True, slots=True)
class World:
    """An applied environment with the people and groups of one file; tests sign in here."""

    manifest: Manifest
    directory: Tenants
    clock: ManualClock
    entry: SigningIn
    proofs: ClientProofs
    now: datetime
    groups: frozenset[str]
    app_ids: Mapping[str, str]
    names: dict[str, str]
    made: dict[tuple[tuple[str, ...], bool, bool], str] = field(default_factory=dict)

    @classmethod
    def of(cls, applied: Applied, suite: Suite, groups: Iterable[str]) -> World:
        """Put the people and groups of a file into a copy of an applied environment; `groups` are those of
        every environment.
        """
        now = applied.directory.clock.now()
        clock = ManualClock(now)
        directory = Tenants.from_data(applied.directory.dump(), clock=clock)
        tenant = directory.default
        known = frozenset((*groups, *suite.groups, *(str(row["displayName"]) for row in tenant.groups)))
        for name in sorted(known):
            if tenant.one("groups", "displayName", name) is None:
                seed.add_group(tenant, name)
        proofs = ClientProofs(directory)
        entry = SigningIn.of(directory, proofs.issuers)
        app_ids = {**_others(applied.manifest, tenant), **_app_ids(applied.manifest, tenant)}
        names = {app_id: key for key, app_id in app_ids.items()}
        for key, app_id in app_ids.items():
            # The audience of a token of version 1 is what the client asked for.
            row = tenant.application_by_app_id(app_id)
            names |= {str(uri): key for uri in (row["identifierUris"] if row else ())}
        world = cls(applied.manifest, directory, clock, entry, proofs, now, known, app_ids, names)
        for group in suite.groups.values():
            world._join(world._group(group.name), group.member_of)
        for person in suite.people.values():
            world.add(person)
        names |= {str(row["id"]): str(row["displayName"]) for row in tenant.groups}
        names |= {str(row["id"]): str(row["userPrincipalName"]) for row in tenant.users}
        return world

    @property
    def tenant(self) -> Tenant:
        """Return the tenant."""
        return self.directory.default

    def unknown(self, member_of: Iterable[PlacedString]) -> list[PlacedString]:
        """Return the groups that neither the manifest nor the file names."""
        folded = {name.casefold() for name in self.groups}
        return [word for word in member_of if word.text.casefold() not in folded]

    def enter(self, person: SignInUser) -> str:
        """Return the UPN of who signs in; somebody who is made for a test is made here."""
        if person.name:
            return person.name
        key = (tuple(word.text for word in person.member_of), person.guest, person.enabled)
        if key not in self.made:
            self.made[key] = f"somebody{len(self.made) + 1}@{DOMAIN}"
            self.add(replace(person, name=self.made[key]))
        return self.made[key]

    def reported(self, sentence: str) -> str:
        """Return a sentence in which somebody who was made for a test is called by the groups that he is
        in.
        """
        for (groups, *_), name in self.made.items():
            sentence = sentence.replace(
                name, f"somebody in {', '.join(groups)}" if groups else "somebody in no group"
            )
        return sentence

    def add(self, person: SignInUser) -> None:
        """Put a person into the tenant, or what the file says of one whom the manifest names."""
        row = self.tenant.user_by_name(person.name)
        if row is None:
            row = seed.add_user(self.tenant, person.name, person.name.partition("@")[0].title())
        kind = "Guest" if person.guest else "Member"
        self.tenant.users.put({**row, "userType": kind, "accountEnabled": person.enabled})
        self._join(str(row["id"]), person.member_of)

    def _join(self, member: str, groups: Iterable[PlacedString]) -> None:
        for word in groups:
            if not self.unknown([word]):
                self.tenant.members.add(self._group(word.text), member)

    def _group(self, name: str) -> str:
        row = self.tenant.one("groups", "displayName", name)
        assert row is not None  # all that are known are there
        return str(row["id"])


def groups_of(manifests: Iterable[Manifest]) -> frozenset[str]:
    """Return every group that environments assign something to, by display name."""
    held = (assignees for manifest in manifests for assignees in manifest.assignments.values())
    return frozenset(named.name for assignees in held for named in assignees.groups)


def _others(manifest: Manifest, tenant: Tenant) -> Mapping[str, str]:
    """Return the appIds of applications of others that hold a role, by the name that the manifest gives
    them.
    """
    found = {}
    holding = [named for each in manifest.assignments.values() for named in each.service_principals or ()]
    for named in (*holding, *(each.named for each in manifest.grants)):
        row = tenant.service_principals.get(named.id) if named.id else None
        row = row or tenant.one("servicePrincipals", "displayName", named.name)
        if row is not None:
            found[named.name] = str(row["appId"])
    return found


def _app_ids(manifest: Manifest, tenant: Tenant) -> Mapping[str, str]:
    """Return the appIds of ours by key, as the tags of the registrations say."""
    found = {}
    for row in tenant.applications:
        tags = row["tags"]
        key = next((tag.removeprefix(KEY_TAG) for tag in tags if tag.startswith(KEY_TAG)), "")
        if key in manifest.applications:
            found[key] = str(row["appId"])
    return found
