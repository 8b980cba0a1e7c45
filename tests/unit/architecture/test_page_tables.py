"""Tables that name all that is there: rooms, folders, pages, decisions, files at the top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.unit.architecture.page import PAGE, cell_names
from tests.unit.architecture.sources import PACKAGE, ROOMS, ROOT, find_file

LINK = re.compile(r"\]\(([^)]+)\)")


def test_each_room_is_in_the_table_of_folders() -> None:
    """Whoever looks for a module by the page finds it, and what the page names is there."""
    table = PAGE.partition("## Folders")[2].partition("## Rules")[0]
    first = "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    named = {
        name.removeprefix("entra_config/").removesuffix("/").removesuffix(".py")
        for name in re.findall(r"`([^`]+)`", first)
    }

    assert ROOMS - {"__main__"} <= named
    assert [name for name in named - ROOMS if not (ROOT / name).exists()] == []


def test_each_folder_of_the_repository_is_in_the_table() -> None:
    """Those at the top, and those of tests, oracles, tools and workflows, each in its row; what the row
    names is there.
    """
    rows = {}
    for line in PAGE.partition("## Folders")[2].partition("## Rules")[0].splitlines():
        cells = line.split("|")
        if line.startswith("| `"):
            rows |= {name.removesuffix("/"): cells[2] for name in re.findall(r"`([^`]+)`", cells[1])}
    assert {*_folders(".")} | {".github", ".ci"} <= {*rows, "entra_config"}
    for top, held in (
        ("tests", "tests"),
        ("tests/oracle", "tests"),
        ("tools", "tools"),
        (".github", ".github"),
    ):
        shown = {name if top != "tests/oracle" else f"oracle/{name}" for name in _folders(top)}
        assert {name for name in shown if f"`{name}/`" not in rows[held]} == set()


def _folders(top: str) -> Iterator[str]:
    """Yield the folders below one that hold something of this repository's, not what git ignores."""
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()}
    for path in (ROOT / top).iterdir():
        if (
            path.is_dir()
            and not path.name.startswith((".", "__"))
            and not any(fnmatch(path.name, each) for each in ignored)
        ):
            yield path.name


def test_each_page_is_on_a_shelf_of_the_readme() -> None:
    """A link in its section "Documentation"; the navigation of the site has the same order."""
    shelves = (ROOT / "README.md").read_text("utf-8").partition("\n## Documentation\n")[2]
    linked = LINK.findall(shelves.partition("\n## ")[0])

    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} - {*linked} == set()


def test_each_task_is_in_the_index_by_task() -> None:
    """Once."""
    folder = ROOT / "docs/tasks"
    linked = [name for name in LINK.findall((folder / "README.md").read_text("utf-8")) if "/" not in name]

    assert sorted(linked) == sorted(page.name for page in folder.glob("*.md") if page.name != "README.md")


def _linked(page: Path) -> set[str]:
    """Return what the rows of a page's tables begin with links to."""
    rows = (line.split("|")[1] for line in page.read_text("utf-8").splitlines() if line.startswith("| ["))
    return {name for row in rows for name in LINK.findall(row)}


def test_each_decision_is_in_the_table_of_decisions() -> None:
    """By its number, with a link."""
    folder = ROOT / "docs/decisions"

    assert _linked(folder / "README.md") == {page.name for page in folder.glob("0*.md")}


def test_what_a_row_of_the_table_names_is_there() -> None:
    """Each file, and each folder of code within a folder, by its name in the row of its room."""
    rows = {}
    for line in PAGE.partition("## Folders")[2].partition("## Rules")[0].splitlines():
        cells = line.split("|")
        if line.startswith("| `entra_"):
            rows |= {name.removeprefix("entra_config/").strip("/"): cells[2] for name in cell_names(cells[1])}
    named = [
        (room, name)
        for room, says in rows.items()
        for name in cell_names(says)
        if name.endswith((".py", ".json", "/")) and "*" not in name
    ]
    missing = [
        (room, name)
        for room, name in named
        if not any(find_file(room).rglob(name.strip("/")))
        and not any((folder / name).exists() for folder in (PACKAGE, ROOT))
    ]
    inner = [
        (room, path.name)
        for room in rows
        for path in sorted(find_file(room).rglob("*"))
        if (path / "__init__.py").exists() and f"`{path.name}/`" not in rows[room]
    ]

    assert missing == []
    assert inner == []
    assert len(named) > 60


def test_the_files_at_the_top_are_told() -> None:
    """Each that git has there, in the list of CONTRIBUTING.md, and none that is gone."""
    listed = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    patterns = [line.split()[0] for line in listed.splitlines()]
    ignored = {*(ROOT / ".gitignore").read_text("utf-8").splitlines(), ".git"}
    there = {path.name for path in ROOT.iterdir() if path.is_file()} - ignored

    assert {name for name in there if not any(fnmatch(name, each) for each in patterns)} == set()
    assert [each for each in patterns if not any(ROOT.glob(each))] == []
