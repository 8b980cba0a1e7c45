"""`validate` and `permissions` as they are typed: what they say of one environment, and of all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entra_config.checks import privileges
from entra_config.checks.dangers import danger
from entra_config.cli.main import main
from entra_config.manifest import loader
from tests.unit.cli.ran import without_variables

TENANT = "11111111-1111-1111-1111-111111111111"
ROOT = f"""\
project: myapp
environments: {{ dev: {{ tenantId: {TENANT} }}, customer: {{ fleet: true }}, prod: {{ tenantId: {TENANT} }} }}
applications:
  api: {{ type: api, displayName: "API ${{environment}}", appRoles: {{ Reader: Reads. }} }}
  spa: {{ type: spa, displayName: "SPA ${{environment}}", only: [dev] }}
appRoleAssignments: {{ api: {{ Reader: {{ users: [ann@a.org] }} }} }}
"""
FLEET = "customer: of a fleet; `entra-config fleet list` checks it in each tenant\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a manifest, with nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    Path("manifests").mkdir()
    Path("manifests/entra-config.yaml").write_text(ROOT)


def test_what_holds_is_said_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    """How many applications and roles; what is a fleet's is checked elsewhere; of one only that one."""
    one = "myapp/dev: valid, 2 applications, 1 role assigned\n"
    assert main(["validate"]) == 0
    prod = "myapp/prod: valid, 1 application, 1 role assigned\n"
    assert capsys.readouterr() == ("", f"{one}{prod}{FLEET}")
    assert main(["validate", "-e", "dev"]) == 0
    assert capsys.readouterr() == ("", one)


def test_permissions_are_rungs(capsys: pytest.CaptureFixture[str]) -> None:
    """Of reading and of writing this manifest, with what each could be abused for."""
    needs = privileges.of_manifest(loader.load(Path("manifests"), "dev"))
    reading = [privileges.reading(), privileges.foreseeing(), privileges.watching(), privileges.linting()]
    writing = privileges.writing(needs)
    assert main(["permissions", "-e", "dev", "--format", "json"]) == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    names = privileges.names([*reading, *writing])
    assert (found["version"], found["kind"], found["environment"]) == (1, "permissions", "dev")
    assert found["least"] == list(privileges.least(needs))
    assert found["abuse"] == {name: danger(name, "application") for name in names}
    assert [each["name"] for each in found["reading"]] == [each.name for each in reading]
    assert [each["name"] for each in found["writing"]] == [each.name for each in writing]
    assert out.startswith('{\n  "version": 1,')
    assert main(["permissions", "-e", "dev", "--no-color"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["Reading", f"  1. {', '.join(reading[0].permissions)}", f"     {reading[0].does}"]
    assert "Writing myapp/dev" in lines
    for name in names:
        reason = danger(name, "application") or "reads who and what there is in the tenant"
        assert f"  {name}: {reason}" in lines
    for each in writing:
        assert not each.leaves or f"     {each.leaves}" in lines


MISTYPED = ROOT.replace(
    "spa: { type: spa, ",
    "spa: { type: spa, apiPermissions: { Microsoft Graph: { delegated: [Usr.Read, User.Read.All] } }, ",
)


def test_an_id_in_place_of_a_permission_s_name_is_reported_with_the_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Microsoft Graph has such a permission, and a manifest names it otherwise."""
    mail_read = "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"
    Path("manifests/entra-config.yaml").write_text(MISTYPED.replace("Usr.Read", mail_read))
    assert main(["validate"]) == 0
    assert "This is the id of `Mail.Read`: write that name" in capsys.readouterr().err


def test_a_name_that_this_version_does_not_know_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be new, so the manifest is valid; similar names are offered, once for all environments."""
    Path("manifests/entra-config.yaml").write_text(MISTYPED)
    assert main(["validate"]) == 0
    said = capsys.readouterr().err
    assert said.count("`Usr.Read` is unknown to this version") == 1
    assert "Did you mean `User.Read`" in said
    assert "entra-config.yaml:5:" in said
    assert "User.Read.All" not in said.replace("`User.Read.All`", "")
    assert main(["validate", "--format", "github"]) == 0
    assert capsys.readouterr().out.startswith("::warning ")
