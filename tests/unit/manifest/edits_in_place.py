"""A seed and a folder in; one edit of files in any hand there, and what differs that should not, out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from entra_config.errors import EntraConfigError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit
from entra_config.manifest.editing.editor import Edit
from tests.unit.manifest.drawn_files import BOM, Drawing, Drawn, draw

Expected = Callable[[Drawn, list[str]], bool]
_MEMBERS = re.compile(r"(?:\*members_\S+|&members_\S+ \[User\])")


def _kept(drawn: Drawn, after: list[str], label: str) -> bool:
    """Tell whether the lines of all others stand there, in order."""
    lines = iter(map(_written_out, after))
    others = (_written_out(line) for line, labels in drawn.lines if label not in labels)
    return all(any(line == each for each in lines) for line in others)


def _written_out(line: str) -> str:
    """Return a line without anchor and alias: an alias becomes the value if its anchor is removed."""
    return _MEMBERS.sub("[User]", line)


def _remove(drawing: Drawing, label: str) -> tuple[Edit, Expected]:
    def expected(drawn: Drawn, after: list[str]) -> bool:
        shared = [
            line for line, labels in drawn.lines if len(labels) > 1 and label in labels and "braces" in line
        ]
        gone = [line for line, labels in drawn.lines if label not in labels]
        return _kept(drawn, after, label) and len(after) == len(gone) + len(shared)

    return edit.remove(drawing.root, "api", label), expected


def _rename(drawing: Drawing, label: str) -> tuple[Edit, Expected]:
    new = f"{label}2"

    def expected(drawn: Drawn, after: list[str]) -> bool:
        named = [line for line in after if f"{new}:" in line]
        return _kept(drawn, after, label) and 0 <= len(after) - len(drawn.lines) <= 2 and len(named) in {0, 2}

    return edit.rename(drawing.root, "api", label, new), expected


def _add(drawing: Drawing, label: str) -> tuple[Edit, Expected]:
    def expected(drawn: Drawn, after: list[str]) -> bool:
        before = [line for line, _ in drawn.lines]
        changed = len([line for line in after if line not in before])
        return changed <= 1 and len(after) - len(before) in {0, 1}

    return edit.add(
        drawing.root, "api", "Team.New" if label.startswith("Team.") else "New", description="New: # one"
    ), expected


def _assign(drawing: Drawing, label: str) -> tuple[Edit, Expected]:
    def expected(drawn: Drawn, after: list[str]) -> bool:
        return _kept(drawn, after, label) and len([line for line in after if "Newcomers" in line]) <= 1

    return edit.assign(drawing.root, "api", label, groups=["Newcomers"]), expected


def _unassign(drawing: Drawing, label: str) -> tuple[Edit, Expected]:
    group = drawing.random.choice(drawing.holders[label])

    def expected(drawn: Drawn, after: list[str]) -> bool:
        lines = [line for line, labels in drawn.lines if not {label, group} <= labels]
        return after == [
            _without(line, group) if line.startswith(f"    {label}: {{ groups") else line for line in lines
        ]

    return edit.unassign(drawing.root, "api", label, groups=[group]), expected


def _without(line: str, group: str) -> str:
    return line.replace(f"{group}, ", "") if f"{group}, " in line else line.replace(f", {group}", "")


VERBS = (_remove, _rename, _add, _assign, _unassign)


def tried(number: int, folder: Path) -> str:
    """Make one edit in a folder; return what is wrong with it."""
    drawing = draw(number)
    drawing.root = folder / "entra-config.yaml"
    for drawn in drawing.files:
        drawn.write(folder)
    loader.load_all(drawing.root)
    verb = Random(number).choice(VERBS)
    label = drawing.random.choice(list(drawing.holders))
    what = f"seed {number}: {verb.__name__[1:]} {label}"
    raw = {drawn.name: (folder / drawn.name).read_bytes() for drawn in drawing.files}
    try:
        made, expected = verb(drawing, label)
    except EntraConfigError as error:
        return f"{what}: {error}"
    made.write()
    loader.load_all(drawing.root)
    after = {drawn.name: (folder / drawn.name).read_bytes() for drawn in drawing.files}
    if after == raw:
        return f"{what}: nothing changed"
    for drawn in drawing.files:
        text = after[drawn.name].decode()
        lines = text.removeprefix(BOM).split(drawn.newline)
        lines = lines[:-1] if lines[-1] == "" else lines
        if text.startswith(BOM) != drawn.bom or any("\r" in line or "\n" in line for line in lines):
            return f"{what}: byte order mark or line ends of {drawn.name}: {text!r}"
        if after[drawn.name] != raw[drawn.name] and not expected(drawn, lines):
            return f"{what}:\n{made.diff}"
    return ""
