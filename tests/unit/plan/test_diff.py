"""What counts as a difference, and how it is told."""

from __future__ import annotations

from entra_config.errors import Position
from entra_config.plan.diff import Collection, Shape, diff
from entra_config.plan.model import ItemChange
from entra_config.resource import Address, Resource, State

APP = Address("application", "api")
ROLES = Collection(
    key=lambda item: item["id"], label=lambda item, _: item["value"], loss=frozenset({"value"})
)
SHAPES = {"application": Shape({"appRoles": ROLES}, unchecked=frozenset({"uniqueName"}))}


def of(*resources: Resource) -> State:
    """Return a state of these resources."""
    return State({resource.address: resource for resource in resources})


def test_a_changed_value_is_a_loss_and_a_gain() -> None:
    """Tokens carry the value: its old holders lose it, though the id stays."""
    before, after = [{"id": 1, "value": "A"}], [{"id": 1, "value": "B"}]
    found = diff(
        of(Resource(APP, {"appRoles": after})), of(Resource(APP, {"appRoles": before})), SHAPES, names={}
    )
    items: tuple[ItemChange, ...] = found.changes[0].fields[0].items
    assert [(item.sign, item.label) for item in items] == [("remove", "A"), ("add", "B")]


HERE, THERE = Position("a.yaml", 3, 1), Position("a.yaml", 4, 1)
