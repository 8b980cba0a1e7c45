"""Hostile names never become markup, commands, control sequences or formulas."""

from __future__ import annotations

import csv
import io
import re
import sys
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from entra_config import characters
from entra_config.report import escape

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "\x9b31mC1",
    "invoice\u202efdp.exe",
    "All\u200bStaff",
    "a\nb\r\nc\u2028d\u2029e\x85f",
    "::set-output name=x::y",
    "  ::add-mask::x",
    "text ##[add-path]/tmp/evil",
    "##[error]x",
    "```\n# heading\n```",
    "`",
    "``a``",
    "@octocat closes #1",
    "[link](javascript:alert(1)) ![img](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</code></pre><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "＝1+1",
    "-2+3",
    "| a | b |",
    "\ud800 lone",
    "\U000e0041 tag",
    "",
    "   ",
]
names = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec=None), max_size=40),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join),
)


@given(names)
@example("\x1b[2J")
def test_text_holds_only_what_can_be_seen(name: str) -> None:
    """A terminal gets one line without control, bidi, zero-width or private characters."""
    shown = escape.text(name)

    assert not [
        char for char in shown if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ]
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(names)
def test_text_is_no_workflow_command(name: str) -> None:
    """GitHub's runner finds a command neither at the start of the line nor inside it."""
    shown = escape.text(name)

    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown


@given(names, names)
@example("a\u200b", "a")
@example("\\u{200b}", "\u200b")
@example("\\\\u{200b}", "\\\u200b")
@example("\\\u200b", "\\u{200b}")
@example("\n", "\\n")
@example("e\u0301", "\u00e9")
def test_what_differs_never_prints_alike(one: str, other: str) -> None:
    """Two names are told apart, whatever they hold."""
    assert (escape.text(one) == escape.text(other)) == (one == other)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("All\u00a0Staff", "All\\u{a0}Staff"),
        ("\ufe0fAdmin\ufe0f", "\\u{fe0f}Admin\\u{fe0f}"),
        ("\u0301x", "\\u{301}x"),
        ("a \u0301", "a \\u{301}"),
        ("\u3164", "\\u{3164}"),
        ("C:\\x", "C:\\x"),
        ("\\u{7}\\\a", "\\\\u{7}\\\\\\u{7}"),
        ("\U000e0041", "\\u{e0041}"),
        ("Zoe\u0308", "Zoe\u0308"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(name: str, shown: str) -> None:
    """Blanks, ignorable characters and marks on nothing have their number, a mark on a letter is a letter."""
    assert escape.text(name) == shown


def test_no_invisible_character_is_left() -> None:
    """Of all of Unicode, what comes through is seen."""
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
    assert [
        char for char in every if characters.invisible(char) and escape.text(f"a{char}") == f"a{char}"
    ] == []


@pytest.mark.parametrize("name", ["MyApp API", "Zoë Müller", "開発者", "Ольга", "a → b", "👩 ok"])
def test_text_keeps_names_of_people(name: str) -> None:
    """Names of all scripts are shown as they are."""
    assert escape.text(name) == name


def code_span(markdown: str) -> str:
    """Read a code span as CommonMark does (6.1) and return what follows the closing run of backticks."""
    opening = re.match("`+", markdown)
    assert opening
    path_restriction = opening.group()
    for closing in re.finditer("`+", markdown[len(path_restriction) :]):
        if closing.group() == path_restriction:
            return markdown[len(path_restriction) + closing.end() :]
    msg = "the span never closes"
    raise AssertionError(msg)


@given(names)
def test_markdown_is_one_code_span(name: str) -> None:
    """All of a name stands inside one code span, where no markup, mention, link or HTML begins."""
    shown = escape.markdown(name)

    assert "\n" not in shown
    assert code_span(shown) == ""


@given(st.lists(names, max_size=4))
def test_a_block_is_closed_by_its_own_fence_only(lines: list[str]) -> None:
    """No line of a fenced block is a fence of that length."""
    block = escape.markdown_block("\n".join(map(escape.text, lines)), "diff")
    first, *inner, last = block.split("\n")

    path_restriction = first.removesuffix("diff")
    assert set(path_restriction) == {"`"}
    assert last == path_restriction
    assert not [line for line in inner if path_restriction in line]


class _Tags(HTMLParser):
    """Collects the tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, attrs))


@given(names)
def test_html_makes_no_tag_and_no_attribute(name: str) -> None:
    """A name in text and in a quoted attribute adds neither a tag nor an attribute."""
    parser = _Tags()
    parser.feed(f'<p title="{escape.html(name)}">{escape.html(name)}</p>')

    assert [(tag, [key for key, _ in attrs]) for tag, attrs in parser.tags] == [("p", ["title"])]


@given(names)
def test_csv_is_no_formula(name: str) -> None:
    """A cell that a spreadsheet reads back starts with no sign that begins a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([escape.csv(name), "next"])
    cell, following = next(csv.reader(io.StringIO(out.getvalue())))

    assert following == "next"
    folded = unicodedata.normalize("NFKC", cell).lstrip()
    assert not folded.startswith(("=", "+", "-", "@", "\t", "\r"))


def read_command(line: str) -> tuple[str, dict[str, str], str]:
    """Parse a workflow command as GitHub's runner does."""
    head, message = line[2:].split("::", 1)
    name, _, properties = head.partition(" ")
    pairs = [pair.partition("=") for pair in properties.split(",") if pair]
    plain = {
        key: value.replace("%2C", ",").replace("%3A", ":").replace("%25", "%") for key, _, value in pairs
    }
    return name, plain, message.replace("%25", "%")


@given(names, names)
def test_a_workflow_command_carries_its_text_whole(file: str, message: str) -> None:
    """The runner reads back exactly one command, with the file and the message that were given."""
    line = escape.workflow_command("warning", message, file=file, line=3)

    assert len(line.splitlines()) == 1
    assert read_command(line) == (
        "warning",
        {"file": escape.text(file), "line": "3"},
        escape.text(message),
    )
