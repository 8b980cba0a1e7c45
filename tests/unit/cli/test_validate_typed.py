"""`validate` and `permissions` as they are typed: what they say of one environment, and of all."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.cli.main import main
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


def test_an_empty_list_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """The manifest is valid, and the report names the entry, or the access test, that makes nothing."""
    entry = '  "${service}": { each: { service: [] }, type: web, displayName: "${service}" }\n'
    Path("manifests/entra-config.yaml").write_text(ROOT.replace("applications:\n", f"applications:\n{entry}"))
    Path("manifests/tests").mkdir(exist_ok=True)
    test = "it: 'keeps ${a}', each: { a: [] }, client: spa, asks: [openid], expect: { refused: 50105 }"
    Path("manifests/tests/empty.yaml").write_text(f"tests: [{{ {test} }}]\n")
    assert main(["validate", "--format", "github"]) == 0
    said = capsys.readouterr()
    assert "`keeps ${a}` makes nothing, because its list is empty" in said.err
    assert "`${service}` makes nothing, because its list is empty" in said.err
    assert said.out.startswith("::warning ")
    assert said.out.count("makes nothing") == 2
