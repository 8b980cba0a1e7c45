"""The moving picture of the first minutes: it types what exists, and stands still for whoever asked."""

from __future__ import annotations

import re
import sys
from xml.etree import ElementTree as ET

from tests.docs.session import PROJECT, commands

sys.path.append(str(PROJECT / "tools/terminal"))
import recording  # of tools/terminal

PICTURE = PROJECT / "docs/images/start.svg"
SVG = "{http://www.w3.org/2000/svg}"


def screens(text: str) -> list[list[str]]:
    """Return the lines of each frame."""
    root = ET.fromstring(text)
    return [
        ["".join(line.itertext()) for line in group.iter(f"{SVG}text")] for group in root.findall(f"{SVG}g")
    ]


def test_the_picture_tells_the_story_of_its_script() -> None:
    """Each line that the script types is seen, none is unknown to the program, and the end is shown."""
    found = screens(PICTURE.read_text(encoding="utf-8"))
    lines = [line for line, _ in recording.STORY]

    for line in lines:
        assert any(seen == f"$ {line}" for screen in found for seen in screen), line
    block = "```sh\n" + "\n".join(lines) + "\n```"
    assert [each for each in commands.problems("docs/until.md", block) if "is not run" not in each] == []
    assert any(re.match(r"Applied: \d+ done, 0 failed", seen) for screen in found for seen in screen)
    assert any("access tests pass" in seen for screen in found for seen in screen)
    assert found[-1][-1] == "$ "[: len(found[-1][-1])]


def test_the_picture_is_small_fetches_nothing_and_can_stand_still() -> None:
    """Below 150 kB, without a script or an address; for less motion there is the end alone."""
    text = PICTURE.read_text(encoding="utf-8")

    assert len(text) < 150_000
    assert re.findall(r"<script|href|url\(|@import|infinite", text) == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg|localhost)[^\s<]*\.(?:css|js|woff)", text) == []
    assert "prefers-reduced-motion: reduce" in text
    assert text.count('class="f f') == len(screens(text)) > 8
    assert len(re.findall(r'class="f f\d+ end"', text)) == 1


def test_each_frame_is_seen_in_its_turn() -> None:
    """One after the other, colours and columns as in the terminal, the last to the end."""
    frames = [
        recording.Frame("$ one\n", 1.0),
        recording.Frame("\x1b[1mbold\x1b[0m  \x1b[31mred & <\x1b[0m\n", 3.0),
    ]
    text = recording.drawn(frames, "Two")

    assert screens(text) == [["$ one"], ["boldred & <"]]
    assert "@keyframes f0 { 0% { visibility: visible } 25.00%, 100% { visibility: hidden } }" in text
    assert "@keyframes f1 { 0% { visibility: hidden } 25.00% { visibility: visible }" in text
    assert f'x="{12 + 6 * recording.WIDTH:.1f}"' in text
    assert 'class="b">bold<' in text
    assert 'fill="#aa0000">red' in text
