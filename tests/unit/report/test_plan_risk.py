"""What each change of a plan is by the table of risk: the first class of all that it does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.plan.model import (
    AccessChange,
    Change,
    Create,
    Delete,
    Effect,
    FieldChange,
    ItemChange,
    Release,
    Restore,
    Update,
)
from entra_config.report.plan_risk import Risks
from entra_config.resource import Address, Resource
from tests.unit.plan import estates

API, GRANT = Address("application", "api"), Address("permissionGrant", "spa/api")
OWN, PART = Resource(API, {}), Resource(GRANT, {})


def class_of(change: Change, **more: Any) -> str:
    """Return the class of a change in a plan that says more."""
    risks = Risks(replace(estates.plan(change), **more))
    found = risks.class_of(change)
    assert risks.risk(change) == found.risk
    return found.name


def update(path: str, before: Any = None, after: Any = None, *signs: Any) -> Update:
    """Make a change of one field, with items of these signs."""
    items = tuple(ItemChange(sign, "x") for sign in signs)
    return Update(OWN, OWN, (FieldChange(path, before, after, items),))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (Create(OWN), "created"),
        (Update(OWN, OWN), "text"),
        (Restore(OWN, OWN), "text"),
        (Release(OWN), "text"),
        (Delete(OWN), "destroyed"),
        (Delete(PART), "lost"),
        (Release(OWN, (FieldChange("appRoles", items=(ItemChange("remove", "x"),)),)), "text"),
        (update("appRoles", None, None, "remove"), "lost"),
        (update("appRoles", None, None, "add"), "offer"),
        (update("appRoles", None, None, "change"), "text"),
        (update("appRoles", None, None, "add", "remove"), "lost"),
        (update("requiredResourceAccess", None, None, "add"), "request"),
        (update("identifierUris", None, None, "remove"), "lost"),
        (update("tags", None, None, "remove"), "text"),
        (update("web.redirectUris", None, None, "add"), "text"),
        (update("accountEnabled", True, False), "lost"),
        (update("accountEnabled", False, True), "text"),
        (update("accountEnabled", None, False), "text"),
        (Create(OWN, (FieldChange("accountEnabled", None, False),)), "created"),
        (Create(OWN, (FieldChange("appRoles", items=(ItemChange("add", "x"),)),)), "offer"),
    ],
)
def test_a_change_is_what_goes_and_what_is_offered(change: Change, name: str) -> None:
    """Where no kind says that it gives something; what is neither is text."""
    assert class_of(change) == name


def access(sign: Any, address: Address | None = API) -> AccessChange:
    """Make an access change that hangs on a change."""
    return AccessChange("api", "A", sign, 1, address=address)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"effects": (Effect("guard", "", API),)}, "guard"),
        ({"effects": (Effect("guard", "", GRANT), Effect("guard", ""))}, "created"),
        ({"access": (access("gain"),)}, "gain"),
        ({"access": (access("lose"),)}, "lost"),
        ({"access": (access("gain", GRANT), access("gain", None))}, "created"),
        ({"access": (access("lose"), access("gain"))}, "gain"),
        ({"access": (access("lose"),), "effects": (Effect("guard", "", API),)}, "guard"),
    ],
)
def test_what_hangs_on_a_change_counts_too(more: dict[str, Any], name: str) -> None:
    """Effects and access changes of its address, the first in the table's order."""
    assert class_of(Create(OWN), **more) == name
