"""The directory and its file, the seeds."""

import json
from pathlib import Path

import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.generated import generate
from entra_emulator.identifiers import secret_digest


def test_file_holds_the_whole_directory(tmp_path: Path) -> None:
    """What is saved comes back equal, with its indexes, and no id is given twice."""
    before = seed.contoso(seed="s")
    used = [before.ids.guid() for _ in range(3)]
    before.save(tmp_path / "directory.json")
    after = Tenants.load(tmp_path / "directory.json")
    assert after.dump() == before.dump()
    assert after.default.user_by_name("ALICE@contoso.com") == before.default.user_by_name("alice@contoso.com")
    assert after.ids.guid() == before.ids.guid()
    assert after.ids.guid() not in used
    assert [path.name for path in tmp_path.iterdir()] == ["directory.json"]


def test_file_holds_no_secret(tmp_path: Path) -> None:
    """Secrets are kept as hashes."""
    directory = seed.contoso()
    directory.save(tmp_path / "directory.json")
    text = (tmp_path / "directory.json").read_text()
    assert seed.DEPLOYER_SECRET not in text
    assert secret_digest(seed.DEPLOYER_SECRET) in text


def test_unknown_format_is_refused() -> None:
    """A file of another format is not read as this one."""
    with pytest.raises(ValueError, match="format 99"):
        Tenants.from_data({"format": 99})


def test_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    """A save that fails changes nothing and leaves nothing behind."""
    directory = seed.contoso()
    directory.save(tmp_path / "directory.json")
    before = (tmp_path / "directory.json").read_text()
    directory.default.sign_in["broken"] = object()
    with pytest.raises(TypeError):
        directory.save(tmp_path / "directory.json")
    assert (tmp_path / "directory.json").read_text() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_seeds_have_fixed_ids() -> None:
    """The same names give the same ids, in every run, apart by tenant; whoever pins them can check them
    in.
    """
    first, second = seed.contoso(seed="a"), seed.contoso(seed="b")
    assert first.dump()["tenants"] == second.dump()["tenants"]
    groups = [tenant.one("groups", "displayName", "MyApp Admins") for tenant in first.tenants.values()]
    assert len({group["id"] for group in groups if group}) == 2
    assert groups[0] is not None
    assert groups[0]["id"] == seed.fixed_id(seed.CONTOSO, "group", "MyApp Admins")


def test_what_one_directory_writes_is_in_no_other() -> None:
    """Whatever becomes of an example, the next one begins as the first did."""
    first = seed.contoso()
    before = json.loads(json.dumps(first.dump()["tenants"]))
    tenant = first.default
    app = seed.add_application(tenant, "Written")
    seed.add_secret(tenant, app, "a secret of this test alone")
    principal = seed.add_service_principal(tenant, app)
    seed.assign_graph_role(tenant, principal, "User.Read.All")
    alice = seed.fixed_id(seed.CONTOSO, "user", "alice@contoso.com")
    seed.assign(tenant, {**tenant.users.rows[alice], "type": "User"}, principal)
    tenant.members.remove(seed.fixed_id(seed.CONTOSO, "group", "MyApp Admins"), alice)
    tenant.directory_roles[alice].append("Groups Administrator")
    tenant.users.remove(seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com"))
    assert first.dump()["tenants"] != before
    assert seed.contoso().dump()["tenants"] == before


def test_deployer_holds_what_it_needs() -> None:
    """The deployer's permissions are assignments of Microsoft Graph's roles."""
    tenant = seed.contoso().default
    deployer = tenant.service_principal_by_app_id(seed.DEPLOYER_APP_ID)
    graph = tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
    assert deployer is not None
    assert graph is not None
    values = {role["id"]: role["value"] for role in graph["appRoles"]}
    held = {
        values[row["appRoleId"]] for row in tenant.app_role_assignments.find("principalId", deployer["id"])
    }
    assert held == {
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.Read.All",
        "AuditLog.Read.All",
        "Policy.Read.All",
    }


def test_each_environment_has_a_writer_of_its_own() -> None:
    """A writer may what deploying needs, and only its own GitHub environment signs in as it, by main's
    workflow.
    """
    tenant = seed.contoso().default
    for environment, (app_id, _) in seed.WRITERS.items():
        principal, app = tenant.service_principal_by_app_id(app_id), tenant.application_by_app_id(app_id)
        assert principal is not None
        assert app is not None
        assert principal["displayName"] == f"MyApp Writer ({environment})"
        (credential,) = tenant.federated_identity_credentials.find("application", app["id"])
        workflow = "job_workflow_ref:example/myapp/.github/workflows/entra-apply.yml@refs/heads/main"
        assert credential["subject"] == f"repo:example/myapp:environment:{environment}:{workflow}"
        assert len(tenant.app_role_assignments.find("principalId", principal["id"])) == 5


def test_a_deployer_is_made_once() -> None:
    """A name that a service principal has is no group's too, in the example's tenant and in one that a
    manifest names.
    """
    directory = seed.contoso()
    tenant_id = "33333333-3333-4333-8333-333333333333"
    seed.for_names(directory, [tenant_id, seed.CONTOSO], groups=["MyApp Writer (prod)", "MyApp Deploy"])
    for tenant in (directory.tenants[tenant_id], directory.default):
        assert tenant.one("servicePrincipals", "displayName", "MyApp Writer (prod)".casefold()) is not None
        assert tenant.one("groups", "displayName", "MyApp Writer (prod)".casefold()) is None
        assert tenant.one("groups", "displayName", "MyApp Deploy".casefold()) is not None


def test_generated_directory_has_the_size_that_was_asked() -> None:
    """The generator gives the numbers, the same ones for one seed."""
    small = generate(30, 90, seed=1, clock=ManualClock())
    assert len(small.default.applications) == 30 + 5
    assert len(small.default.app_role_assignments) >= 90
    assert json.dumps(small.dump()["tenants"]) == json.dumps(
        generate(30, 90, seed=1, clock=ManualClock()).dump()["tenants"]
    )
