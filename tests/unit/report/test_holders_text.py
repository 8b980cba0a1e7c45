"""The lines of who holds what, letter for letter: people, applications, owners, who gets in, and how sure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.errors import Position
from entra_config.plan.model import TenantInfo
from entra_config.report import holders, holders_data, holders_html
from entra_config.report.holders import AccessReading
from entra_config.report.lines import format_lines

HERE = Position("a.yaml", 5)
ANN = Holding("api", "Admin", "user", "ann@x", "1", "group HR", "2026-11-20T08:00:00Z", HERE, group="g")
BOB = Holding("api", "Admin", "user", "bob@x", "2", "direct", position=HERE)
ROBOT = Holding("api", "Admin", "application", "Robot", "a", "consent", position=HERE)
DAY = date(2026, 12, 31)


def page(held: Sequence[Holding], *, explain: bool = False, **more: Any) -> list[str]:
    """Return the lines as text."""
    return format_lines(holders.lines(held, explain=explain, **more)).splitlines()


@pytest.mark.parametrize(
    ("held", "lines"),
    [
        pytest.param([], ["Nobody."], id="nobody"),
        pytest.param([ANN], ["api/Admin  1 person", "  ann@x  group HR"], id="one"),
        pytest.param(
            [ROBOT, replace(BOB, name="b@x"), ANN],
            [
                "api/Admin  2 people, 1 application",
                "  b@x    direct",
                "  ann@x  group HR",
                "  Robot  application, consent",
            ],
            id="people first",
        ),
        pytest.param(
            [replace(BOB, role="Writer"), replace(BOB, application="abc"), BOB],
            [
                "abc/Admin  1 person",
                "  bob@x  direct",
                "api/Admin  1 person",
                "  bob@x  direct",
                "api/Writer  1 person",
                "  bob@x  direct",
            ],
            id="roles in order",
        ),
        pytest.param(
            [replace(BOB, until=DAY), replace(ANN, disabled=True)],
            [
                "api/Admin  2 people (1 disabled)",
                "  bob@x  direct, until 31 Dec 2026, ends when applied",
                "  ann@x  group HR, disabled: gets no token",
            ],
            id="for a time, disabled",
        ),
        pytest.param(
            [
                replace(BOB, position=None),
                ANN,
                replace(ROBOT, position=None),
                replace(ROBOT, undeclared=True),
            ],
            [
                "api/Admin  2 people, 1 application",
                "  bob@x  direct, not in the manifest",
                "  ann@x  group HR",
                "  Robot  application, consent",
                "  Robot  application, consent, not in the manifest",
                "",
                "Not in the manifest: 2. Drift shows who made it.",
            ],
            id="by hand",
        ),
        pytest.param(
            [replace(ROBOT, called='"Robot" (a…)'), BOB],
            [
                "api/Admin  1 person, 1 application",
                "  bob@x         direct",
                '  "Robot" (a…)  application, consent',
            ],
            id="an application of others",
        ),
        pytest.param(
            [replace(BOB, name="b" * 60), ANN],
            ["api/Admin  2 people", f"  {'b' * 60} direct", f"  ann@x{' ' * 45}group HR"],
            id="a long name",
        ),
    ],
)
def test_each_holder_has_a_line(held: list[Holding], lines: list[str]) -> None:
    """By role, in one column; what is not declared is counted at the end."""
    assert page(held) == lines


UNKNOWN = "The audit log does not say since when somebody is in a group where no such day stands."
NESTED = (
    "Members of a group inside a group hold nothing through it: Entra gives roles to direct members only."
)
JOINED = replace(ANN, member_since="2026-11-21T00:00:00Z")


@pytest.mark.parametrize(
    ("held", "line", "notes"),
    [
        (ANN, "  ann@x  group HR, since 2026-11-20", ["", UNKNOWN, NESTED]),
        (JOINED, "  ann@x  group HR, since 2026-11-20, in it since 2026-11-21", ["", NESTED]),
        (replace(JOINED, type="group"), "  ann@x  group HR, since 2026-11-20", ["", NESTED]),
        (replace(ANN, type="group"), "  ann@x  group HR, since 2026-11-20", ["", NESTED]),
        (replace(JOINED, group=""), "  ann@x  group HR, since 2026-11-20", ["", NESTED]),
        (BOB, "  bob@x  direct", ["", NESTED]),
    ],
)
def test_a_holder_is_explained_by_its_steps_and_place(held: Holding, line: str, notes: list[str]) -> None:
    """Since when each step of the path is, and where the manifest says so."""
    found = page([held], explain=True)
    assert found[1].startswith(line)
    assert found[1].removeprefix(line).split() == ["a.yaml:5"]
    assert found[2:] == notes


def test_of_one_in_a_group_the_unknown_day_is_told() -> None:
    """Whoever else holds it."""
    for held in ([ANN, BOB], [BOB, ANN], [JOINED, ANN]):
        assert page(held, explain=True)[3:] == ["", UNKNOWN, NESTED]
    assert page([JOINED, BOB], explain=True)[3:] == ["", NESTED]


def test_what_is_by_hand_is_explained_too() -> None:
    """In words, with no place."""
    assert page([replace(BOB, position=None)], explain=True) == [
        "api/Admin  1 person",
        "  bob@x  direct, not in the manifest",
        "",
        "Not in the manifest: 1. Drift shows who made it.",
        "",
        NESTED,
    ]


OWNERS = (
    Ownership("spa", "user", "bob@x", "2"),
    Ownership("api-long", "user", "ann@x", "1", ("api/A", "api/B"), DAY),
    Ownership("spa", "user", "ann@x", "1"),
)


def test_owners_stand_by_application() -> None:
    """All of one in a line; each with what it can do where that is to be explained."""
    assert page([], owners=OWNERS) == [
        "",
        "Owners  can act as the application",
        "  api-long  ann@x, until 31 Dec 2026, ends when applied",
        "  spa       bob@x, ann@x",
    ]
    assert page([], owners=OWNERS, explain=True) == [
        "",
        "bob@x owns spa",
        "ann@x owns api-long, until 31 Dec 2026, ends when applied, and can act as it: api/A, api/B",
        "ann@x owns spa",
    ]
    assert page([BOB], owners=OWNERS[:1]) == [
        "api/Admin  1 person",
        "  bob@x  direct",
        "",
        "Owners  can act as the application",
        "  spa  bob@x",
    ]


ENTRANCES = (
    Entrance("fine"),
    Entrance("off", enabled=False),
    Entrance("gone", enabled=False, assignment_required=False, missing="application"),
    Entrance("bare", enabled=False, missing="servicePrincipal"),
    Entrance("open", assignment_required=False),
)


def test_the_answer_is_before_the_notes() -> None:
    """The tenant, when it was read and by whom; APIs of which nobody or everybody gets a token."""
    about = AccessReading(
        "myapp/prod", TenantInfo("11112222", "contoso"), datetime(2026, 11, 26, 10, 4, tzinfo=UTC), "Reader"
    )
    assert page([], about=about, entrances=ENTRANCES) == [
        "Access of myapp/prod · contoso (1111…)",
        "read 2026-11-26 10:04 UTC as Reader",
        "",
        "Nobody.",
        "",
        "off is disabled: nobody gets a token for it",
        "gone is deleted: nobody gets a token for it",
        "bare has no service principal: nobody gets a token for it",
        "open requires no assignment: everybody gets a token for it, without roles",
    ]


def test_applications_without_required_assignment_are_one_line() -> None:
    """The line has their number and their names."""
    shown = page([], entrances=[Entrance(name, assignment_required=False) for name in ("b", "a")])
    assert shown[-1] == (
        "2 applications require no assignment, so everybody gets a token for them, without roles: a, b"
    )


def test_a_disabled_owner_and_a_group_without_people_are_marked() -> None:
    """In text, CSV, HTML and JSON alike."""
    owners = [Ownership("api", "user", "bob@x", "2", disabled=True)]
    group = Holding("api", "Admin", "group", "HR", "g", "no person is a direct member", empty=True, group="g")
    about = AccessReading("myapp/prod", TenantInfo("1", "c"), datetime(2026, 11, 26, tzinfo=UTC), "R")
    for explain in (False, True):
        text = "\n".join(page([group], owners=owners, explain=explain))
        assert "bob@x (disabled)" in text
        assert "HR  group, no person is a direct member" in text
        assert "1 group without people" in text
    html = holders_html.to_html([group], "Access", owners, (), about)
    assert "bob@x (disabled)" in html
    assert "no person is a direct member" in html
    table = list(csv.DictReader(io.StringIO(holders_data.to_csv([group], owners, about))))
    assert [(row["type"], row["through"], row["disabled"]) for row in table] == [
        ("group", "no person is a direct member", ""),
        ("user", "owner", "yes"),
    ]
    document = json.loads(holders_data.to_json([group], owners, (), about))
    assert [(each["name"], each["disabled"]) for each in document["owners"]] == [("bob@x", True)]
    assert [(each["name"], each["through"]) for each in document["holders"]] == [
        ("HR", "no person is a direct member")
    ]


def test_what_waits_for_somebody_has_a_colour() -> None:
    """By hand is amber, disabled yellow; all else is plain or dim."""
    held = [replace(BOB, position=None, disabled=True), BOB]
    styles = [[style for _, style in each.spans if style] for each in holders.lines(held, explain=False)]
    assert styles == [["bold", "dim"], ["yellow", "mid"], ["dim"], [], ["mid"]]
