"""Plans of one change and what of one is beyond another, for the tests of the rest of a plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from entra_config.kinds.facts import ApplicationFacts
from entra_config.plan import rest
from entra_config.plan.content import content
from entra_config.plan.model import AccessChange, Affected, Change, Create, FieldChange, Plan, Update
from entra_config.resource import Address, Ref, Resource, Value
from tests.unit.plan import estates

API, SPA = Address("application", "api"), Address("application", "spa")
ONE, TWO, CLIENT, STRANGER = (f"{n}{n}{n}{n}0000-0000-4000-8000-000000000000" for n in "1289")
THERE = Resource(API, {}, ApplicationFacts(ONE, app_id=TWO))
MADE = {Ref(API, "id"): ONE, Ref(API, "appId"): TWO}


def beyond(approved: Plan, now: Plan) -> list[str]:
    """Compare two plans as one that was saved and one that is new."""
    return rest.beyond(content(approved), rest.kept(approved), now)


def update(before: Value, after: Value, path: str = "notes") -> Plan:
    """Make a plan that changes one field of the API."""
    return estates.plan(Update(THERE, THERE, (FieldChange(path, before, after),)))


def create(after: Value) -> Plan:
    """Make a plan that creates the API with one field."""
    return estates.plan(Create(Resource(API, {}), (FieldChange("notes", None, after),)))


def with_ids(plan: Plan, ids: Mapping[Ref, str]) -> Plan:
    """Return a plan that knows what the tenant calls our objects."""
    return dataclasses.replace(plan, ids=ids)


def change(kind: type[Change], resource: Resource = THERE) -> Plan:
    """Make a plan of one change of this kind without fields."""
    sides = {"before": resource, "after": resource}
    names = {each.name for each in dataclasses.fields(kind)}
    return estates.plan(kind(**{name: side for name, side in sides.items() if name in names}))


GONE = Resource(SPA, {}, ApplicationFacts(STRANGER))


PEOPLE = (Affected("u1", "Li", ""),)


def access(
    application: str, sign: str = "gain", count: int | None = 1, *, kind: str = "role", **more: Any
) -> Plan:
    """Make a plan by which somebody gains or loses a role."""
    each = AccessChange(application, "A", sign, count, PEOPLE, kind=kind, **more)  # type: ignore[arg-type]  # of tables
    return dataclasses.replace(estates.plan(), access=(each,))
