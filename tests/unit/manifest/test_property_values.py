"""What a value of each type of Graph's is read as, and what is told of one that is of no such type."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.fields import properties
from entra_config.manifest.reading.node import Map, Scalar
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader

HERE = Position("a.yaml", 3, 1)
ID = "5C1B2F7E-0000-4000-8000-000000000000"
TIME = "2027-01-31T12:00:00Z"


def read(value: Any, type_: str) -> tuple[Any, list[str]]:
    """Return what a value is read as, and what is wrong with it."""
    found = Problems()
    node = Map({}, HERE) if value is Map else Scalar(value, HERE)
    made = properties._value(node, {"type": type_}, "p", Reader(found))
    return made, [each.message for each in found.found]


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("String", "a", "a"),
        ("String", "", ""),
        ("Boolean", True, True),
        ("Boolean", False, False),
        ("Int32", 0, 0),
        ("Int32", 2**31 - 1, 2**31 - 1),
        ("Int32", 1 - 2**31, 1 - 2**31),
        ("Guid", ID, ID.lower()),
        ("DateTimeOffset", TIME, TIME),
        ("DateTimeOffset", "2027-01-31T12:00:00.1234567Z", "2027-01-31T12:00:00.1234567Z"),
    ],
)
def test_a_value_of_its_type(type_: str, value: Any, expected: Any) -> None:
    """As it is; ids in small letters."""
    assert read(value, type_) == (expected, [])


@pytest.mark.parametrize(
    ("type_", "values", "wanted"),
    [
        ("String", (True, 3, Map), "a text"),
        ("Boolean", ("true", 1, ID, TIME, Map), "true or false"),
        ("Int32", ("3", ID, TIME, True, 2**31, -(2**31), Map), "a whole number"),
        ("Guid", ("x", f"{ID}0", 3, Map), "an id"),
        ("DateTimeOffset", ("2027-01-31", f"{TIME}x", 3, True, Map), "a time"),
    ],
)
def test_a_value_of_another_type(type_: str, values: tuple[Any, ...], wanted: str) -> None:
    """Nothing is made of another; the type is said in words."""
    for value in values:
        made, (problem,) = read(value, type_)
        assert made is None
        assert problem.startswith(f"`p`: expected {wanted}")


@pytest.mark.parametrize(
    ("shape", "expected", "wrong"),
    [
        ({}, None, ["`p` cannot be null"]),
        ({"nullable": True}, None, []),
        ({"collection": True}, [], []),
    ],
)
def test_nothing(shape: dict[str, Any], expected: Any, wrong: list[str]) -> None:
    """Of a collection it is an empty one."""
    found = Problems()
    made = properties._value(Scalar(None, HERE), {"type": "String", **shape}, "p", Reader(found))
    assert (made, [each.message for each in found.found]) == (expected, wrong)


def test_a_type_that_is_not_known_is_told() -> None:
    """Rather than sent as it is."""
    assert read("x", "Stream") == (None, ["`p`: this tool cannot write properties of this type"])
