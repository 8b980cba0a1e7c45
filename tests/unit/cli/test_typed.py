"""What is typed, as the part of a command that does the work gets it: each option, and each default."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from entra_config.cli.apply import Approved, Pinning
from entra_config.cli.carrying import Carrying
from entra_config.cli.main import main
from entra_config.importing.tenant import WantedRegistrations
from entra_config.plan.options import NO_OPTIONS, Options
from tests.unit.cli.ran import without_variables

ASKED, SURE = Carrying(confirm=True), Carrying(confirm=False)
NOBODY, PINNED, UNPINNED = Approved(), Pinning(lock=True), Pinning(lock=False)
NO_PLACES: dict[str, Any] = {"base": None, "at": None}
ROLE: dict[str, Any] = {"description": "D", "display_name": None, "members": ("User",), "scope": ""}
PEOPLE: dict[str, Any] = {"users": [], "groups": [], "applications": [], "environment": None, "scope": ""}
EVERYTHING = WantedRegistrations((), (), everything=True)

# What is typed, the function of `entra_config` that does the work, and what it gets after its first argument.
LINES: list[tuple[str, str, tuple[Any, ...]]] = [
    ("plan", "cli.plan.make", (NO_OPTIONS, NO_PLACES)),
    ("plan --base v1 --at 2026-11-20", "cli.plan.make", (NO_OPTIONS, {"base": "v1", "at": "2026-11-20"})),
    ("plan --allow many,last", "cli.plan.make", (Options(frozenset({"many", "last"})), NO_PLACES)),
    ("plan --target a.b --target c.d", "cli.plan.make", (Options(targets=("a.b", "c.d")), NO_PLACES)),
    ("plan --purge-deleted", "cli.plan.make", (Options(purge_deleted=True), NO_PLACES)),
    ("plan --strict", "cli.plan.make", (Options(strict=True), NO_PLACES)),
    ("plan --expired", "cli.plan.make", (Options(expired=True), NO_PLACES)),
    ("apply", "cli.apply._apply", (ASKED, NOBODY, PINNED, NO_OPTIONS)),
    ("apply --auto-approve", "cli.apply._apply", (SURE, NOBODY, PINNED, NO_OPTIONS)),
    ("apply saved.json", "cli.apply._apply", (SURE, Approved(Path("saved.json")), PINNED, NO_OPTIONS)),
    ("apply --digest d1", "cli.apply._apply", (SURE, Approved(digest="d1"), PINNED, NO_OPTIONS)),
    (
        "apply --no-wait --events json --journal j --pins p",
        "cli.apply._apply",
        (
            Carrying(confirm=True, wait=False, events="json", journal=Path("j")),
            NOBODY,
            Pinning(lock=False, file=Path("p")),
            NO_OPTIONS,
        ),
    ),
    ("apply --pins skip", "cli.apply._apply", (ASKED, NOBODY, UNPINNED, NO_OPTIONS)),
    ("apply --cloud emulator", "cli.apply._apply", (ASKED, NOBODY, UNPINNED, NO_OPTIONS)),
    ("apply --cloud emulator --pins write", "cli.apply._apply", (ASKED, NOBODY, PINNED, NO_OPTIONS)),
    (
        "apply --allow many,last --allow delete --target a.b --target c.d --purge-deleted --strict --expired",
        "cli.apply._apply",
        (
            ASKED,
            NOBODY,
            PINNED,
            Options(frozenset({"many", "last", "delete"}), ("a.b", "c.d"), True, True, True),
        ),
    ),
    ("destroy", "cli.destroy._destroy", (ASKED, frozenset())),
    (
        "destroy --auto-approve --no-wait --events json --journal j --allow delete",
        "cli.destroy._destroy",
        (Carrying(wait=False, events="json", journal=Path("j")), frozenset({"delete"})),
    ),
    (
        "drift",
        "cli.drift.check",
        ({"base": None, "since": None, "last": None, "unmanaged": False},),
    ),
    (
        "drift --base v1 --since 2026-11-20 --last l.json --unmanaged",
        "cli.drift.check",
        (
            {
                "base": "v1",
                "since": "2026-11-20",
                "last": Path("l.json"),
                "unmanaged": True,
            },
        ),
    ),
    ("test --base v1", "drift.edits.at", ("v1", None)),
    ("disable web", "cli.disable.run", ("web", {"enabled": False, "confirm": True, "form": "text"})),
    (
        "disable web --auto-approve --format json",
        "cli.disable.run",
        ("web", {"enabled": False, "confirm": False, "form": "json"}),
    ),
    ("enable web", "cli.disable.run", ("web", {"enabled": True, "confirm": True, "form": "text"})),
    (
        "enable web --auto-approve --format json",
        "cli.disable.run",
        ("web", {"enabled": True, "confirm": False, "form": "json"}),
    ),
    ("credentials", "cli.credentials._listed", ("text", None, {"read_sinks": False})),
    (
        "credentials list --ending 0 --sinks --format json",
        "cli.credentials._listed",
        ("json", 0, {"read_sinks": True}),
    ),
    ("credentials remove web K1", "cli.credentials._remove", ("web", "k1", {"auto_approve": False})),
    (
        "credentials remove web k1 --auto-approve",
        "cli.credentials._remove",
        ("web", "k1", {"auto_approve": True}),
    ),
    ("credentials adopt web K1", "cli.credentials._adopt", ("web", "k1", "")),
    ("credentials adopt web k1 --secret s", "cli.credentials._adopt", ("web", "k1", "s")),
    ("import --all", "cli.import_.make", (EVERYTHING, "imported", "prod", None, {"group": False})),
    (
        "import --app-id a --app-id b --name n --project p -e dev --group",
        "cli.import_.make",
        (WantedRegistrations(("a", "b"), ("n",), everything=False), "p", "dev", None, {"group": True}),
    ),
    ("schema --tests", "testing.schema.build", ()),
    ("schema --fleet", "manifest.published.schema_fleet.build", ()),
    ("app-role add api/Admin --description D", "manifest.editing.edit.add", ("api", "Admin", ROLE)),
    (
        "app-role add api/Admin --description D --display-name N --for both",
        "manifest.editing.edit.add",
        ("api", "Admin", {**ROLE, "display_name": "N", "members": ("User", "Application")}),
    ),
    (
        "app-role add api/Admin --description D --for Application --only-here",
        "manifest.editing.edit.add",
        ("api", "Admin", {**ROLE, "members": ("Application",), "scope": "here"}),
    ),
    (
        "app-role rename api/Admin Boss",
        "manifest.editing.edit.rename",
        ("api", "Admin", "Boss", {"keep_value": False, "scope": ""}),
    ),
    (
        "app-role rename api/Admin Boss --keep-value --all",
        "manifest.editing.edit.rename",
        ("api", "Admin", "Boss", {"keep_value": True, "scope": "all"}),
    ),
    ("app-role remove api/Admin", "manifest.editing.edit.remove", ("api", "Admin", {"scope": ""})),
    ("app-role remove api/Admin --all", "manifest.editing.edit.remove", ("api", "Admin", {"scope": "all"})),
    ("move key a b --all", "manifest.editing.move.key", ("a", "b", {"every": True})),
    (
        "app-role unassign api/Admin --group G --group H --application P -e dev --all",
        "manifest.editing.edit.unassign",
        (
            "api",
            "Admin",
            {**PEOPLE, "scope": "all", "groups": ["G", "H"], "applications": ["P"], "environment": "dev"},
        ),
    ),
    (
        "app-role assign api/Admin --user u --user v",
        "manifest.editing.edit.assign",
        ("api", "Admin", {**PEOPLE, "users": ["u", "v"], "until": None}),
    ),
    (
        "app-role assign api/Admin --group G --until 2027-12-31 --only-here",
        "manifest.editing.edit.assign",
        ("api", "Admin", {**PEOPLE, "groups": ["G"], "until": date(2027, 12, 31), "scope": "here"}),
    ),
]


@pytest.mark.parametrize(("line", "part", "expected"), LINES, ids=[line for line, *_ in LINES])
def test_each_option_reaches_its_argument(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, part: str, expected: tuple[Any, ...]
) -> None:
    """And what is left out has its default; the part does nothing."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    calls: list[tuple[Any, ...]] = []

    def collect(*given: Any, **more: Any) -> None:
        calls.append((*given[1:], *([more] if more else [])))
        raise typer.Exit(2)

    monkeypatch.setattr(f"entra_config.{part}", collect)
    assert main(line.split()) == 2
    assert calls == [expected]
