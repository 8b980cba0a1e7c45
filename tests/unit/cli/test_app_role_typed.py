"""What is typed after `app-role`, as the edits of a manifest get it: each option, and each default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import app_role
from entra_config.cli.main import main
from entra_config.manifest.editing import edit
from entra_config.manifest.editing.editor import Edit
from tests.unit.cli.collected_calls import Calls, collected
from tests.unit.cli.ran import without_variables


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, with nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)


EDIT = Edit({}, {})
ADMIN = (Path("manifests"), "api", "Admin")


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        (
            "add api/Admin --description D",
            "add",
            (*ADMIN, {"description": "D", "display_name": None, "members": ("User",), "scope": ""}),
        ),
        (
            "add api/Admin --description D --display-name N --for both",
            "add",
            (
                *ADMIN,
                {
                    "description": "D",
                    "display_name": "N",
                    "members": ("User", "Application"),
                    "scope": "",
                },
            ),
        ),
        (
            "add api/Admin --description D --for Application",
            "add",
            (*ADMIN, {"description": "D", "display_name": None, "members": ("Application",), "scope": ""}),
        ),
        (
            "add api/Admin --description D --only-here",
            "add",
            (*ADMIN, {"description": "D", "display_name": None, "members": ("User",), "scope": "here"}),
        ),
        ("rename api/Admin Boss", "rename", (*ADMIN, "Boss", {"keep_value": False, "scope": ""})),
        ("rename api/Admin Boss --keep-value", "rename", (*ADMIN, "Boss", {"keep_value": True, "scope": ""})),
        ("remove api/Admin", "remove", (*ADMIN, {"scope": ""})),
        ("remove api/Admin --all", "remove", (*ADMIN, {"scope": "all"})),
        (
            "unassign api/Admin --group G --group H -e dev",
            "unassign",
            (*ADMIN, {"users": [], "groups": ["G", "H"], "applications": [], "environment": "dev"}),
        ),
        (
            "unassign api/Admin --application P",
            "unassign",
            (*ADMIN, {"users": [], "groups": [], "applications": ["P"], "environment": None}),
        ),
        (
            "assign api/Admin --user u --user v",
            "assign",
            (
                *ADMIN,
                {"users": ["u", "v"], "groups": [], "applications": [], "environment": None, "until": None},
            ),
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("more", [{}, {"--dry-run": True}, {"--plan": True}, {"--no-plan": False}])
def test_app_role(
    monkeypatch: pytest.MonkeyPatch, words: str, name: str, expected: tuple[Any, ...], more: dict[str, bool]
) -> None:
    """Each edit, then what ends all of them alike: written unless it is tried, planned as it is said."""
    edits, ends = Calls(), collected(monkeypatch, app_role, "finish", later=False)

    def made(*given: Any, **options: Any) -> Edit:
        edits.append((*given, *([options] if options else [])))
        return EDIT

    def tested(_: object, given: Edit, *__: str) -> Edit:
        return Edit({}, {}, notes=("tested",)) if given is EDIT else EDIT

    monkeypatch.setattr(edit, name, made)
    monkeypatch.setattr(app_role, "_tested", tested)
    assert main(["app-role", *words.split(), *more]) == 2
    assert edits == [expected]
    (option,) = list(more) or [""]
    planned = {"--plan": True, "--no-plan": False}.get(option)
    ((_, shown, how),) = ends
    assert how == {"dry_run": option == "--dry-run", "plan": planned}
    assert shown.notes == (("tested",) if name == "add" else ())
    if name == "add":
        assert main(["app-role", *words.split(), "--no-test"]) == 2
        assert ends[1][1] is EDIT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("remove api", "api: expected APP/ROLE, such as api/Admin"),
        ("remove /Admin", "/Admin: expected APP/ROLE, such as api/Admin"),
        ("remove api/", "api/: expected APP/ROLE, such as api/Admin"),
        ("assign api/Admin", "name somebody: --user UPN, --group NAME or --application NAME"),
        ("unassign api/Admin", "name somebody: --user UPN, --group NAME or --application NAME"),
        ("assign api/Admin --user u --until soon", "--until soon: expected "),
    ],
)
def test_what_no_role_is_refused(capsys: pytest.CaptureFixture[str], words: str, said: str) -> None:
    """Before anything is read."""
    assert main(["app-role", *words.split()]) == 1
    assert capsys.readouterr().err.startswith(f"error: {said}")
