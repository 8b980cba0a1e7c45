"""Every editing command, on any manifest: exactly the wanted change, or a refusal with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from entra_config.errors import EntraConfigError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit, move
from entra_config.manifest.editing.offboard import offboard
from entra_config.manifest.references import Reference, read_references
from entra_config.testing import reading
from tests import seeds
from tests.unit.manifest import every_reference
from tests.unit.manifest.every_edit import COMMANDS, PLACE, tried

QUICK = 5


def _problems(name: str, numbers: list[int], folder: Path) -> Iterator[str]:
    for number in numbers:
        below = folder / str(number)
        below.mkdir()
        if problem := tried(number, name, below):
            yield f"seed {number}: {problem}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_makes_exactly_the_wanted_change(name: str, folder: Path) -> None:
    """With anchors, aliases, overrides, several files and comments; a few drawn manifests."""
    assert list(_problems(name, seeds.of("commands")[:QUICK], folder)) == []


@pytest.mark.oracles
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_makes_exactly_the_wanted_change_in_a_hundred(name: str, folder: Path) -> None:
    """The same, on many more."""
    assert list(_problems(name, seeds.of("commands"), folder)) == []


def _mentions(root: Path, command: str, subject: str) -> list[Reference]:
    """Return what still names the subject of a command; former names and what tests say of people stay."""
    references = read_references(root)
    application, _, role = subject.partition("/")
    found = {
        "move key": references.to_application(subject),
        "move environment": references.to_environment(subject),
        "app-role rename": references.to_role(application, role),
        "app-role remove": references.to_role(application, role),
        "offboard": references.to_object("user", references.find_names("user", subject)),
    }[command]
    return [
        each for each in found if not each.former and (command != "offboard" or each.place.kind != "tests")
    ]


def _run(root: Path, command: str, subject: str) -> None:
    application, _, role = subject.partition("/")
    match command:
        case "move key":
            move.key(root, subject, "moved").write()
        case "move environment":
            move.environment(root, subject, "moved", unpinned=True).write()
        case "app-role rename":
            edit.rename(root, application, role, "Moved").write()
        case "app-role remove":
            edit.remove(root, application, role).write()
        case _:
            offboard(root, subject).write()


@pytest.mark.parametrize(
    ("command", "subject"),
    [
        *(("move key", key) for key in ("api", "web", "job", "page", "mcp")),
        *(("move environment", name) for name in ("dev", "prod")),
        *(
            (verb, f"api/{role}")
            for verb in ("app-role rename", "app-role remove")
            for role in ("Reader", "Writer")
        ),
        *(("offboard", f"{who}@contoso.com") for who in ("dora", "olga", "erin", "frank")),
    ],
)
def test_no_field_that_names_something_is_missed(command: str, subject: str, folder: Path) -> None:
    """In a manifest that has each field which can name something, all of them follow, or the command refuses
    with the list and writes nothing.
    """
    root = every_reference.write(folder)
    if command == "move key":
        # A key that was renamed before is not renamed again.
        file = folder / "applications.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("    previously: backend\n", ""), "utf-8")
    before = {file: file.read_bytes() for file in folder.rglob("*.yaml")}
    assert _mentions(root, command, subject)
    try:
        _run(root, command, subject)
    except EntraConfigError as error:
        refused = str(error)
        assert {file: file.read_bytes() for file in folder.rglob("*.yaml")} == before
        assert PLACE.search(refused), refused
        return
    assert _mentions(root, command, subject) == []
    loader.load_all(root)
    reading.load(root)
