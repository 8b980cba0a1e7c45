"""Markdown of plan and drift as GitHub renders it, with tables, strikethrough and markup: whatever a name is,
the page has the same elements, and nothing of it is a link, a mention, an image or more cells of a table.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from entra_config.drift.model import Actor, Attribution, Finding, Overdue
from entra_config.errors import Position
from entra_config.plan.model import Notice
from entra_config.report import drift_markdown, markdown
from tests.unit.report.drifts import sample
from tests.unit.report.plans import API, named

HOSTILE = (
    "a | b | c",
    "`` ` ``` ```` |",
    "```\n# Heading\n```",
    "~~~\n> quote",
    "[text](https://evil.example) ![x](https://evil.example/x.png)",
    "<https://evil.example> https://evil.example/a www.evil.example me@evil.example",
    "@everyone @octo/team #1 GH-2 octo/repo#3 0123456789abcdef0123456789abcdef01234567 :smile:",
    "<img src=x onerror=alert(1)><script>alert(1)</script></details></code></pre>",
    "&lt;b&gt; &#64;everyone \\| \\` \\",
    "<!-- entra-config:rest -->",
    "- [ ] list\n1. list\n\n| a |\n|---|\n| b |",
    "**bold** ~~gone~~ $x$ [^1]: note",
    "\u202e \u200b \x1b[31m \ud800",
)
NAMES = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(["`", "|", "\\", "<", "@", "\n", "[", "](", "~~~", "a", " "]), min_size=1).map(
        "".join
    ),
    st.text(st.characters(codec=None), min_size=1, max_size=30),
).filter(lambda name: bool(name.strip()))
# What GitHub makes of plain text: mentions, addresses, numbers of issues, commits, emoji.
MADE = re.compile(r"@\w|https?://|www\.|#\d|GH-\d|\b[0-9a-f]{40}\b|:[a-z_]+:")


def plan_of(name: str) -> str:
    """Return the comment of a plan in which somebody chose every name."""
    return markdown.render(named(name), names=True)


def drift_of(name: str) -> str:
    """Return the issue of a drift, likewise."""
    who, when = Actor("user", name, name, name), datetime(2026, 11, 20, 8, tzinfo=UTC)
    found = Attribution("possible", who, when, others=(who,), record_id=name, suspects=2)
    at = Position(name, 3, 3)
    drift = replace(
        sample(),
        project=name,
        base=name,
        findings=(Finding(API, "changed", "property-changed", name, name, name, name, name, (), at, found),),
        unmanaged=(name,),
        warnings=(Notice(name, API),),
        overdue=(Overdue(API, when.date(), name, remedy="entra-config apply"),),
    )
    return drift_markdown.render(drift, people=True)


def rendered(text: str) -> str:
    """Return HTML as GitHub's renderer makes it, with all markup that stands outside of code let through."""
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


class _Read(HTMLParser):
    """Keeps which elements there are, and the text that stands in no code."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.outside: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, tuple(attrs)))
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        """Leave code."""
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        """Note what is read outside of code."""
        if not self._code:
            self.outside.append(data)


def read(page: str) -> _Read:
    """Return what a browser would make of a page."""
    found = _Read()
    found.feed(page)
    return found


@pytest.mark.parametrize("of", [plan_of, drift_of], ids=["plan", "drift"])
@given(name=NAMES)
def test_the_page_has_the_same_elements_whatever_a_name_is(of: Callable[[str], str], name: str) -> None:
    """As many cells, blocks and spans as with a plain name, and the same words outside of code."""
    hostile, plain = read(rendered(of(name))), read(rendered(of("name")))
    assert hostile.elements == plain.elements
    assert "".join(hostile.outside) == "".join(plain.outside)


@pytest.mark.parametrize("of", [plan_of, drift_of], ids=["plan", "drift"])
def test_outside_of_code_nothing_is_made_into_a_link(of: Callable[[str], str]) -> None:
    """Of our own words neither: a mention would call somebody, a number would lead to an issue."""
    page = read(rendered(of(" ".join(HOSTILE))))
    assert not {tag for tag, _ in page.elements} & {"a", "img", "script", "input", "del"}
    assert not MADE.search(" ".join(page.outside))


@pytest.mark.browser
@pytest.mark.parametrize("of", [plan_of, drift_of], ids=["plan", "drift"])
def test_chromium_shows_each_name_as_text(of: Callable[[str], str], tmp_path: Path) -> None:
    """Rendered and opened: the same document as with a plain name, nothing asked for, nothing run."""

    def dom(name: str, file: str) -> str:
        path = tmp_path / file
        body = rendered(of(name)).encode("utf-8", "replace").decode()
        path.write_text(f"<!doctype html><meta charset=utf-8><title>t</title>{body}", encoding="utf-8")
        options = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
        ]
        command = [os.environ.get("CHROMIUM", "/usr/bin/chromium"), *options, "--virtual-time-budget=2000"]
        done = subprocess.run(
            [*command, "--dump-dom", path.as_uri()], capture_output=True, text=True, check=True, timeout=240
        )
        return done.stdout

    hostile, plain = read(dom(" ".join(HOSTILE), "hostile.html")), read(dom("name", "plain.html"))
    assert hostile.elements == plain.elements
    assert {"table", "code", "details"} & {tag for tag, _ in plain.elements}
