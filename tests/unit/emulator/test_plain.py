"""Which plain data a dataclass takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from entra_emulator import plain


@dataclass
class Sample:
    """A field of each type that is checked."""

    count: int = 0
    seconds: float = 0.0
    hit_rate: float = 0.0
    limit: int | None = None
    action: Literal["go", "stay"] = "go"
    on: bool = False
    lag: dict[str, float] = field(default_factory=dict)
    rules: list[int] = field(default_factory=list)
    name: str = ""


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"count": 0},
        {"count": 1_000_000_000},
        {"seconds": 1},
        {"seconds": 1e9},
        {"hit_rate": 0},
        {"hit_rate": 1.0},
        {"limit": None},
        {"limit": 7},
        {"action": "stay"},
        {"on": True},
        {"lag": {}},
        {"lag": {"*": 1.5, "users": 0}},
        {"rules": []},
        {"rules": ["anything"]},
        {"name": "x", "count": 2},
    ],
)
def test_values_that_fit_their_fields(data: dict[str, Any]) -> None:
    """Up to each bound; what a list holds is for others to check."""
    plain.check(Sample, data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 1.0),
        ("count", True),
        ("count", "1"),
        ("count", -1),
        ("count", 1_000_000_001),
        ("count", None),
        ("seconds", True),
        ("seconds", -0.1),
        ("seconds", 1.1e9),
        ("seconds", float("nan")),
        ("hit_rate", 1.01),
        ("hit_rate", -0.01),
        ("limit", 1.5),
        ("limit", "7"),
        ("action", "run"),
        ("on", 1),
        ("lag", []),
        ("lag", {"users": "1"}),
        ("lag", {"users": 1, "groups": -1}),
        ("lag", {7: 1.0}),
        ("rules", {}),
        ("name", 7),
    ],
)
def test_values_that_do_not_fit(name: str, value: Any) -> None:
    """They are named; whatever stands before them is no reason to let them in."""
    with pytest.raises(ValueError, match=rf"^{name} cannot be ") as caught:
        plain.check(Sample, {"action": "go", name: value})
    assert str(caught.value) == f"{name} cannot be {value!r}"


@pytest.mark.parametrize(("what", "word"), [((), "name"), (("fault",), "fault")])
def test_a_name_that_is_none(what: tuple[str, ...], word: str) -> None:
    """It is said with all that are."""
    with pytest.raises(ValueError, match="no such") as caught:
        plain.check(Sample, {"nonsense": 1}, *what)
    known = "count, seconds, hit_rate, limit, action, on, lag, rules, name"
    assert str(caught.value) == f"no such {word}: nonsense; known: {known}"


@pytest.mark.parametrize(
    ("value", "most", "is_one"),
    [(0, 5, True), (5, 5, True), (5.1, 5, False), (-1, 5, False), (True, 5, False), ("1", 5, False)],
)
def test_what_is_a_number(value: Any, most: float, *, is_one: bool) -> None:
    """From 0 up to the most; true is none."""
    assert plain.is_number(value, most) is is_one
    assert plain.is_number(plain.MOST)
    assert not plain.is_number(plain.MOST + 1)
