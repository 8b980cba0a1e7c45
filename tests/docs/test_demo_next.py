"""What the demo says comes next: one shell types it, wherever the demo ran and however it was installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from entra_config.cli.demo import story
from tests.docs import session

# A shell that knows nothing of ours.
PATH = "/usr/bin:/bin"


def kept(folder: Path, *, tagged: bool = False) -> Path:
    """Make an environment below a folder, of a cache where that is tagged."""
    prefix = folder / "one"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin/entra-config").touch()
    if tagged:
        (folder / "CACHEDIR.TAG").touch()
    return prefix


@pytest.mark.docs
@pytest.mark.xdist_group("shell")
@pytest.mark.parametrize("cloned", [False, True])
def test_one_shell_types_what_comes_next(cloned: bool, tmp_path: Path) -> None:
    """In an empty folder, and in a clone, whose example `init` leaves alone."""
    folder = tmp_path / "project"
    session.clone(folder) if cloned else folder.mkdir()

    code = "".join(f"{command}\n" for command, _ in story.next_steps(folder, Path(sys.prefix), None))
    [shown] = session.typed(folder, PATH, [session.Block(code)])

    assert code.startswith("export PATH=")
    assert "wrote " in shown
    assert "Plan: 7 to add, 0 to change" in shown


def test_the_shell_that_finds_it_is_told_nothing_more(tmp_path: Path) -> None:
    """Also by a link to it, as `uv tool` and pipx make; one that finds another is told of the path."""
    prefix = kept(tmp_path)
    linked = tmp_path / "linked"
    linked.symlink_to(prefix / "bin/entra-config")
    first = ("entra-config init", "start a manifest of your own")

    assert story.next_steps(tmp_path, prefix, str(prefix / "bin/entra-config"))[0] == first
    assert story.next_steps(tmp_path, prefix, str(linked))[0] == first
    assert story.next_steps(tmp_path, prefix, "/usr/bin/env")[0][0] == f"export PATH={prefix}/bin:$PATH"


@pytest.mark.parametrize(
    ("below", "tagged", "line"),
    [
        ("uv/archive-v0", True, "uv tool install 'entra-config[emulator] @ "),
        ("pipx/.cache", False, "pipx install 'entra-config[emulator] @ "),
        ("pipx/venvs", False, "entra-config init"),
        ("uv/tools", False, "entra-config init"),
    ],
)
def test_what_ran_of_a_cache_is_kept_first(below: str, tagged: bool, line: str, tmp_path: Path) -> None:
    """`uvx` and `pipx run` put themselves on the path of what they run, and leave nothing in the shell's."""
    prefix = kept(tmp_path / below, tagged=tagged)

    assert story.next_steps(tmp_path, prefix, str(prefix / "bin/entra-config"))[0][0].startswith(line)
