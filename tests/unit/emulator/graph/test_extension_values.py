"""The values that objects have of extensions: what fits, how they merge, and by which names they are read."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph import extended, extensions
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.schema_extensions import merged
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World, refusal

TYPES = ("Binary", "Boolean", "DateTime", "Integer", "String")
SCHEMA = {"id": "ext_all", "properties": [{"name": f"a{name}", "type": name} for name in TYPES]}
INVALID = "400 Request_BadRequest: Invalid value specified for property '{}'."


def of_bytes(number: int) -> str:
    """Return so many bytes in base64."""
    return base64.b64encode(bytes(number)).decode()


def after(before: Row, sent: Any) -> Row | str:
    """Return what an object then holds of the schema extension, or the refusal."""
    try:
        return merged(SCHEMA, before, sent)
    except ODataError as error:
        return refusal(error)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("aBoolean", True, True),
        ("aBoolean", False, False),
        ("aBoolean", 1, None),
        ("aBoolean", "true", None),
        ("aInteger", 7, 7),
        ("aInteger", "-7", -7),
        ("aInteger", "2147483647", 2**31 - 1),
        ("aInteger", "2147483648", None),
        ("aInteger", "12345678901", None),
        ("aInteger", -(2**31), -(2**31)),
        ("aInteger", -(2**31) - 1, None),
        ("aInteger", 2**31 - 1, 2**31 - 1),
        ("aInteger", 2**31, None),
        ("aInteger", True, None),
        ("aInteger", 1.5, None),
        ("aInteger", "seven", None),
        ("aDateTime", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("aDateTime", "2026-01-32T03:04:05Z", None),
        ("aDateTime", 2026, None),
        ("aBinary", of_bytes(256), of_bytes(256)),
        ("aBinary", of_bytes(257), None),
        ("aBinary", "", ""),
        ("aBinary", "a", None),
        ("aBinary", "%%%%", None),
        ("aBinary", 1, None),
        ("aString", "x" * 256, "x" * 256),
        ("aString", "x" * 257, None),
        ("aString", "", ""),
        ("aString", 1, None),
    ],
)  # fmt: skip
def test_what_fits_a_type(name: str, value: Any, kept: Any) -> None:
    """Hold what each type takes, at its edges; a number may come as a string."""
    assert after({}, {name: value}) == (INVALID.format(name) if kept is None else {name: kept})


@pytest.mark.parametrize(
    ("before", "sent", "expected"),
    [
        ({"aString": "x"}, {"ABOOLEAN": True}, {"aString": "x", "aBoolean": True}),
        ({"aString": "x"}, {"aInteger@odata.type": "#Int32", "aString": "y"}, {"aString": "y"}),
        ({"aString": "x", "aInteger": 0}, {"astring": None}, {"aInteger": 0}),
        ({"aString": "x"}, {"aString": None}, {}),
        ({"aString": "x"}, {}, {"aString": "x"}),
        ({"aString": "x"}, None, {}),
        ({"aString": "x"}, "y", INVALID.format("ext_all")),
        ({"aString": "x"}, {"none": 1}, "400 Request_BadRequest: Invalid property 'none'."),
    ],
)
def test_values_merge(before: Row, sent: Any, expected: Row | str) -> None:
    """Hold that what is sent stands beside what was there, and that null takes away."""
    assert after(dict(before), sent) == expected


def schema(name: str, status: str, *targets: str) -> Row:
    """Return a definition with one property."""
    fields: Row = {"id": name, "owner": seed.ADMIN_APP_ID, "status": status, "description": None}
    return {**fields, "properties": [{"name": "Size", "type": "Integer"}], "targetTypes": list(targets)}


def directory(name: str, *targets: str, kind: str = "String", many: bool = False) -> Row:
    """Return a directory extension."""
    fields = {"id": f"id-{name}", "name": f"extension_a_{name}", "dataType": kind, "isMultiValued": many}
    return {**fields, "targetObjects": list(targets), "_application": "app"}


def world() -> World:
    """Return a world with extensions of both kinds, in both tenants."""
    made = World()
    for row in (
        schema("ext_Own", "InDevelopment", "USER", "Group"),
        schema("ext_group", "Available", "Group"),
    ):
        made.tenant.tables["schemaExtensions"].put(row)
    for row in (
        schema("ext_hidden", "InDevelopment", "User"),
        schema("ext_open", "Available", "user"),
        schema("ext_old", "Deprecated", "User"),
    ):
        made.other.tables["schemaExtensions"].put(row)
    for row in (
        directory("Badge", "User"),
        directory("teams", "User", many=True),
        directory("level", "User", "Group", kind="Integer"),
        directory("great", "User", kind="LargeInteger"),
        directory("on", "User", kind="Boolean"),
        directory("cost", "Group"),
    ):
        made.tenant.tables["extensionProperties"].put(row)
    return made


def test_what_can_be_selected_and_filtered() -> None:
    """Hold that an object has its tenant's extensions for its type, and what others made available."""
    call = world().call("GET", "/users")
    own = {"extension_a_badge": "extension_a_Badge"} | {
        f"extension_a_{name}": f"extension_a_{name}" for name in ("teams", "level", "great", "on")
    }
    assert extended.selectable(call, "User") == own | {
        "ext_own": "ext_Own",
        "ext_open": "ext_open",
        "ext_old": "ext_old",
    }
    assert extended.filterable(call, "User") == {key: (name,) for key, name in own.items()} | {
        "ext_own/size": ("ext_Own", "Size"),
        "ext_open/size": ("ext_open", "Size"),
        "ext_old/size": ("ext_old", "Size"),
    }
    assert list(extended.schemas(call, "Group")) == ["ext_own", "ext_group"]


