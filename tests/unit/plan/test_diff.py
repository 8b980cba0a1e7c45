"""What counts as a difference, and how it is told."""

from __future__ import annotations

import pytest

from entra_config.errors import Position
from entra_config.kinds.facts import ApplicationFacts
from entra_config.plan.diff import Collection, Shape, diff, holds
from entra_config.plan.model import Create, Delete, ItemChange, Release, Restore, Update, address_of
from entra_config.resource import Address, Resource, State, Value

APP = Address("application", "api")
ROLES = Collection(
    key=lambda item: item["id"], label=lambda item, _: item["value"], loss=frozenset({"value"})
)
SHAPES = {"application": Shape({"appRoles": ROLES}, unchecked=frozenset({"uniqueName"}))}


@pytest.mark.parametrize(
    ("actual", "desired", "same"),
    [
        (["a", "b"], ["b", "a"], True),  # Graph answers collections in any order
        (["a", "a"], ["a"], True),
        (["a"], ["a", "b"], False),
        (None, None, True),
        (None, False, False),  # null and false are two things (azure-cli recordings)
        (False, None, False),
        (0, False, False),
        ({"a": 1, "b": 2}, {"a": 1}, True),  # what Graph fills in is no difference
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([{"id": 1, "x": None}, {"id": 2}], [{"id": 2}, {"id": 1}], True),
        ([{"id": 1}, {"id": 2}], [{"id": 1}], False),
        ("", None, True),  # the portal writes "" where nobody wrote a text
        (1, True, False),
        (True, 1, False),
        (["a", {"x": 1}], ["a", {"x": 1}], True),
        (["a", {"x": 1}], [{"x": 1}, "b"], False),
    ],
)
def test_holds(actual: object, desired: object, same: bool) -> None:
    """Objects are compared by the keys that are asked for, lists as sets, null and false apart."""
    assert holds(actual, desired) is same


def of(*resources: Resource) -> State:
    """Return a state of these resources."""
    return State({resource.address: resource for resource in resources})


def test_each_kind_of_change() -> None:
    """Absent is created, different updated, undesired deleted or let go, deleted restored, equal counted."""
    one, two, three, four, five = (
        Address("application", key) for key in ("one", "two", "three", "four", "five")
    )
    desired = of(
        Resource(one, {"a": 1}), Resource(two, {"a": 1}), Resource(three, {"a": 1}), Resource(APP, {"a": 1})
    )
    actual = of(
        Resource(two, {"a": 2}),
        Resource(three, {"a": 1}, ApplicationFacts(deleted_date_time="2026-11-01T00:00:00Z")),
        Resource(four, {}),
        Resource(five, {}),
        Resource(APP, {"a": 1}),
    )
    found = diff(desired, actual, SHAPES, names={}, released=frozenset({five}))
    assert [type(change) for change in found.changes] == [Create, Update, Restore, Release, Delete]
    assert found.unchanged == 1


def test_what_is_sent_at_creation_only_is_never_compared() -> None:
    """The alternate key is a guard, not a field."""
    found = diff(
        of(Resource(APP, {"uniqueName": "p.dev.api"})),
        of(Resource(APP, {"uniqueName": None})),
        SHAPES,
        names={},
    )
    assert (found.changes, found.unchanged) == ((), 1)


def test_items_come_change_and_go() -> None:
    """Entries are matched by their key; each says what became of it."""
    before = [{"id": 1, "value": "A", "text": "x"}, {"id": 2, "value": "B", "text": "x"}]
    after = [{"id": 1, "value": "A", "text": "y"}, {"id": 3, "value": "C", "text": "x"}]
    found = diff(
        of(Resource(APP, {"appRoles": after})), of(Resource(APP, {"appRoles": before})), SHAPES, names={}
    )
    (change,) = found.changes
    assert [(item.sign, item.label) for item in change.fields[0].items] == [
        ("change", "A"),
        ("remove", "B"),
        ("add", "C"),
    ]


def test_a_changed_value_is_a_loss_and_a_gain() -> None:
    """Tokens carry the value: its old holders lose it, though the id stays."""
    before, after = [{"id": 1, "value": "A"}], [{"id": 1, "value": "B"}]
    found = diff(
        of(Resource(APP, {"appRoles": after})), of(Resource(APP, {"appRoles": before})), SHAPES, names={}
    )
    items: tuple[ItemChange, ...] = found.changes[0].fields[0].items
    assert [(item.sign, item.label) for item in items] == [("remove", "A"), ("add", "B")]


