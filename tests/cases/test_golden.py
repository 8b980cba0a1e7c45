"""The files of `make golden`: the same in each run, so that what differs after a change is the change."""

from __future__ import annotations

from pathlib import Path

from tests.cases import golden


def test_a_story_that_is_told_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    """Plans in each format, requests of each step, drift and access; what is drawn at random or by folder
    stands in none.
    """
    once, again = ({}, {})
    for to, found in ((tmp_path / "one", once), (tmp_path / "two", again)):
        assert golden.write(to, "story-10") > 10
        found |= {path.relative_to(to): path.read_bytes() for path in to.rglob("*") if path.is_file()}

    assert once == again
    assert {path.suffix for path in once} == {".txt", ".md", ".json", ".requests", ".sarif", ".html"}
    created = next(content for path, content in once.items() if path.name == "01-apply.requests")
    assert b"entra-config:created=\xe2\x80\xa6" in created
