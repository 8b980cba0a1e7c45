"""Copies of the site's sources, each broken in one way: `python tools/docs` fails and names what is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.session import PROJECT

pytestmark = [pytest.mark.docs, pytest.mark.xdist_group("site")]

Break = Callable[[Path], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Make a copy of what pages are made of; the rest of the repository stands beside it by link."""
    own = {"docs", "tools", "output", ".git", "README.md", "CHANGELOG.md"}
    for each in PROJECT.iterdir():
        if each.name not in own:
            (tmp_path / each.name).symlink_to(each)
    shutil.copytree(PROJECT / "docs", tmp_path / "docs")
    for name in ("README.md", "CHANGELOG.md"):
        shutil.copy(PROJECT / name, tmp_path)
    (tmp_path / "tools").mkdir()
    for each in (PROJECT / "tools").iterdir():
        if each.name != "docs":
            (tmp_path / "tools" / each.name).symlink_to(each)
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    shutil.copytree(PROJECT / "tools/docs", tmp_path / "tools/docs", ignore=ignored)
    (tmp_path / "tools/docs/node_modules").symlink_to(PROJECT / "tools/docs/node_modules")
    return tmp_path


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of a copy."""
    making = [sys.executable, str(folder / "tools/docs")]
    return subprocess.run(making, cwd=folder, capture_output=True, text=True, check=False)


def adds(text: str, page: str = "docs/until.md") -> Break:
    """Return what writes more at the end of a page."""

    def broken(folder: Path) -> None:
        with (folder / page).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return broken


def replaces(page: str, before: str, after: str) -> Break:
    """Return what replaces words of a file."""

    def broken(folder: Path) -> None:
        text = (folder / page).read_text(encoding="utf-8")
        assert before in text
        (folder / page).write_text(text.replace(before, after), encoding="utf-8")

    return broken


BREAKS: dict[str, tuple[Break, str]] = {
    "a link to a page that is not there": (adds("[there](nowhere.md)"), "nowhere.md is not there"),
    "a link to a heading that is not there": (adds("[there](lint/README.md#no-such-rule)"), "no-such-rule"),
    "a link to a heading of its own that is not there": (adds("[there](#nowhere)"), "#nowhere"),
    "a link that begins at the root": (
        adds("[there](/docs/lint/README.md)"),
        "/docs/lint/README.md is not there",
    ),
    "a picture that is not there": (
        adds("![this](images/nowhere.png)"),
        "images/nowhere.png is not there",
    ),
    "a link to a file of the code that is gone": (adds("[code](../entra_config/nowhere.py)"), "nowhere.py"),
    "a page that is gone and still linked": (
        lambda folder: (folder / "docs/glossary.md").unlink(),
        "README.md: docs/glossary.md is not there",
    ),
    "a section of the README that is gone": (
        replaces("README.md", "\n## The first real tenant\n", "\n## A tenant\n"),
        "the section 'The first real tenant' is not there",
    ),
    "a page on no shelf of the README": (
        lambda folder: (folder / "docs/lost.md").write_text("# Lost\n\nNobody links this.\n"),
        "lost.md: on no shelf of README.md",
    ),
    "a task that its index does not have": (
        lambda folder: (folder / "docs/tasks/lost.md").write_text("# Lost\n\nNobody links this.\n"),
        "tasks/lost.md: on no shelf of README.md, and in no index of a folder",
    ),
    "a page without a heading": (
        replaces("docs/until.md", "# What ends, and when\n", "What ends, and when\n"),
        "has no heading",
    ),
    "a command that is not there": (adds("Then `entra-config plam -e dev`."), "no command plam"),
    "a command of a command that is not there": (
        adds("Then `entra-config emulator restart`."),
        "no command emulator restart",
    ),
    "an option that is not there": (
        replaces(
            "docs/until.md", "entra-config plan -e dev --expired\n", "entra-config plan -e dev --over\n"
        ),
        "no option --over",
    ),
    "an option in the middle of a sentence": (adds("Or `entra-config apply --yes`."), "no option --yes"),
    "a block of which nobody says whether it runs": (
        adds("```sh\nls\n```", "docs/glossary.md"),
        "is not run",
    ),
    "a test that is said to type a block and is gone": (
        replaces("tools/docs/blocks.yaml", "tests/images/test_our_images.py", "tests/images/test_gone.py"),
        "tests/images/test_gone.py is not there",
    ),
    "a beginning that no page has": (
        replaces(
            "tools/docs/blocks.yaml", "docs/until.md: { run: started }", "docs/until.md: { run: later }"
        ),
        "no page begins so",
    ),
    "a page of which blocks are told and that is gone": (
        adds("docs/gone.md: { run: fresh }", "tools/docs/blocks.yaml"),
        "docs/gone.md is not there",
    ),
}


@pytest.mark.parametrize("way", BREAKS)
def test_what_is_broken_fails_the_build(copy: Path, way: str) -> None:
    """And is named."""
    breaks, reported = BREAKS[way]
    breaks(copy)
    ran = built(copy)

    assert ran.returncode != 0, ran.stdout
    assert reported in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_copy_that_is_whole_is_built(copy: Path) -> None:
    """So that a break is what fails it."""
    ran = built(copy)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (copy / "output/docs/site/until.html").is_file()
