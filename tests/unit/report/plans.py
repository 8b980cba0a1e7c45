"""Plans made by hand for the tests of the reports."""

from __future__ import annotations

from entra_config.errors import Position
from entra_config.graph.request import Request, Usage
from entra_config.plan.model import (
    AccessChange,
    Affected,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Plan,
    TenantInfo,
    Update,
)
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Resource

TENANT = "11111111-1111-1111-1111-111111111111"
API = Address("application", "api")
ON_CALL = Address("appRoleAssignment", "api/Admin/group:6f1c0000-0000-0000-0000-000000000001")
DEV = Address("authorizedClient", "devClient/api")
HERE = Position("manifests/applications/api.yaml", 3, 3)


def resource(address: Address, title: str = "", name: str = "", position: Position | None = None) -> Resource:
    """Make a resource without values."""
    return Resource(address, {}, title=title, display_name=name, position=position)


def steps(number: int) -> tuple[Step, ...]:
    """Make steps that only count."""
    return tuple(
        Step(f"s{index}", (API,), Phase.EXTEND, Request("PATCH", "/applications/x", {"displayName": "n"}))
        for index in range(number)
    )


def worked_example() -> Plan:
    """Return the plan that the documentation shows."""
    api = resource(API, "api", "MyApp API", HERE)
    scopes = FieldChange(
        "api.oauth2PermissionScopes",
        items=(ItemChange("add", "user.delete", "Delete user data (admins)"),),
    )
    roles = FieldChange(
        "appRoles",
        items=(
            ItemChange(
                "change",
                "Writer",
                fields=(FieldChange("description", "Changes records.", "Changes and deletes records."),),
            ),
            ItemChange("remove", "Auditor", "its assignments first, then disabled, then removed"),
        ),
    )
    losers = (
        Affected("1", "ann@contoso.com", "group Audit"),
        Affected("2", "bob@contoso.com", "group Audit"),
        Affected("3", "li@contoso.com", "direct"),
    )
    return Plan(
        "myapp",
        "prod",
        TenantInfo(TENANT, "contoso.onmicrosoft.com"),
        changes=(
            Update(api, api, (scopes, roles)),
            Create(resource(ON_CALL, 'api/Admin ← group "On call" (6f1c…)')),
            Delete(resource(DEV, "devClient → api")),
        ),
        steps=steps(9),
        unchanged=41,
        access=(
            AccessChange("api", "Auditor", "lose", 3, losers, API),
            AccessChange("api", "Admin", "gain", 6, (), ON_CALL),
        ),
        read=Usage(27, 3, 2),
        depth=4,
    )
