"""Small estates for the tests of policy and impact: assignments, plans, manifests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.policy import Policy
from entra_config.manifest.targets import Targets
from entra_config.plan.held import Assignment, Holder, Role, Side
from entra_config.plan.model import Change, Plan, TenantInfo
from entra_config.resource import Address, Resource, State

API = Address("application", "api")
TENANT = "11111111-1111-1111-1111-111111111111"


def assignment(role: str, principal: str, application: str = "api") -> Resource:
    """Make an assignment as reading makes it; `principal` is `group:audit` or `user:li`."""
    kind, _, name = principal.partition(":")
    title = f"{application}/{role} ← {kind} {name}"
    return Resource(Address("appRoleAssignment", f"{application}/{role}/{principal}"), {}, title=title)


def state(*resources: Resource) -> State:
    """Make a state."""
    return State({each.address: each for each in resources})


def application(key: str = "api") -> Resource:
    """Make an application."""
    return Resource(Address("application", key), {}, title=key)


def holder(principal: str) -> Holder:
    """Make a holder: `group:audit`, `user:li`, `application:nightly`."""
    kind, _, name = principal.partition(":")
    types: Mapping[str, Literal["user", "group", "application"]] = {
        "user": "user",
        "group": "group",
        "application": "application",
    }
    return Holder(types[kind], name, name)


def held(application: str, role: str, principal: str) -> Assignment:
    """Make an assignment to the role of an id."""
    return Assignment(application, role, holder(principal))


def side(roles: Mapping[str, str | None], *rows: str, application: str = "api", closed: bool = False) -> Side:
    """Make one side of a plan about one API: its roles by id, and who is assigned to which (`1 user:li`)."""
    return Side(
        {application: {id_: Role(value) for id_, value in roles.items()}},
        frozenset(held(application, *row.split(" ", 1)) for row in rows),
        closed=frozenset({application} if closed else ()),
        addresses={application: Address("application", application)},
    )


def plan(*changes: Change) -> Plan:
    """Make a plan of changes."""
    return Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), changes, ())


def manifest(
    *, protected: bool = False, policy: Policy | None = None, prevent_destroy: bool = False
) -> Manifest:
    """Make the manifest of an environment with one API."""
    return Manifest(
        project="myapp",
        environment="prod",
        tenant_id=TENANT,
        protected=protected,
        deployers=None,
        policy=policy or Policy(),
        applications={"api": Application("api", "api", {}, prevent_destroy=prevent_destroy)},
        enterprise_applications={},
        assignments={},
        removed={},
        settings=Targets(),
    )
