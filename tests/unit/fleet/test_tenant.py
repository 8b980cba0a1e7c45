"""`--fleet FILE --tenant NAME`: commands on one tenant of a fleet, as on any environment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from entra_config.cli.options import Session
from entra_config.graph.token import FixedToken, Identity
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.git_folder import commit
from tests.unit.cli.ran import Run
from tests.unit.fleet.fleet_ran import started

ROOT = """\
project: myapp
files: [applications/*.yaml]
environments: { customer: { fleet: true, protected: true, deployers: credential } }
applications:
  api: { type: api, displayName: "MyApp ${title}", appRoles: { Reader: Reads. } }
appRoleAssignments: { api: { Reader: { groups: [MyApp Admins] } } }
"""
FLEET = f"""\
projects: {{ myapp: {{ manifest: myapp, environment: customer }} }}
credential: {{ kind: github, clientId: {seed.DEPLOYER_APP_ID} }}
tenants:
  contoso: {{ tenantId: {seed.CONTOSO}, projects: [myapp], variables: {{ title: One }} }}
  fabrikam: {{ tenantId: {seed.FABRIKAM}, projects: [myapp], variables: {{ title: Two }} }}
"""
ACCESS = """\
people: { li@fabrikam.com: {} }
tests:
  - it: sends nobody anywhere
    as: li@fabrikam.com
    client: api
    asks: [openid]
    expect: { refused: AADSTS500113 }
"""
IN = ("--fleet", "fleet.yaml", "-f", "myapp")


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    """Write a fleet."""
    (folder / "myapp/applications").mkdir(parents=True)
    (folder / "myapp/applications/none.yaml").write_text("applications: {}\n", encoding="utf-8")
    (folder / "myapp/entra-config.yaml").write_text(ROOT, encoding="utf-8")
    (folder / "fleet.yaml").write_text(FLEET, encoding="utf-8")


@pytest.fixture
def fabrikam(run: Run, tenant: Embedded) -> Iterator[Run]:
    """Run commands signed in to the second tenant."""
    caller = tenant.app_caller(tenant_id=seed.FABRIKAM)
    identity = Identity(caller.tid, caller.oid, caller.appid, "Emulator deployer")
    with run.signed_in(Session(tenant.transport(), FixedToken(tenant.token(caller), identity))):
        yield run


def test_a_tenant_of_a_fleet_is_planned_pinned_applied_and_watched(fabrikam: Run, tenant: Embedded) -> None:
    """The whole way of a protected environment, in the second tenant and in no other."""
    first = fabrikam("plan", "--tenant", "fabrikam", *IN)
    assert first.code == 3
    assert "myapp/customer" in first.out
    assert "run `entra-config lock -e customer --tenant NAME`" in first.out
    assert "the fleet's client" not in first.out

    assert fabrikam("lock", "--tenant", "fabrikam", *IN).code == 0
    pins = Path("myapp/locks/customer/fabrikam.lock.yaml").read_text(encoding="utf-8")
    assert pins.startswith("# Written by `entra-config lock -e customer --tenant fabrikam`.")
    assert f"tenantId: {seed.FABRIKAM}" in pins
    assert "groups:" in pins
    assert "servicePrincipals" not in pins

    planned = fabrikam("plan", "--tenant", "fabrikam", *IN)
    assert planned.code == 0
    assert "Next: entra-config apply -e customer -f myapp --fleet fleet.yaml --tenant fabrikam" in planned.out
    page = fabrikam("plan", "--tenant", "fabrikam", *IN, "--format", "html").out
    assert ">entra-config apply -e customer -f myapp --fleet fleet.yaml --tenant fabrikam<" in page
    assert fabrikam("apply", "--tenant", "fabrikam", *IN, "--auto-approve").code == 0
    again = fabrikam("plan", "--tenant", "fabrikam", *IN, "--detailed-exitcode")
    assert (again.code, "doubted" in again.out) == (0, False)
    assert fabrikam("drift", "--tenant", "fabrikam", *IN).code == 0

    made = {
        name: [app["displayName"] for app in tenant.directory.tenants[id_].applications.rows.values()
               if "entra-config:owner=myapp/customer" in app["tags"]]
        for name, id_ in (("contoso", seed.CONTOSO), ("fabrikam", seed.FABRIKAM))
    }  # fmt: skip
    assert made == {"contoso": [], "fabrikam": ["MyApp Two"]}


def test_a_token_of_another_tenant_stops_everything(run: Run) -> None:
    """Signed in to the first tenant, nothing of the second is read."""
    ran = run("plan", "--tenant", "fabrikam", *IN)
    assert ran.code == 1
    assert f"signed in to tenant {seed.CONTOSO}, and this environment of the manifest is of tenant" in ran.err


def test_what_only_one_of_several_made_proves_nothing(fabrikam: Run, folder: Path) -> None:
    """With another client in the fleet's file, what this one made and owns is nobody's that is declared."""
    fabrikam("lock", "--tenant", "fabrikam", *IN)
    fabrikam("apply", "--tenant", "fabrikam", *IN, "--auto-approve")
    path = folder / "fleet.yaml"
    other = FLEET.replace(seed.DEPLOYER_APP_ID, "5c1b2f7e-0000-4000-8000-000000000001")
    path.write_text(other, encoding="utf-8")
    ran = fabrikam("plan", "--tenant", "fabrikam", *IN)
    assert "api has undeclared items: owner" in ran.out
    assert "the fleet's client 5c1b2f7e-0000-4000-8000-000000000001 has no service principal here" in ran.out


def test_an_emulator_of_a_fleet_is_signed_in_to_as_its_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in production: what the fleet's client made is ours by that, and nothing of it is in doubt."""
    client_id = "5c1b2f7e-0000-4000-8000-000000000001"
    fleet = {
        "fleet.yaml": FLEET.replace(seed.DEPLOYER_APP_ID, client_id),
        "myapp/entra-config.yaml": ROOT,
        "myapp/applications/none.yaml": "applications: {}\n",
    }
    there = ("--tenant", "fabrikam", *IN, "--cloud", "emulator")
    with started(tmp_path, monkeypatch, capsys, fleet) as command:
        assert command("lock", *there).code == 0
        signed_in = command("plan", *there, "-v").err
        applied = command("apply", *there, "--auto-approve")
        again = command("plan", *there, "--detailed-exitcode")
        drift = command("drift", *there)

    assert "as Fleet client 5c1b2f7e" in signed_in
    assert applied.code == 0, applied.err
    assert (again.code, "undeclared" in again.out) == (0, False), again.out
    assert (drift.code, "No drift" in drift.out) == (0, True), drift.out


@pytest.mark.parametrize("command", ["validate", "lint", "permissions"])
def test_commands_take_a_tenant_as_they_take_an_environment(run: Run, command: str) -> None:
    """Offline ones too; without a tenant they say what is missing, or leave the environment to its fleet."""
    assert run(command, "--tenant", "contoso", *IN).code in {0, 1}
    assert "error" not in run(command, "--tenant", "contoso", *IN).err
    alone = run(command, "-f", "myapp")
    assert "fleet" in alone.err
    assert run(command, "--fleet", "fleet.yaml").code == 1


def test_a_plan_of_a_tenant_tells_which_guards_of_the_fleet_a_change_lowers(run: Run, folder: Path) -> None:
    """Its own file's and the manifest's, against another checkout."""
    before = folder / "before"
    shutil.copytree(folder / "myapp", before / "myapp")
    (before / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    base = ("--base", str(before))
    same = run("plan", "--tenant", "contoso", *IN, *base)
    assert (same.code, "limits" in same.out, "no longer" in same.out) == (3, False, False), same.out

    (folder / "fleet.yaml").write_text(f"limits: {{ people: 70 }}\n{FLEET}", encoding="utf-8")
    root = ROOT.replace("protected: true, ", "")
    (folder / "myapp/entra-config.yaml").write_text(root, encoding="utf-8")
    ran = run("plan", "--tenant", "contoso", *IN, *base, "--format", "markdown")
    assert "limits` of fleet.yaml: people 50 → 70" in ran.out
    assert "environment customer is no longer protected" in ran.out


def test_a_revision_is_a_base_of_a_tenants_plan_tests_and_drift(fabrikam: Run, folder: Path) -> None:
    """As of git: what was applied is compared with what the tenant has, and what was said with what is."""
    root = ROOT.replace("protected: true, ", "").replace("files: [", "tests: [access.yaml]\nfiles: [")
    (folder / "myapp/entra-config.yaml").write_text(root, encoding="utf-8")
    (folder / "myapp/access.yaml").write_text(ACCESS, encoding="utf-8")
    commit()
    assert fabrikam("apply", "--tenant", "fabrikam", *IN, "--auto-approve").code == 0
    (folder / "fleet.yaml").write_text(FLEET.replace("title: Two", "title: Three"), encoding="utf-8")
    (folder / "myapp/access.yaml").write_text(ACCESS.replace("nobody", "no one"), encoding="utf-8")

    assert "No drift" not in fabrikam("drift", "--tenant", "fabrikam", *IN).out
    ran = fabrikam("drift", "--tenant", "fabrikam", *IN, "--base", "HEAD")
    assert (ran.code, "No drift" in ran.out, "against HEAD (" in ran.out) == (0, True, True), (
        ran.out + ran.err
    )
    ran = fabrikam("test", "--tenant", "fabrikam", *IN, "--base", "HEAD")
    assert (ran.code, "no one" in ran.out) == (0, True), ran.out + ran.err
    ran = fabrikam("plan", "--tenant", "fabrikam", *IN, "--base", "HEAD")
    assert (ran.code, "MyApp Three" in ran.out, "new" in ran.out) == (0, True, False), ran.out + ran.err

    (folder / "fleet.yaml").unlink()
    commit()
    (folder / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    ran = fabrikam("plan", "--tenant", "fabrikam", *IN, "--base", "HEAD", "--format", "markdown")
    assert (ran.code, "there was no fleet, so all of it counts as new" in ran.out) == (0, True), ran.out
    assert (
        "before fabrikam/myapp was declared"
        in fabrikam("drift", "--tenant", "fabrikam", *IN, "--base", "HEAD").out
    )


def test_files_of_a_fleets_manifest_are_edited_as_any(run: Run, folder: Path) -> None:
    """A role more, without a tenant; `move` refuses, as it does not know the files of fleets."""
    ran = run("app-role", "add", "api/Writer", "--description", "Writes.", "-f", "myapp")
    assert ran.code == 0, ran.err
    assert "Writer" in (folder / "myapp/entra-config.yaml").read_text(encoding="utf-8")
    assert run("plan", "--tenant", "contoso", *IN).code == 3
    assert (
        "is of a fleet, and `move` does not know its files"
        in run("move", "key", "api", "web", "-f", "myapp").err
    )


def test_a_person_leaves_the_lock_files_of_every_tenant(run: Run, folder: Path) -> None:
    """`offboard` takes the pins of all tenants of the fleet along."""
    path = folder / "myapp/locks/customer/fabrikam.lock.yaml"
    path.parent.mkdir(parents=True)
    user = "33333333-3333-3333-3333-333333333333"
    path.write_text(f"tenantId: {seed.FABRIKAM}\nusers: {{ li@fabrikam.com: {user} }}\n", encoding="utf-8")
    ran = run("offboard", "li@fabrikam.com", "-f", "myapp")
    assert ran.code == 0, ran.err
    left = path.read_text(encoding="utf-8")
    assert user not in left
    assert "lock -e customer --tenant fabrikam`" in left