def taken(old: Row | None, body: Row) -> tuple[Row, Row] | str:
    """Return what of a user's body is the schema's, and what extensions the user then has; or the refusal."""
    try:
        return extensions._split(world().call("PATCH", "/users/1"), "User", old or {}, body)
    except ODataError as error:
        return refusal(error)


OF_USER = "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'User'."
HELD = {"_extensions": {"extension_a_Badge": "7", "ext_Own": {"Size": 1}}}


@pytest.mark.parametrize(
    ("old", "body", "expected"),
    [
        (None, {"city": "x"}, ({"city": "x"}, {})),
        (HELD, {"city": "x"}, ({"city": "x"}, HELD["_extensions"])),
        (HELD, {"a_b@odata.type": "x"}, ({"a_b@odata.type": "x"}, HELD["_extensions"])),
        (
            HELD,
            {"city": "x", "EXTENSION_A_BADGE": "8"},
            ({"city": "x"}, {"extension_a_Badge": "8", "ext_Own": {"Size": 1}}),
        ),
        (HELD, {"extension_a_badge": None}, ({}, {"ext_Own": {"Size": 1}})),
        (HELD, {"EXT_OWN": {"size": 2}}, ({}, {"extension_a_Badge": "7", "ext_Own": {"Size": 2}})),
        (HELD, {"ext_own": {"size": None}}, ({}, {"extension_a_Badge": "7"})),
        (HELD, {"ext_own": None}, ({}, {"extension_a_Badge": "7"})),
        (None, {"ext_open": {"size": 3}}, ({}, {"ext_open": {"Size": 3}})),
        (None, {"extension_a_teams": ["a", "b"]}, ({}, {"extension_a_teams": ["a", "b"]})),
        (None, {"extension_a_teams": 1}, OF_USER.format("extension_a_teams")),
        (None, {"extension_a_teams": ["a", 1]}, OF_USER.format("extension_a_teams")),
        (None, {"extension_a_badge": ["a"]}, OF_USER.format("extension_a_badge")),
        (None, {"extension_a_level": 1}, ({}, {"extension_a_level": 1})),
        (None, {"extension_a_level": True}, OF_USER.format("extension_a_level")),
        (None, {"extension_a_great": 2**40}, ({}, {"extension_a_great": 2**40})),
        (None, {"extension_a_great": False}, OF_USER.format("extension_a_great")),
        (None, {"extension_a_great": "1"}, OF_USER.format("extension_a_great")),
        (None, {"extension_a_on": False}, ({}, {"extension_a_on": False})),
        (None, {"extension_a_on": 1}, OF_USER.format("extension_a_on")),
        (None, {"extension_a_cost": "1"}, "400 Request_BadRequest: Invalid property 'extension_a_cost'."),
        (None, {"ext_group": {}}, "400 Request_BadRequest: Invalid property 'ext_group'."),
        (None, {"ext_hidden": {}}, "400 Request_BadRequest: Invalid property 'ext_hidden'."),
    ],
)  # fmt: skip
def test_extensions_of_a_body(old: Row | None, body: Row, expected: tuple[Row, Row] | str) -> None:
    """Hold that they are told by their names, in any case, and that null takes away."""
    assert taken(old, body) == expected
