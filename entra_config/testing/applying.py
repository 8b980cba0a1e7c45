"""An environment of a manifest in, a tenant of the emulator in which it is applied, and nothing else
exists, out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from entra_config import reconcile
from entra_config.actual import questions
from entra_config.errors import RefusedError
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest.model import Manifest
from entra_config.manifest.sections import microsoft
from entra_config.moments import parse_moment
from entra_config.plan.options import Options
from entra_config.testing import populating
from entra_emulator.api import (
    DEPLOYER,
    Caller,
    Embedded,
    Identifiers,
    ManualClock,
    Tenant,
    Tenants,
    seed,
)

DOMAIN = "tests.onmicrosoft.com"
# Nobody loses anything in a tenant that was made a moment ago, and nobody reviews its plan.
LOSSES = Options(frozenset({"many", "last", "used", "unseen"}))
MADE = "tests"  # what ids are derived from: the same manifest makes the same tenant


@dataclass(frozen=True, slots=True)
class Applied:
    """A tenant with one environment of a manifest in it; `left_out` is what the plan refused to do, in its
    own words.
    """

    manifest: Manifest
    directory: Tenants
    left_out: tuple[str, ...] = ()


async def apply(manifest: Manifest, now: datetime, directory: Tenants | None = None) -> Applied:
    """Apply an environment to a tenant that has nothing but what the manifest names, or to a directory beside
    what is there.

    Nothing there is anybody's, so that neither protection nor pins mean anything. Raises RefusedError where
    it cannot be applied.
    """
    wanted = _unpinned(manifest)
    directory = directory or Tenants(clock=ManualClock(now), ids=Identifiers(MADE))
    known = directory.tenants.get(manifest.tenant_id)
    tenant = known or directory.add(seed.empty(manifest.tenant_id, "Tests", (DOMAIN,)))
    directory.default_id = tenant.tenant_id
    populating.populate(directory, wanted)
    _by_id(tenant, wanted)
    _offer(directory, wanted)
    _adoptable(tenant, wanted)
    left_out: tuple[str, ...] = ()
    graph, pace = await connect_to(directory, now)
    async with graph:
        for stage in _stages(wanted):
            left_out = await _carried_out(stage, graph, _planned(wanted, now), pace)
    return Applied(manifest, directory, left_out)


async def connect_to(directory: Tenants, now: datetime) -> tuple[Graph, ManualClock]:
    """Return Graph, signed in to the default tenant as its deployer, and the clock of its quotas."""
    embedded = Embedded.create(directory)
    object_id, app_id = seed.fixed_id(MADE, "oid"), seed.fixed_id(MADE, "appId")
    caller = Caller("app", directory.default.tenant_id, object_id, app_id, roles=frozenset(DEPLOYER))
    credential = FixedToken(
        embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid, "entra-config test")
    )
    # Graph's quotas are kept in a time of its own, which passes where somebody would wait.
    pace = ManualClock(now)

    def seconds() -> float:
        return pace.now().timestamp()

    graph = await connect(
        "emulator",
        credential=credential,
        transport=embedded.transport(),
        clock=seconds,
        now=seconds,
        sleep=pace.sleep,
    )
    return graph, pace


async def _carried_out(manifest: Manifest, graph: Graph, now: datetime, pace: ManualClock) -> tuple[str, ...]:
    plan = await reconcile.plan(manifest, graph, LOSSES, now=now)
    if plan.blocked:
        raise RefusedError(_reported(manifest, (each.message for each in plan.refusals if each.blocks)))
    outcome = await reconcile.apply(plan, graph, sleep=pace.sleep, wait=False)
    if outcome.failed:
        raise RefusedError(_reported(manifest, (f"{step.id}: {error}" for step, error in outcome.failed)))
    held = [f"{each.message} ({each.remedy})" for each in plan.withheld]
    return (*(each.message for each in plan.refusals), *held)


def _stages(manifest: Manifest) -> list[Manifest]:
    """Return what is applied one after the other: a role that is disabled stays with whom it was given to
    before.
    """
    enabled = {
        key: replace(
            application,
            scopes={label: replace(scope, is_enabled=True) for label, scope in application.scopes.items()},
            app_roles={
                label: replace(role, is_enabled=True) for label, role in application.app_roles.items()
            },
        )
        for key, application in manifest.applications.items()
    }
    return (
        [manifest]
        if enabled == manifest.applications
        else [replace(manifest, applications=enabled), manifest]
    )


def _planned(manifest: Manifest, now: datetime) -> datetime:
    """Return a time at which no certificate has ended: one that ends stays where it is, and only a new one
    is refused for it.
    """
    ends = (
        each.not_after
        for application in manifest.applications.values()
        for each in application.certificates or ()
    )
    return min([now, *(parse_moment(end) - timedelta(seconds=1) for end in ends if end)])


def _unpinned(manifest: Manifest) -> Manifest:
    """Return the manifest without what is about a tenant that exists: protection, and pins of our
    applications.
    """
    own = {
        key: replace(application, app_id=None, locked=False) if application.locked else application
        for key, application in manifest.applications.items()
    }
    return replace(
        manifest,
        applications=own,
        protected=False,
        pinned={},
        rejected=frozenset(),
        accepted={},
        rotated={},
        renamed={},
        removed={},
    )


def _by_id(tenant: Tenant, manifest: Manifest) -> None:
    """Create the people that the manifest names by id alone: a test names them so too."""
    for types, named in questions.everybody(manifest):
        known = (
            table.get(named.id or "") for table in (tenant.users, tenant.groups, tenant.service_principals)
        )
        if named.id is None or named.id != named.name or any(known):
            continue
        if "user" in types:
            seed.add_user(tenant, f"{named.id}@{DOMAIN}", named.id, row_id=named.id)
        else:
            seed.add_group(tenant, named.id, row_id=named.id)


def _offer(directory: Tenants, manifest: Manifest) -> None:
    """Let others' applications offer what the manifest asks of them: more of them is not known."""
    tenant = directory.default
    external = {key: each.app_id or seed.fixed_id(tenant.tenant_id, "appId",
    each.named.name if each.named else key)
               for key, each in manifest.enterprise_applications.items()}  # fmt: skip
    delegated: dict[str, set[str]] = {app_id: set() for app_id in external.values()}
    roles: dict[str, dict[str, set[str]]] = {app_id: {} for app_id in external.values()}
    for application in manifest.applications.values():
        for permission in application.api_permissions.values():
            if permission.own:
                continue
            app_id = external.get(permission.resource) or microsoft.APIS.get(
                permission.resource, permission.resource
            )
            delegated.setdefault(app_id, set()).update(
                permission.delegated, permission.delegated_consent or ()
            )
            for value in {*permission.application, *(permission.application_consent or ())}:
                roles.setdefault(app_id, {}).setdefault(value, set()).add("Application")
    for given in manifest.grants:
        app_id = external.get(given.resource) or microsoft.APIS.get(given.resource, given.resource)
        for value in given.application:
            roles.setdefault(app_id, {}).setdefault(value, set()).add("Application")
    for key, label in manifest.assignments:
        if key in external and label != "default":
            roles[external[key]].setdefault(label, set()).add("User")
    shown = {app_id: name for name, app_id in microsoft.APIS.items()}
    requested = {app_id: shown.get(app_id, app_id) for app_id in {*delegated, *roles} - {seed.GRAPH_APP_ID}}
    seed.for_names(directory, [tenant.tenant_id], applications=requested)
    for app_id in requested:
        seed.publish_permissions(tenant, app_id, delegated.get(app_id, ()), roles.get(app_id, {}))


def _adoptable(tenant: Tenant, manifest: Manifest) -> None:
    """Register what the manifest adopts by its appId."""
    for application in manifest.applications.values():
        if application.app_id and tenant.application_by_app_id(application.app_id) is None:
            seed.add_application(tenant, application.key, app_id=application.app_id)


def _reported(manifest: Manifest, messages: Iterable[str]) -> str:
    return "\n".join(
        f"{manifest.owner} cannot be applied to the tenant of the tests: {message}" for message in messages
    )
