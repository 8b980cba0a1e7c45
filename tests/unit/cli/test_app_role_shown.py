"""An edit of the manifest as it is shown and written, and the roles that it declares."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import app_role
from entra_config.cli import plan as planning
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.manifest.editing.editor import Edit
from tests.unit.cli.ran import without_variables

COMMON = Common(output=Output(no_color=True))
ROOT = """\
project: myapp
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Reader: Reads.
      Job: { description: Runs., allowedMemberTypes: [Application], value: Jobs.Run }
appRoleAssignments:
  api:
    Reader: { users: [ann@a.org, bob@a.org], groups: [Staff] }
    Job: { servicePrincipals: [Payroll] }
"""


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("plan", [True, False, None])
@pytest.mark.parametrize("breaking", [True, False])
def test_an_edit_is_shown_written_and_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    *, dry_run: bool, plan: bool | None, breaking: bool,
) -> None:  # fmt: skip
    """In that order; what it breaks and what is to be known is said, and a dry run writes nothing."""
    calls: list[Any] = []
    one, two = tmp_path / "b.yaml", tmp_path / "a.yaml"
    one.write_text("x\n")
    edit = Edit({one: "x\n", two: ""}, {one: "y\n", two: "new\n"}, breaking, ("look at it",))

    def show(_: Common, contents: Any, *, wanted: bool | None) -> int:
        calls.append((dict(contents), wanted))
        return 7

    monkeypatch.setattr(planning, "show_edited", show)
    assert app_role.finish(COMMON, edit, dry_run=dry_run, plan=plan) == 7
    out, err = capsys.readouterr()
    assert out == edit.diff
    breaks = "this is breaking: tokens carry the value of a role, and applications ask for it\n"
    wrote = "" if dry_run else f"written: {two}, {one}\n"
    assert err == f"note: look at it\n{breaks if breaking else ''}{wrote}"
    assert (one.read_text(), two.exists()) == (("x\n", False) if dry_run else ("y\n", True))
    assert calls == [(edit.after, plan)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a manifest."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    Path("manifests").mkdir()
    Path("manifests/entra-config.yaml").write_text(ROOT + "  # nobody\n")


def test_roles_and_who_has_them(folder: None, capsys: pytest.CaptureFixture[str]) -> None:
    """As text and as a document, in the manifest's order."""
    text = Path("manifests/entra-config.yaml").read_text()
    Path("manifests/entra-config.yaml").write_text(
        text.replace("      Job:", "      Free: Nothing.\n      Job:")
    )
    assert main(["app-role", "list", "--no-color"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{'api/Reader':24}group Staff, ann@a.org, bob@a.org",
        f"{'api/Free':24}nobody",
        f"{'api/Job':24}application Payroll",
    ]
    assert main(["app-role", "list", "--format", "json"]) == 0
    out = capsys.readouterr().out
    nobody: dict[str, list[str]] = {"groups": [], "users": [], "applications": [], "requestedBy": []}
    assert json.loads(out) == {
        "version": 1,
        "kind": "appRoles",
        "roles": [
            {
                "application": "api", "role": "Reader", "value": "Reader", "for": ["User"],
                **nobody, "groups": ["Staff"], "users": ["ann@a.org", "bob@a.org"],
            },
            {"application": "api", "role": "Free", "value": "Free", "for": ["User"], **nobody},
            {
                "application": "api", "role": "Job", "value": "Jobs.Run", "for": ["Application"], **nobody,
                "applications": ["Payroll"],
            },
        ],
    }  # fmt: skip
    assert out.startswith('{\n  "version": 1,')
    assert out.endswith("}\n")


def test_a_role_has_its_first_test_or_why_it_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the edit, in one with it."""
    from entra_config.testing import first

    found: Any = SimpleNamespace(note="there is a test", path=Path("t.yaml"), text="test\n")
    monkeypatch.setattr(first, "of_role", lambda *_: found)
    edit = Edit({}, {Path("a.yaml"): "a\n"}, notes=("before",))
    assert app_role._tested(COMMON, edit, "api", "Reader") == Edit(
        {}, edit.after, False, ("before", "there is a test")
    )
    found.note = ""
    assert app_role._tested(COMMON, edit, "api", "Reader") == Edit(
        {Path("t.yaml"): ""}, {**edit.after, Path("t.yaml"): "test\n"}, False, ("before",)
    )


def test_applications_of_the_project_have_roles_too(folder: None, capsys: pytest.CaptureFixture[str]) -> None:
    """By their consented permissions; who only requests a role does not have it yet."""
    asks = "apiPermissions: {{ api: {{ application: [Job]{1} }} }}"
    clients = "  {0}: {{ type: daemon, displayName: {0}, " + asks + " }}\n"
    root = Path("manifests/entra-config.yaml")
    both = clients.format("nightly", ", adminConsent: true") + clients.format("weekly", "")
    root.write_text(root.read_text().replace("applications:\n", "applications:\n" + both, 1))
    assert main(["app-role", "list", "--no-color"]) == 0
    assert (
        f"{'api/Job':24}application Payroll, application nightly, requested by weekly"
        in capsys.readouterr().out
    )
