"""Names of users, groups and service principals: each form, the lock file's id, and what is noted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.environments.names import Kind, Names
from entra_config.manifest.environments.pins import Lock, Pin
from entra_config.manifest.model import Named
from tests.unit.manifest.one_value import found, node

A, B, C = (f"5c1b2f7e-0000-4000-8000-00000000000{last}" for last in "abc")
HERE = Position("f", 1, 5)
LOCK = Lock(
    users={"alice@contoso.com": Pin(A, was="al@contoso.com"), "both@contoso.com": Pin(C)},
    groups={"Staff": Pin(B), "Both": Pin(B), "team@contoso.com": Pin(B)},
    service_principals={"HR": Pin(C, organization=A), "Both": Pin(A), "team@contoso.com": Pin(C)},
)


def read(text: str, kind: Kind, *, ends: bool = True) -> tuple[tuple[Named, ...], list[str]]:
    """Read a list of names, with the lock file's ids, and what is noted."""
    value, noted = found(
        lambda reader, it: Names(reader, LOCK).listed(it, kind, "k", ends=ends), node(f"[{text}]")
    )
    return value, noted


def named(name: str, id_: str | None = None, **more: Any) -> Named:
    """Return a name of the first place."""
    return Named(name, id_, HERE, **more)


@pytest.mark.parametrize(
    ("text", "kind", "expected", "noted"),
    [
        ("x", "group", named("x"), []),
        (A.upper(), "group", named(A, A), []),
        ("Staff", "group", named("Staff", B), []),
        ("STAFF", "group", named("STAFF", B), []),
        ("HR", "group", named("HR"), []),
        ("HR", "servicePrincipal", named("HR", C, organization=A), []),
        ("Both", "servicePrincipal", named("Both", A), []),
        ("Staff", "servicePrincipal", named("Staff"), []),
        ("Alice@contoso.com", "user", named("Alice@contoso.com", A, was="al@contoso.com"), []),
        (
            "team@contoso.com",
            "user",
            named("team@contoso.com"),
            [],
        ),
        (
            "Staff",
            "user",
            named("Staff"),
            ["f:1:5: `k`: `Staff` is neither a user principal name (alice@contoso.com) nor an id"],
        ),
        ("both@contoso.com", "owner", named("both@contoso.com", C), []),
        ("both@contoso.com", "deployer", named("both@contoso.com", C), []),
        ("both@contoso.com", "servicePrincipal", named("both@contoso.com"), []),
        ("Both", "owner", named("Both", A), []),
        ("Both", "deployer", named("Both", B), []),
        ("HR", "deployer", named("HR", C, organization=A), []),
        ("HR", "holder", named("HR", C, organization=A), []),
        ("team/prod/worker", "holder", named("team/prod/worker", by_marks=True), []),
        ("team/prod", "holder", named("team/prod"), []),
        ("team/prod/worker", "servicePrincipal", named("team/prod/worker"), []),
        (f"{{ id: {A} }}", "holder", named(A, A), []),
        (f"{{ id: {A} }}", "user", named(A, A), []),
        (f"{{ name: x, id: {A.upper()} }}", "group", named("x", A), []),
        (f"{{ name: Staff, id: {B} }}", "group", named("Staff", B), []),
        (
            f"{{ name: Staff, id: {A} }}",
            "group",
            named("Staff", A),
            [f"f:1:5: `Staff` has the id {A} here and {B} in the lock file"],
        ),
        ("{ name: x, until: 2027-01-31 }", "group", named("x", until=date(2027, 1, 31)), []),
        (
            "{ until: 2027-01-31 }",
            "group",
            None,
            ["f:1:5: `k`: a name needs `name`, `id` or both"],
        ),
        (
            "{ name: x, nid: y }",
            "group",
            named("x"),
            ["f:1:16: `nid` is not a key of a name in `k`. Did you mean `id`?"],
        ),
        ("7", "group", None, ["f:1:5: `k`: expected a string (write it in quotes), found the number 7"]),
    ],
)
def test_a_name(text: str, kind: Kind, expected: Named | None, noted: list[str]) -> None:
    """A text, an id, or both: what the lock file pins it to depends on what may stand there."""
    assert read(text, kind) == (() if expected is None else (expected,), noted)


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("b, a", ["b", "a"], []),
        ("7, a", ["a"], ["f:1:5: `k`: expected a string (write it in quotes), found the number 7"]),
        ("a, b, A", ["a", "b"], ["f:1:11: `k`: duplicate `A`: first at f:1:5"]),
        (f"Staff, {B}", ["Staff"], []),
        (
            f"Staff, {{ name: staff, id: {C} }}",
            ["Staff", "staff"],
            [f"f:1:12: `staff` has the id {C} here and {B} in the lock file"],
        ),
    ],
)
def test_names_stand_once(text: str, expected: list[str], noted: list[str]) -> None:
    """By what is written; a name and an id that the lock file knows as one object are one entry."""
    value, problems = read(text, "group")

    assert ([each.name for each in value], problems) == (expected, noted)


def test_where_nothing_ends_no_entry_says_until_when() -> None:
    """In a list whose entries are for good, and where there is one name."""
    text = "{ name: x, until: 2027-01-31 }"
    noted = "`until` is not a key of a name in `k`. Known: `id` and `name`."

    assert read(text, "group", ends=False)[1] == [f"f:1:16: {noted}"]
    of = node(text)
    assert of is not None
    assert found(lambda reader, _: Names(reader, LOCK).one(of, "group", "k"), None)[1] == [f"f:1:15: {noted}"]
