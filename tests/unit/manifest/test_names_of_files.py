"""Names of files are somebody's text: what cannot be read is no file of a manifest, and the rest becomes nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.errors import ManifestError, Position
from entra_config.manifest import loader
from entra_config.manifest.environments import source
from entra_config.plan.model import Notice
from entra_config.report import html, lines, markdown, text
from tests.unit.manifest.conftest import HEAD
from tests.unit.report.plans import API, worked_example

APP = "applications: { x: { type: daemon, displayName: X } }\n"


def written(folder: Path, name: str) -> Path:
    """Write a manifest whose second file has this name."""
    (folder / "teams").mkdir()
    (folder / "entra-config.yaml").write_text(HEAD + 'files: ["teams/*"]\n')
    (folder / "teams" / name).write_text(APP)
    return folder


@pytest.mark.parametrize(
    "char", ["\n", "\r", "\x1b[2J", "\u202e", "\u200b", "\u2028", "\u00a0", "\ufe0f", "\\", "\x85", "\udc80"]
)
def test_what_cannot_be_read_names_no_file(tmp_path: Path, char: str) -> None:
    """A review and CODEOWNERS go by the name; such a file is an error at the line that takes it in."""
    try:
        folder = written(tmp_path, f"a{char}b.yaml")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system has no such name")

    with pytest.raises(ManifestError, match="whose name holds what cannot be seen") as caught:
        loader.load(folder)
    assert str(caught.value.problems[0]).startswith(f"{folder}/entra-config.yaml:3:")


@pytest.mark.parametrize(
    "name",
    [
        "::set-output name=x::y.yaml",
        "-rf.yaml",
        "$(touch x).yaml",
        "a b.yaml",
        "`x`.yaml",
        "é.yaml",
        "<img>.yaml",
    ],
)
def test_other_names_are_names(tmp_path: Path, name: str) -> None:
    """They are read, and start nothing."""
    folder = written(tmp_path, name)

    assert list(loader.load(folder).applications) == ["x"]
    assert sorted(path.name for path in folder.iterdir()) == ["entra-config.yaml", "teams"]


@pytest.mark.parametrize(
    "name", ["a\n```\n# Approved\n", "a\x1b]8;;x\x07", "a\u202eb", "</pre><img src=x>", "::error::x"]
)
def test_a_place_becomes_no_line_markup_or_command(name: str) -> None:
    """Whatever a position says, it stays at the end of its line, printed as every name is."""
    here = Position(f"{name}.yaml", 3, 3)
    plain, plan = (
        replace(worked_example(), warnings=(Notice("look", API, place),)) for place in (None, here)
    )
    shown = lines.format_lines(text.lines(plan))

    assert len(shown.splitlines()) == len(lines.format_lines(text.lines(plain)).splitlines())
    assert not any(char in shown for char in "\x1b\x07\u202e")
    for report in (markdown.render(plan), html.render(plan)):
        assert "\n# Approved" not in report
        assert "<img" not in report


def test_a_link_is_the_file_that_it_leads_to_and_leads_nowhere_else(tmp_path: Path) -> None:
    """A link out of the folder is an error; one inside is read where it leads, with the fence of its own name."""
    folder = written(tmp_path, "real.yaml")
    (tmp_path / "teams/out.yaml").symlink_to("/etc/hostname")
    with pytest.raises(ManifestError, match="leads out of"):
        loader.load(folder)
    (tmp_path / "teams/out.yaml").unlink()
    (tmp_path / "teams/loop.yaml").symlink_to("loop.yaml")
    assert list(loader.load(folder).applications) == ["x"]


def test_a_lock_file_is_no_file_of_a_manifest(tmp_path: Path) -> None:
    """What a glob would take in with it is left out: pins are read where they stand, and nowhere else."""
    folder = written(tmp_path, "team.lock.yaml")
    (tmp_path / "teams/real.yaml").write_text(APP)
    assert [Path(file).name for file in source.read(folder).path_restrictions] == ["real.yaml"]
