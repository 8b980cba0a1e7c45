"""Texts that `${…}` filled, by entry and by Graph's key; and what was filled then, at places of now."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar
from entra_config.plan.model import FieldChange, ItemChange
from entra_config.resource import Address
from entra_fleet.groups import entries

APP = Address("application", "api")
RAW, NOW = "Role of ${title}", "Role of One"


class Tree:
    """Makes a tree and what the files say of it: a pair is a filled text, and each node has a line."""

    def __init__(self) -> None:
        self.line, self.said = 0, dict[Position, Node]()

    def place(self) -> Position:
        """Return the next line."""
        self.line += 1
        return Position("m.yaml", self.line)

    def node(self, value: Any) -> Node:
        """Return a value as a node."""
        place = self.place()
        if isinstance(value, dict):
            return Map({key: Entry(key, self.place(), self.node(each)) for key, each in value.items()}, place)
        if isinstance(value, list):
            return Items(tuple(map(self.node, value)), place)
        raw, now = value if isinstance(value, tuple) else (value, value)
        self.said[place] = Scalar(raw, place)
        return Scalar(now, place)

    def map(self, value: dict[str, Any]) -> Map:
        """Return a map."""
        found = self.node(value)
        assert isinstance(found, Map)
        return found


def texts(collection: str, path: str, value: Any) -> dict[str, dict[str, str]]:
    """Return the filled texts of one collection, without their places."""
    made = Tree()
    tree = made.map({"applications": {"api": {collection: value}}})
    found = entries.of_application(tree, made.said, APP, path)
    assert all(text[1] == RAW and text[2] == NOW for entry in found.values() for text in entry.values())
    assert all(made.said[text[0]] for entry in found.values() for text in entry.values())
    return {key: dict.fromkeys(entry, "") for key, entry in found.items()}


FILLED = (RAW, NOW)
SHORT = [
    "adminConsentDisplayName",
    "userConsentDisplayName",
    "adminConsentDescription",
    "userConsentDescription",
]


@pytest.mark.parametrize(
    ("collection", "path", "value", "expected"),
    [
        ("appRoles", "appRoles", {"Reader": FILLED}, {"Reader": ["description"]}),
        ("appRoles", "appRoles", {"Reader": "Reads."}, {"Reader": []}),
        (
            "appRoles",
            "appRoles",
            {"Reader": {"value": "Read.All", "displayName": FILLED, "description": "Reads."}},
            {"Read.All": ["displayName"]},
        ),
        (
            "appRoles",
            "appRoles",
            {"Reader": {"value": None, "description": FILLED}},
            {"Reader": ["description"]},
        ),
        ("appRoles", "appRoles", {"Reader": {"notes": FILLED}}, {"Reader": []}),
        ("scopes", "api.oauth2PermissionScopes", {"read": FILLED}, {"read": SHORT}),
        (
            "scopes",
            "api.oauth2PermissionScopes",
            {"read": {"displayName": FILLED, "userConsentDescription": FILLED}},
            {"read": [*SHORT[:2], "userConsentDescription"]},
        ),
        ("appRoles", "appRoles", ["Reader"], {}),
        ("other", "appRoles", {"Reader": FILLED}, {}),
    ],
)
def test_texts_are_found_by_entry_and_graph_s_key(
    collection: str, path: str, value: Any, expected: dict[str, list[str]]
) -> None:
    """Hold that a short form is every text that it makes, and a text that nothing filled is none."""
    assert {key: list(entry) for key, entry in texts(collection, path, value).items()} == expected


@pytest.mark.parametrize(
    ("raw", "now", "filled"),
    [
        (RAW, NOW, True),
        (RAW, RAW, False),
        ("Role", "Role of One", False),
        (5, "5", False),
        (RAW, 5, False),
    ],
)
def test_a_text_is_filled_where_it_had_a_placeholder_and_is_another(raw: Any, now: Any, filled: bool) -> None:
    """Hold where it stands, what the files say and what it is."""
    then, here = Position("m.yaml", 1), Position("m.yaml", 2)
    found = entries.filled_text(Scalar(raw, then), Scalar(now, here))
    assert found == ((then, raw, now) if filled else None)
    assert entries.filled_text(None, Scalar(now, here)) is None
    assert entries.filled_text(Scalar(raw, then), Map()) is None


def test_each_filled_text_is_returned_once() -> None:
    """Hold that the same text under two keys is one, in order."""
    one, two = ((Position("m.yaml", line), RAW, NOW) for line in (1, 2))
    assert list(entries.every({"a": {"x": two, "y": one}, "b": {"z": two}})) == [two, one]


def test_a_collection_is_shown_without_what_was_filled() -> None:
    """Hold that a text which is what was filled is replaced, one of another entry or value is not."""
    filled = {"Reader": {"description": (Position("m.yaml", 1), RAW, NOW)}}
    change = FieldChange(
        "appRoles",
        (),
        ({"value": "Reader", "description": NOW}, {"value": None, "description": NOW}),
        (
            ItemChange("~", "Reader", fields=(FieldChange("description", "old", NOW),), notes=("n",)),
            ItemChange("~", "Reader", fields=(FieldChange("description", NOW, "else"),)),
            ItemChange("~", "Other", fields=(FieldChange("description", "old", NOW),)),
        ),
    )
    assert entries.shown(change, filled, lambda value: value) == [
        "appRoles",
        (),
        [
            {"value": "Reader", "description": {"of": RAW}},
            {"value": None, "description": NOW},
        ],
        [
            ["~", "Reader", ["n"], [["description", "old", {"of": RAW}]]],
            ["~", "Reader", [], [["description", NOW, "else"]]],
            ["~", "Other", [], [["description", "old", NOW]]],
        ],
    ]
    assert entries.shown(FieldChange("appRoles"), {}, str) == ["appRoles", "None", [], []]


def test_what_was_filled_then_is_known_by_its_path() -> None:
    """Hold that key and value of now lead to the texts of then, that a list has several, and that what is no
    longer there is left out.
    """
    then = Tree()
    before_ = then.map({"a": {"b": FILLED, "c": ["plain", FILLED]}, "gone": FILLED, "d": "x"})
    now = Tree()
    tree = now.map({"new": "x", "a": {"b": "y", "c": ["z"]}, "d": "w"})
    found = entries.filled_before(tree, before_, then.said)
    b, c = tree.entries["a"].node.entries["b"], tree.entries["a"].node.entries["c"]  # type: ignore[union-attr]  # a map

    assert found == {
        place: ((place, RAW, NOW),) for entry in (b, c) for place in (entry.position, entry.node.position)
    }


def test_of_one_place_of_several_paths_nothing_is_known() -> None:
    """Hold that an alias of YAML is left out."""
    then, now = Tree(), Tree()
    shared = now.node("y")
    tree = Map({key: Entry(key, now.place(), shared) for key in ("a", "b")})
    found = entries.filled_before(tree, then.map({"a": FILLED, "b": FILLED}), then.said)
    keys = [tree.entries[key].position for key in ("a", "b")]

    assert found == {place: ((place, RAW, NOW),) for place in keys}
