"""The blocks of commands on the pages that say so, typed by page into one shell; what the page shows is what
is printed. tests/installs types them too, with nothing but the wheel, and those that need the wheel itself.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.docs import session
from tests.docs.session import PROJECT, commands

TYPED = session.pages("fresh", "started")


@pytest.mark.docs
@pytest.mark.xdist_group("shell")
@pytest.mark.parametrize("source", TYPED)
def test_the_blocks_of_a_page_run(source: str, tmp_path: Path) -> None:
    """As a person types them in a clone on main."""
    folder = session.on_main(session.clone(tmp_path / "clone"))

    session.walk(source, folder, f"{Path(sys.executable).parent}:{os.environ['PATH']}")


@pytest.mark.parametrize("source", session.pages("fresh", "started", "project"))
def test_a_page_shows_what_its_commands_print(source: str) -> None:
    """Below each block that is typed; one that begins with the README's shell says so."""
    text = (PROJECT / source).read_text(encoding="utf-8")

    assert [each.code for each in session.page(source) if not each.shows] == []
    assert commands.runs(source) != "started" or "../README.md#ten-minutes-without-a-tenant" in text


def test_what_does_not_run_says_why_and_is_the_smaller_part() -> None:
    """In one place, which names no page without a block."""
    pages = {path.relative_to(PROJECT).as_posix(): path for path in PROJECT.glob("docs/**/*.md")}
    with_blocks = {name for name, path in pages.items() if list(commands.blocks(path.read_text("utf-8")))}
    assert {name for name in commands.known() if name.startswith("docs/")} == with_blocks
    assert len(session.pages("fresh", "started", "project")) >= 7


def test_what_a_person_would_meet_stops_the_page(tmp_path: Path) -> None:
    """A command that fails, and a line that is not printed."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with pytest.raises(AssertionError, match="there is no such file"):
        session.typed(tmp_path, path, [session.Block("entra-config validate\n")])
    shown = session.typed(tmp_path, path, [session.Block("echo one\n"), session.Block("echo two\n")])
    assert shown == ["one\n", "two\n"]
    with pytest.raises(AssertionError, match=re.escape("the page shows\nthree\n")):
        session.reported(shown, [session.Block("", "one\n"), session.Block("", "three\n")])
