"""Plans made by hand for the tests of the reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from entra_config.errors import Position
from entra_config.graph.request import Request, Usage
from entra_config.plan.model import (
    AccessChange,
    Affected,
    Bound,
    Create,
    Delete,
    Effect,
    FieldChange,
    ItemChange,
    Notice,
    Plan,
    Refusal,
    TenantInfo,
    Update,
    Withheld,
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
        at=datetime(2026, 11, 26, 10, 24, tzinfo=UTC),
        bounds=(
            Bound("people", 3, 10),
            Bound("applications", 1, 10),
            Bound("people", 3, 4, "api", "Auditor"),
        ),
        by="MyApp Reader (prod)",
        names={"api": "MyApp API", "devClient": "MyApp Dev Client"},
    )


def of_many(applications: int) -> Plan:
    """Return a plan of many applications, with long names that have no blank in them."""
    plan, changes, names = worked_example(), [], {}
    for number in range(applications):
        key = f"application{number:03}WithAnUncommonlyLongKey"
        names[key] = f"Application{number:03}-of-{'aRatherLongNameThatAGeneratorMade' * 2}"
        place = Position(f"manifests/applications/{key}/{'deep/' * 6}application.yaml", 3, 3)
        app = resource(Address("application", key), key, names[key], place)
        uri = f"https://{key}.example.net/{'very-long-path/' * 8}"
        uris = FieldChange("spa.redirectUris", items=(ItemChange("add", uri),))
        changes.append(Create(app, (uris, FieldChange("displayName", None, names[key], position=place))))
    return replace(plan, changes=(*plan.changes, *changes), names={**plan.names, **names})


def plan_of(*changes: object, **more: object) -> Plan:
    """Make a small plan."""
    tenant = TenantInfo(TENANT, "contoso.onmicrosoft.com")
    return Plan("myapp", "prod", tenant, changes, (), **more)


def named(text: str) -> Plan:
    """Return a plan in which somebody chose every name."""
    api = resource(API, text, text, Position(text, 3, 3))
    return replace(
        worked_example(),
        changes=(Update(api, api, (FieldChange("x", text, text),), (text,)),),
        warnings=(Notice(text, API),),
        refusals=(Refusal("many", text, API),),
        withheld=(Withheld(text, text, API),),
        effects=(Effect("owner", text, API, HERE), Effect("setting", text)),
        tenant=replace(worked_example().tenant, name=text),
        names={"api": f"{text} ", "devClient": f"{text} "},
        by=f"{text} ",
    )
