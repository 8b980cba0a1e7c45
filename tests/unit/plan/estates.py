"""Small estates for the tests of policy and impact: assignments, plans, manifests."""

from __future__ import annotations

from entra_config.manifest.model import Application, Manifest, Policy
from entra_config.manifest.targets import Targets
from entra_config.plan.model import Change, FieldChange, ItemChange, Plan, TenantInfo, Update
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


def without_role(label: str) -> Update:
    """Make the update that takes one role away."""
    field = FieldChange("appRoles", items=(ItemChange("remove", label),))
    return Update(application(), application(), (field,))


def plan(*changes: Change) -> Plan:
    """Make a plan of changes."""
    return Plan("myapp", "prod", TenantInfo(TENANT, "contoso"), changes, ())


def manifest(*, protected: bool = False, policy: Policy | None = None, prevent_destroy: bool = False) -> Manifest:
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
