"""The lines of a plan's changes, letter for letter: order, signs, columns, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import (
    AccessChange,
    Affected,
    Change,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Release,
    Restore,
    Update,
)
from entra_config.report import change_text
from entra_config.report.lines import Line, format_lines
from entra_config.resource import Address, Resource
from tests.unit.plan import estates

API, SPA = Address("application", "api"), Address("application", "spa")
HERE, THERE = Position("a.yaml", 3), Position("a.yaml", 9)
OWN = Resource(API, {}, title="api")
GONE = Resource(SPA, {}, title="spa", display_name="SPA")


def page(lines: Iterator[Line] | list[Line]) -> list[str]:
    """Return lines as text."""
    return format_lines(lines).splitlines()


def shown(change: Change, *access: AccessChange, names: bool = True, whole: bool = False) -> list[str]:
    """Return the lines of one change, without what stands above it."""
    plan = replace(estates.plan(change), access=access)
    (block,) = change_text.each_change(plan, names=names, whole=whole)
    assert block.change == change
    return page(list(block.lines))


def update(*fields: FieldChange, **more: Any) -> Update:
    """Make a change of the API's fields."""
    return Update(OWN, OWN, fields, **more)


HIGH = "▲ High  gives somebody power, lowers a guard, or destroys"


def test_the_riskiest_come_first_and_what_follows_last() -> None:
    """Each level has one heading, what follows a restored application one line."""
    changes = (update(FieldChange("notes", "a", "b")), Delete(GONE), update(FieldChange("notes", "b", "c")))
    later = (update(FieldChange("notes", "c", "d")), update(FieldChange("notes", "d", "e")))
    found = page(change_text.changes(replace(estates.plan(*changes), following=later)))
    low = found[found.index("") + 1]
    assert found == [
        HIGH,
        '  - application spa "SPA"',
        "",
        low,
        "  ~ application api",
        '      ~ notes: "a" → "b"',
        "  ~ application api",
        '      ~ notes: "b" → "c"',
        "",
        "  then, once it is back and was read, what of this is not so already:",
        "  ~ application api",
        '      ~ notes: "c" → "d"',
        "  ~ application api",
        '      ~ notes: "d" → "e"',
    ]
    assert low.startswith("○ Low")
    alone = page(change_text.changes(replace(estates.plan(), following=later[:1])))
    assert alone == [found[9], "  ~ application api", '      ~ notes: "c" → "d"']
    assert page(change_text.changes(estates.plan(changes[0]))) == found[3:6]
    blocks = change_text.each_change(replace(estates.plan(*changes), following=later))
    assert [each.following for each in blocks] == [False] * 3 + [True] * 2


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Create(OWN), "  + application api"),
        (Restore(OWN, OWN), "  + application api (restored)"),
        (update(), "  ~ application api"),
        (update(adopts=True), "  ~ application api (adopted)"),
        (Delete(OWN), "  - application api"),
        (Release(OWN), "  - application api (released: only its ownership tags are removed)"),
        (Delete(Resource(API, {})), "  - application api"),
        (Delete(replace(OWN, display_name="api")), "  - application api"),
        (Delete(replace(OWN, display_name="API")), '  - application api "API"'),
        (Delete(replace(OWN, display_name="API", parent=API)), "  - application api"),
    ],
)
def test_a_change_is_called_by_its_resource(change: Change, line: str) -> None:
    """By sign, kind, title, display name where that is another, and what is unusual about it."""
    assert shown(change) == [line]


def test_places_stand_at_the_edge_and_people_are_left_out() -> None:
    """A title's and a note's people are values."""
    someone = Person("'li@x'", "u1")
    owner = Resource(API, {}, title=Phrase.of("api ← ", someone), position=HERE)
    change = Delete(owner, notes=(Phrase.of("held by ", someone), "plain"))
    named = shown(change)
    assert named[0].endswith("a.yaml:3")
    assert named[0].startswith("  - application api ← 'li@x'  ")
    assert named[1:] == ["      ! held by 'li@x'", "      ! plain"]
    hidden = shown(change, names=False)
    assert hidden[0].startswith("  - application api ← a user (u1…)  ")
    assert hidden[1:] == ["      ! held by a user (u1…)", "      ! plain"]


