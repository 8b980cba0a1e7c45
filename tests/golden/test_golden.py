"""The files of `make golden` are the same in each run, so that what differs after a change is the change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.html_text import text_of
from tests.golden.masks import Masks
from tests.golden.subjects import write

SUFFIXES = {".txt", ".md", ".json", ".html", ".requests", ".sarif"} | {
    ".text", ".github", ".junit", ".markdown"
}  # fmt: skip


@pytest.mark.parametrize(("subject", "only"), [("cases", "story-10"), ("fleet", ""), ("printed", "")])
def test_a_subject_that_is_written_twice_is_the_same_to_the_byte(
    subject: str, only: str, tmp_path: Path
) -> None:
    """Whatever the folder: what is drawn at random, the folder and the time are in no file."""
    once, again = ({}, {})
    for to, found in ((tmp_path / "one", once), (tmp_path / "two", again)):
        assert write(to, subject, only) > 10
        found |= {path.relative_to(to): path.read_bytes() for path in to.rglob("*") if path.is_file()}

    assert once == again
    if subject == "cases":
        assert {path.suffix for path in once} == SUFFIXES
        created = next(content for path, content in once.items() if path.name == "01-apply.requests")
        assert b"entra-config:created=\xe2\x80\xa6" in created


def test_ids_times_and_tokens_are_masked_and_all_else_stays() -> None:
    """An id has the same number wherever it is in a file; of a token the claims are shown."""
    one, two = "0000000a-0000-4000-8000-000000000001", "0000000a-0000-4000-8000-000000000002"
    token = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJhcGkifQ.c2ln"  # signed by nobody

    masked = Masks().text(f"{two} {one} {two.upper()} at 2026-01-01T00:00:00Z by {token}, v1.0")

    assert masked == '<id 1> <id 2> <id 1> at <time> by <token of {"aud": "api"}>, v1.0'


def test_a_page_is_what_a_person_reads() -> None:
    """Headings, links, cells, fields and buttons, a line for each block; no script and no hidden field."""
    page = """<title>T</title><script>x()</script><h1>Users</h1><p>One  <a href="/a">link</a></p>
        <table><tr><th>Name</th><td>Ann</td></tr></table><form method="post" action="/do">
        <input type="hidden" name="t" value="drawn"><input type="text" name="q"><button>Go</button></form>"""

    assert text_of(page).splitlines() == [
        "T", "# Users", "One [link](/a)", "| Name | Ann", "(form post /do)", "{input type=text name=q} <Go>",
    ]  # fmt: skip
