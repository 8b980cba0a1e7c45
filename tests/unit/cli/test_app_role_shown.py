"""An edit of the manifest as it is shown and written, and the roles that it declares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entra_config.cli.main import main
from tests.unit.cli.ran import without_variables

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