@pytest.mark.parametrize(
    ("before", "after", "items"),
    [
        (["a"], ["a", "b"], [("add", "b")]),
        (["b", "a"], None, [("remove", "a"), ("remove", "b")]),
        (None, ["a"], [("add", "a")]),
        ([{"x": 1}], ["a"], []),
        (["a"], [{"x": 1}], []),
        (["a", {"x": 1}], ["a"], []),
        ("a", ["b"], []),
        (["a"], "b", []),
        (None, "a", []),
    ],
)
def test_only_lists_of_strings_are_told_by_entry(
    before: Value, after: Value, items: list[tuple[str, str]]
) -> None:
    """Any other value is told whole."""
    (change,) = diff(
        of(Resource(APP, {"p": after})),
        of(Resource(APP, {"p": before})),
        {"application": Shape({})},
        names={},
    ).changes
    assert isinstance(change, Update)
    (field,) = change.fields
    assert [(each.sign, each.label) for each in field.items] == items
    assert (field.before, field.after) == (before, after)


HERE, THERE = Position("a.yaml", 3, 1), Position("a.yaml", 4, 1)


def test_what_appears_tells_each_value_that_is_there() -> None:
    """Nothing of what is empty or not compared; each stands where its key does, or its object."""
    values: dict[str, Value] = {
        "a": "x", "b": None, "c": [], "d": {}, "e": False, "f": ["x"], "g": {"h": 1}, "uniqueName": "u",
    }  # fmt: skip
    new = Resource(APP, values, positions={"a": THERE}, position=HERE)
    (change,) = diff(of(new), of(), SHAPES, names={}).changes
    assert isinstance(change, Create)
    assert [(each.path, each.before, each.after, each.position) for each in change.fields] == [
        ("a", None, "x", THERE),
        ("e", None, False, HERE),
        ("f", None, ["x"], HERE),
        ("g", None, {"h": 1}, HERE),
    ]


def test_a_collection_that_goes_or_comes_as_a_whole() -> None:
    """Each of its entries is told, and of an object the leaves that differ."""
    role: Value = [{"id": "1", "value": "Admin"}]
    for before, after, sign in ((role, None, "remove"), (None, role, "add")):
        (change,) = diff(
            of(Resource(APP, {"appRoles": after})), of(Resource(APP, {"appRoles": before})), SHAPES, names={}
        ).changes
        assert isinstance(change, Update)
        assert [(each.sign, each.label) for each in change.fields[0].items] == [(sign, "Admin")]
        assert change.fields[0].leaves == ()
    (change,) = diff(
        of(Resource(APP, {"p": {"x": 1, "y": 2}})),
        of(Resource(APP, {"p": {"x": 1, "y": 3}})),
        SHAPES,
        names={},
    ).changes
    assert isinstance(change, Update)
    assert [(each.path, each.before, each.after) for each in change.fields[0].leaves] == [("y", 3, 2)]


def test_of_a_changed_entry_one_lost_field_is_enough() -> None:
    """Whatever else of it changes; the new one says what."""
    old, new = {"id": 1, "value": "A", "text": "x"}, {"id": 1, "value": "B", "text": "y"}
    (change,) = diff(
        of(Resource(APP, {"appRoles": [new]})), of(Resource(APP, {"appRoles": [old]})), SHAPES, names={}
    ).changes
    removed, added = change.fields[0].items
    assert (removed.label, removed.summary) == ("A", "its value changes: tokens no longer carry it")
    assert [each.path for each in added.fields] == ["value", "text"]


def test_changes_come_application_by_application() -> None:
    """As the manifest lists them, what belongs to one with it; then what goes."""
    kinds = {"application": Shape({}), "owner": Shape({})}
    one, two, gone = (Address("application", key) for key in ("zeta", "alpha", "gone"))
    desired = [
        Resource(one, {"x": 1}),
        Resource(Address("owner", "b"), {}, parent=two),
        Resource(Address("owner", "a"), {}, parent=one),
        Resource(two, {"x": 1}),
    ]
    actual = [Resource(gone, {}), Resource(Address("owner", "c"), {}, parent=one)]
    found = diff(of(*desired), of(*actual), kinds, names={})
    assert [str(address_of(change)) for change in found.changes] == [
        "application.zeta", "owner.a", "owner.c", "application.alpha", "owner.b", "application.gone",
    ]  # fmt: skip