LEAVES = (FieldChange("a", 1, 2), FieldChange("b", None, 3), FieldChange("c", 4, None))


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        (FieldChange("notes", "a", "b"), ['      ~ notes: "a" → "b"']),
        (FieldChange("notes", None, "b"), ['      + notes: "b"']),
        (FieldChange("notes", "a", None), ['      - notes: "a" → null']),
        (
            FieldChange("info", {}, {}, differences=LEAVES),
            ["      ~ info", "          ~ a: 1 → 2", "          + b: 3", "          - c: 4 → null"],
        ),
        (FieldChange("uris", items=(ItemChange("add", "x"),)), ["      ~ uris", "          + x"]),
        (
            FieldChange(
                "appRoles", items=(ItemChange("add", "Reader", "who reads"), ItemChange("remove", "B"))
            ),
            ["      ~ appRoles", "          + Reader           who reads", "          - B"],
        ),
        (
            FieldChange(
                "appRoles", items=(ItemChange("add", "A" * 20, "long"), ItemChange("add", "B", "short"))
            ),
            [
                "      ~ appRoles",
                f"          + {'A' * 20}  long",
                f"          + B{' ' * 21}short",
            ],
        ),
        (
            FieldChange(
                "appRoles", items=(ItemChange("add", "A" * 40, "long"), ItemChange("add", "B", "short"))
            ),
            ["      ~ appRoles", f"          + {'A' * 40} long", f"          + B{' ' * 33}short"],
        ),
        (
            FieldChange(
                "appRoles",
                items=(ItemChange("change", "A", "about", LEAVES[:2], ("careful", "and so")),),
            ),
            [
                "      ~ appRoles",
                "          ~ A                about",
                f"{' ' * 29}a: 1 → 2",
                f"{' ' * 29}b: 3",
                "            ! careful",
                "            ! and so",
            ],
        ),
        (
            FieldChange("appRoles", items=(ItemChange("change", "A", "", LEAVES[:1]),)),
            ["      ~ appRoles", "          ~ A                a: 1 → 2"],
        ),
    ],
)
def test_a_field_shows_what_differs(field: FieldChange, lines: list[str]) -> None:
    """Both values, or the leaves, or the items in two columns, of which the first has its bounds."""
    assert shown(update(field)) == ["  ~ application api", *lines]


MARKS = (
    "entra-config:owner=myapp/prod",
    "entra-config:key=api",
    "entra-config:owner=myapp/production",
    "entra-config:key=spa",
)


def items(*labels: str) -> tuple[ItemChange, ...]:
    """Make items that come."""
    return tuple(ItemChange("add", label) for label in labels)


MADE = replace(OWN, position=HERE)
PART = replace(MADE, parent=SPA)


@pytest.mark.parametrize(
    ("resource", "field", "lines"),
    [
        pytest.param(OWN, FieldChange("tags", items=items(*MARKS[:2])), [], id="marks alone"),
        pytest.param(
            OWN,
            FieldChange("tags", items=items(*MARKS)),
            ["      + tags", *(f"          + {each}" for each in MARKS[2:])],
            id="marks of others",
        ),
        pytest.param(
            OWN,
            FieldChange("uris", items=items(MARKS[0])),
            ["      + uris", f"          + {MARKS[0]}"],
            id="uris",
        ),
        pytest.param(MADE, FieldChange("a", None, "x", position=THERE), ['      + a: "x"'], id="written"),
        pytest.param(MADE, FieldChange("a", None, "x", position=HERE), [], id="default"),
        pytest.param(MADE, FieldChange("a", None, "x"), ['      + a: "x"'], id="nowhere"),
        pytest.param(MADE, FieldChange("a", None, True, position=HERE), ["      + a: true"], id="allows"),
        pytest.param(MADE, FieldChange("a", None, 1, position=HERE), [], id="a number"),
        pytest.param(PART, FieldChange("a", None, "x", position=HERE), ['      + a: "x"'], id="of a part"),
    ],
)
def test_of_what_is_created_defaults_and_marks_are_left_out(
    resource: Resource, field: FieldChange, lines: list[str]
) -> None:
    """Unless all is wanted; of what changes nothing is left out."""
    assert shown(Create(resource, (field,)))[1:] == lines
    assert shown(Create(resource, (field,)), whole=True)[1:] != []
    assert shown(update(field))[1:] != []


