"""The lines of a lint report on a terminal, letter for letter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.lint.model import LintFinding, Report, Suppressed
from entra_config.report import lint_text
from entra_config.report.lines import format_lines

FILE = Path("a.yaml")
AT = Position("a.yaml", 2, 4)
FOUND = LintFinding("rule", "E", "high", "regular", "is wrong", "do so", AT, "api", "", ("prod", "dev"))
TEXT = "one:\n - 'a b'  # c\n"


def page(*findings: LintFinding, text: str = TEXT, **more: Any) -> list[str]:
    """Return the lines as text."""
    report = Report("myapp", ("prod",), findings, **more)
    return format_lines(lint_text.lines(report, {FILE: text, Path("b.yaml"): "x"})).splitlines()


def test_a_finding_shows_its_line_and_a_caret() -> None:
    """Below the word or text that it points to, then where it is and what helps."""
    assert page(FOUND) == [
        "error[rule]: is wrong",
        " --> a.yaml:2:4",
        "  |",
        "2 |  - 'a b'  # c",
        "  |    ^^^^^",
        "  = in prod, dev",
        "  = help: do so",
        "",
        "1 error found in prod.",
    ]


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (None, [" = in prod, dev"]),
        (Position("c.yaml", 1, 1), [" --> c.yaml:1:1", "  = in prod, dev"]),
        (Position("a.yaml", 3, 1), [" --> a.yaml:3:1", "  = in prod, dev"]),
        (Position("a.yaml", 1, 1), [" --> a.yaml:1:1", "  |", "1 | one:", "  | ^^^", "  = in prod, dev"]),
        (Position("a.yaml", 1, 9), [" --> a.yaml:1:9", "  |", "1 | one:", "  |     ^", "  = in prod, dev"]),
    ],
)
def test_what_has_no_line_shows_none(at: Position | None, shown: list[str]) -> None:
    """A finding of the tenant, of another file, or behind its end."""
    found = page(replace(FOUND, position=at))
    assert found[1 : 1 + len(shown)] == shown
    assert found[1 + len(shown)].strip() == "= help: do so"


def test_the_gutter_is_as_wide_as_the_number() -> None:
    """Of a line of two digits, too."""
    found = page(replace(FOUND, position=Position("a.yaml", 10, 1), live=True), text="\n" * 9 + "abc")
    assert found[1:6] == [
        "  --> a.yaml:10:1",
        "   |",
        "10 | abc",
        "   | ^^^",
        "   = in the tenant of prod, dev",
    ]


@pytest.mark.parametrize(("length", "shown"), [(160, "x" * 160), (161, "x" * 159 + "…")])
def test_a_long_line_is_cut(length: int, shown: str) -> None:
    """To what a terminal has room for."""
    assert page(replace(FOUND, position=Position("a.yaml", 1, 1)), text="x" * length)[3] == f"1 | {shown}"


@pytest.mark.parametrize(
    ("text", "start", "spot"),
    [
        ("key: value", 0, "key"),
        ("key: value", 5, "value"),
        ("[a, b]", 1, "a"),
        ("{x: ${a}-b}", 4, "${a}-b"),
        ('"a \\" b" c', 0, '"a \\" b"'),
        ("'a '' b' c", 0, "'a '' b'"),
        (", x", 0, ","),
        ("abc", 3, ""),
    ],
)
def test_a_finding_points_to_a_word_or_a_quoted_text(text: str, start: int, spot: str) -> None:
    """Up to what ends it."""
    assert lint_text.spot(text, start) == spot


def test_what_was_not_read_or_shown_is_said() -> None:
    """After the findings; what is silenced is counted."""
    silent = Suppressed(FOUND, AT, "why")
    found = page(
        FOUND,
        replace(FOUND, severity="W"),
        replace(FOUND, severity="W"),
        replace(FOUND, severity="I"),
        replace(FOUND, severity="I"),
        suppressed=(silent, silent),
        not_read=("the tenant", "a file"),
        unseen={"pedantic": 2, "auditor": 1},
    )
    assert found[-5:] == [
        "",
        "not read: the tenant",
        "not read: a file",
        "1 error, 2 warnings, 2 info found in prod. 2 silenced.",
        "Not shown: 2 with --persona pedantic, 1 with --persona auditor.",
    ]
    assert page() == ["Nothing found in prod."]
    assert lint_text.summary(Report("m", ("prod", "dev"), (FOUND, FOUND))) == "2 errors found in prod, dev."
