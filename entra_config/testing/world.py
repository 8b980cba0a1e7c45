"""An environment of a manifest in, a tenant in which it is applied and nothing else exists out; people and groups on request."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from entra_config import reconcile
from entra_config.actual import questions
from entra_config.emulator import seed
from entra_config.emulator.callers import Caller
from entra_config.emulator.clock import ManualClock
from entra_config.emulator.directory import Directory
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.graph import shapes
from entra_config.emulator.identifiers import Identifiers
from entra_config.emulator.proofs import Proofs
from entra_config.emulator.seed_rows import DEPLOYER
from entra_config.emulator.signing_in import SigningIn
from entra_config.emulator.tenant import Tenant
from entra_config.errors import RefusedError
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest.model import Manifest
from entra_config.manifest.sections import microsoft
from entra_config.testing import populating
from entra_config.testing.model import Person, Suite, Word

DOMAIN = "tests.onmicrosoft.com"
MADE = "tests"  # what ids are derived from: the same manifest makes the same tenant


@dataclass(frozen=True, slots=True)
class Applied:
    """A tenant with one environment of a manifest in it; `left_out` is what the plan refused to do, in its own words."""

    manifest: Manifest
    directory: Directory
    left_out: tuple[str, ...] = ()


async def apply(manifest: Manifest, now: datetime) -> Applied:
    """Apply an environment to a tenant that has nothing but what the manifest names.

    Nothing there is anybody's, so that neither protection nor pins mean anything. Raises RefusedError where it cannot be applied.
    """
    wanted = _unpinned(manifest)
    directory = Directory(clock=ManualClock(now), ids=Identifiers(MADE))
    tenant = directory.add(seed.empty(manifest.tenant_id, "Tests", (DOMAIN,)))
    populating.populate(directory, wanted)
    _by_id(tenant, wanted)
    _offer(directory, wanted)
    _adoptable(tenant, wanted)
    embedded = Embedded.create(directory)
    caller = Caller(
        "app", tenant.tenant_id, seed.fixed_id(MADE, "applies"), seed.fixed_id(MADE, "appId"), roles=frozenset(DEPLOYER)
    )
    identity = Identity(caller.tid, caller.oid, caller.appid, "entra-config test")
    credential = FixedToken(embedded.token(caller), identity)
    async with await connect("emulator", credential=credential, transport=embedded.transport(), sleep=_at_once) as graph:
        plan = await reconcile.plan(wanted, graph, now=now)
        if plan.blocked:
            raise RefusedError(_told(manifest, (each.message for each in plan.refusals if each.blocks)))
        outcome = await reconcile.apply(plan, graph, sleep=_at_once, wait=False)
    if outcome.failed:
        raise RefusedError(_told(manifest, (f"{step.id}: {error}" for step, error in outcome.failed)))
    held = [f"{each.message} ({each.remedy})" for each in plan.held_back]
    return Applied(manifest, directory, (*(each.message for each in plan.refusals), *held))


@dataclass(frozen=True, slots=True)
class World:
    """An applied environment with the people and groups of one file; tests sign in here."""

    manifest: Manifest
    directory: Directory
    clock: ManualClock
    entry: SigningIn
    proofs: Proofs
    now: datetime
    groups: frozenset[str]
    app_ids: Mapping[str, str]
    names: dict[str, str]
    made: dict[tuple[tuple[str, ...], bool, bool], str] = field(default_factory=dict)

    @classmethod
    def of(cls, applied: Applied, suite: Suite, groups: Iterable[str]) -> World:
        """Put the people and groups of a file into a copy of an applied environment; `groups` are those of every environment."""
        now = applied.directory.clock.now()
        clock = ManualClock(now)
        directory = Directory.from_data(applied.directory.dump(), clock=clock)
        tenant = directory.default
        known = frozenset((*groups, *suite.groups, *(str(row["displayName"]) for row in tenant.groups)))
        for name in sorted(known):
            if tenant.one("groups", "displayName", name) is None:
                seed.add_group(tenant, name)
        proofs = Proofs(directory)
        entry = SigningIn.of(directory, proofs.issuers)
        app_ids = _app_ids(applied.manifest, tenant)
        names = {app_id: key for key, app_id in app_ids.items()}
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

    def unknown(self, member_of: Iterable[Word]) -> list[Word]:
        """Return the groups that neither the manifest nor the file names."""
        folded = {name.casefold() for name in self.groups}
        return [word for word in member_of if word.text.casefold() not in folded]

    def enter(self, person: Person) -> str:
        """Return the UPN of who signs in; somebody who is made for a test is made here."""
        if person.name:
            return person.name
        key = (tuple(word.text for word in person.member_of), person.guest, person.enabled)
        if key not in self.made:
            self.made[key] = f"somebody{len(self.made) + 1}@{DOMAIN}"
            self.add(replace(person, name=self.made[key]))
        return self.made[key]

    def told(self, sentence: str) -> str:
        """Return a sentence in which somebody who was made for a test is called by the groups that he is in."""
        for (groups, *_), name in self.made.items():
            sentence = sentence.replace(name, f"somebody in {', '.join(groups)}" if groups else "somebody in no group")
        return sentence

    def add(self, person: Person) -> None:
        """Put a person into the tenant, or what the file says of one whom the manifest names."""
        row = self.tenant.user_by_name(person.name)
        if row is None:
            row = seed.add_user(self.tenant, person.name, person.name.partition("@")[0].title())
        kind = "Guest" if person.guest else "Member"
        self.tenant.users.put({**row, "userType": kind, "accountEnabled": person.enabled})
        self._join(str(row["id"]), person.member_of)

    def _join(self, member: str, groups: Iterable[Word]) -> None:
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


def _unpinned(manifest: Manifest) -> Manifest:
    """Return the manifest without what is about a tenant that exists: protection, and pins of our applications."""
    own = {
        key: replace(application, app_id=None, locked=False) if application.locked else application
        for key, application in manifest.applications.items()
    }
    return replace(
        manifest, applications=own, protected=False, pinned={}, rejected=frozenset(), accepted={}, renamed={}, removed={}
    )


def _by_id(tenant: Tenant, manifest: Manifest) -> None:
    """Make whom the manifest names by id alone: a test names them so too."""
    for sorts, named in questions.everybody(manifest):
        if named.id != named.name or tenant.users.get(named.id) or tenant.groups.get(named.id):
            continue
        if "user" in sorts:
            seed.add_user(tenant, f"{named.id}@{DOMAIN}", named.id, row_id=named.id)
        else:
            seed.add_group(tenant, named.id, row_id=named.id)


def _offer(directory: Directory, manifest: Manifest) -> None:
    """Let others' applications offer what the manifest asks of them: more of them is not known."""
    tenant = directory.default
    foreign = {key: each.app_id or seed.fixed_id(tenant.tenant_id, "appId", each.named.name if each.named else key)
               for key, each in manifest.enterprise_applications.items()}  # fmt: skip
    delegated: dict[str, set[str]] = {app_id: set() for app_id in foreign.values()}
    roles: dict[str, dict[str, set[str]]] = {app_id: {} for app_id in foreign.values()}
    for application in manifest.applications.values():
        for permission in application.api_permissions.values():
            if permission.own:
                continue
            app_id = foreign.get(permission.resource) or microsoft.APIS.get(permission.resource, permission.resource)
            delegated.setdefault(app_id, set()).update(permission.delegated, permission.delegated_consent or ())
            for value in {*permission.application, *(permission.application_consent or ())}:
                roles.setdefault(app_id, {}).setdefault(value, set()).add("Application")
    for key, label in manifest.assignments:
        if key in foreign and label != "default":
            roles[foreign[key]].setdefault(label, set()).add("User")
    shown = {app_id: name for name, app_id in microsoft.APIS.items()}
    asked = {app_id: shown.get(app_id, app_id) for app_id in {*delegated, *roles} - {seed.GRAPH_APP_ID}}
    seed.for_names(directory, [tenant.tenant_id], applications=asked)
    for app_id in asked:
        row = tenant.service_principal_by_app_id(app_id)
        assert row is not None  # it was there, or has just been made
        offered = {each["value"] for each in (*row["oauth2PermissionScopes"], *row["appRoles"])}
        scopes = [
            shapes.scope(seed.fixed_id(app_id, "scope", value), value, (value, value), admin=False)
            for value in sorted(delegated.get(app_id, set()) - offered)
        ]
        made = [
            shapes.app_role(seed.fixed_id(app_id, "role", value), value, value, value, sorted(members))
            for value, members in sorted(roles.get(app_id, {}).items())
            if value not in offered
        ]
        row = {**row, "oauth2PermissionScopes": [*row["oauth2PermissionScopes"], *scopes], "appRoles": [*row["appRoles"], *made]}
        tenant.service_principals.put(row)


def _adoptable(tenant: Tenant, manifest: Manifest) -> None:
    """Register what the manifest adopts by its appId."""
    for application in manifest.applications.values():
        if application.app_id and tenant.application_by_app_id(application.app_id) is None:
            seed.add_application(tenant, application.key, app_id=application.app_id)


def _app_ids(manifest: Manifest, tenant: Tenant) -> Mapping[str, str]:
    """Return the appIds of ours by key, as the tags of the registrations say."""
    found = {}
    for row in tenant.applications:
        tags = row["tags"]
        key = next((tag.removeprefix("entra-config:key=") for tag in tags if tag.startswith("entra-config:key=")), "")
        if key in manifest.applications:
            found[key] = str(row["appId"])
    return found


def _told(manifest: Manifest, messages: Iterable[str]) -> str:
    return "\n".join(f"{manifest.owner} cannot be applied to the tenant of the tests: {message}" for message in messages)


async def _at_once(_: float) -> None:
    await asyncio.sleep(0)