def test_items_of_a_creation_that_do_not_all_come_are_a_change() -> None:
    """The sign of a field is that of all its items."""
    mixed = FieldChange("uris", items=(ItemChange("add", "a"), ItemChange("remove", "b")))
    assert shown(Create(OWN, (mixed,)))[1] == "      ~ uris"
    assert shown(Create(OWN, (replace(mixed, items=mixed.items[1:]),)))[1] == "      ~ uris"
    assert shown(Create(OWN, (replace(mixed, items=mixed.items[:1]),)))[1] == "      + uris"


def gains(role: str, sign: Any = "gain", address: Address | None = API, **more: Any) -> AccessChange:
    """Make an access change of two people."""
    people = (Affected("u1", "li@x", "direct"), Affected("u2", "bo@x", "direct"))
    return AccessChange("api", role, sign, 2, people, address, **more)


SILENT = ["      ~ appRoles", "          + A", "          - B"]
ROLES = FieldChange("appRoles", items=(ItemChange("add", "A"), ItemChange("remove", "B")))


@pytest.mark.parametrize(
    ("field", "access", "lines"),
    [
        (
            ROLES,
            [gains("A"), gains("B", "lose"), gains("C")],
            [
                "      ~ appRoles",
                "          + A",
                "            ! 2 people gain it: bo@x (direct), li@x (direct)",
                "          - B",
                "            ! 2 people lose it: bo@x (direct), li@x (direct)",
                "      ! 2 people gain C",
            ],
        ),
        (
            replace(ROLES, path="api.oauth2PermissionScopes", items=ROLES.items[:1]),
            [gains("A")],
            ["      ~ api.oauth2PermissionScopes", "          + A", "      ! 2 people gain A"],
        ),
        (ROLES, [gains("C", address=SPA), gains("C", address=None)], SILENT),
        (ROLES, [gains("A", kind="scope")], SILENT),
        (ROLES, [gains("", kind="restored")], SILENT),
    ],
)
def test_who_gains_and_loses_stands_at_the_role(
    field: FieldChange, access: list[AccessChange], lines: list[str]
) -> None:
    """Of a role that changes here with names, of other values of this change below it."""
    assert shown(update(field), *access)[1:] == lines


def test_who_gains_and_loses_has_a_colour_of_its_own() -> None:
    """Power that somebody gets is as high a risk, and what is taken is medium, whatever the sign."""
    access = (gains("A"), gains("B", "lose"), gains("C"), gains("D", "lose"))
    plan = replace(estates.plan(update(ROLES)), access=access)
    (block,) = change_text.each_change(plan)
    notes = [each.spans for each in block.lines if ("!", "bold") in each.spans]
    assert [spans[-1][1] for spans in notes] == ["high", "mid", "high", "mid"]


@pytest.mark.parametrize(
    ("change", "style"), [(Delete(GONE), "high"), (update(FieldChange("notes", "a", "b")), "")]
)
def test_a_title_has_the_colour_of_its_risk(change: Change, style: str) -> None:
    """What is of low risk has none."""
    (block,) = change_text.each_change(estates.plan(change))
    assert block.lines[0].spans[-1][1] == style
    assert change_text.TITLES[block.risk] == style
