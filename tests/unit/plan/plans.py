"""A plan to save, and the same at an instant."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

from entra_config.errors import Position
from entra_config.graph.request import Request
from entra_config.kinds.facts import ApplicationFacts
from entra_config.plan.model import (
    AccessChange,
    Affected,
    Afterwards,
    Create,
    FieldChange,
    ItemChange,
    Plan,
    Refusal,
    TenantInfo,
    Update,
)
from entra_config.plan.steps import Holds, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource, Text

API, SPA, OTHER = (Address("application", key) for key in ("api", "spa", "other"))
BEFORE = Resource(API, {"displayName": "API"}, ApplicationFacts("1", app_id="2"))
NAME = FieldChange("displayName", "API", "My API", position=Position("api.yaml", 3))
ROLES = FieldChange(
    "appRoles", [{"value": "A"}, {"value": "B"}], [{"value": "A"}], (ItemChange("remove", "B"),)
)
EXTEND = Step(
    "application.api/extend",
    (API,),
    Phase.EXTEND,
    Request(
        "PATCH",
        "/applications/1",
        {"displayName": "My API", "identifierUris": [Text(("api://", Ref(API, "appId")))]},
    ),
    guard=Probe(Request("GET", "/applications/1"), Holds({"displayName": "API"})),
)
CREATE = Step(
    "application.spa/create", (SPA,), Phase.CREATE, Request("POST", "/applications", {"displayName": "SPA"})
)
PLAN = Plan(
    "myapp",
    "prod",
    TenantInfo("t", "contoso"),
    (Update(BEFORE, BEFORE, (NAME, ROLES)), Create(Resource(SPA, {"displayName": "SPA"}))),
    (EXTEND, CREATE),
    refusals=(Refusal("many", "too many", API),),
    access=(
        AccessChange(
            "api", "B", "lose", 2, (Affected("u1", "Li", "group Audit"), Affected("u2", "Judy", "direct"))
        ),
    ),
    ids={Ref(API, "id"): "1", Ref(API, "appId"): "2", Ref(OTHER, "id"): "3"},
    afterwards={
        "role api/A": Afterwards(frozenset({"u1", "u2"}), frozenset({"nightly"})),
        "role api/B": Afterwards(None),
    },
)
TIMED = dataclasses.replace(PLAN, at=datetime(2027, 2, 1, tzinfo=UTC), over_since=date(2027, 1, 31))
