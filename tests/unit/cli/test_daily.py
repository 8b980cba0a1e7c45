"""init, schema, lock, owned, app-role and the emulator for a manifest, as their users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entra_config.cli import main
from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from entra_config.testing import populating
from tests.unit.cli.ran import Run


def test_init_makes_a_manifest_that_holds(run: Run, folder: Path) -> None:
    """What init writes validates, plans, and is never overwritten."""
    assert run("init", "-f", "mine", "--project", "shop", "--tenant-id", seed.CONTOSO).code == 0
    assert run("validate", "-f", "mine").code == 0
    assert run("plan", "-f", "mine").code == 0
    before = (folder / "mine/access.yaml").read_text()
    again = run("init", "-f", "mine", "--project", "other")

    assert again.code == 1
    assert "nothing was written" in again.err
    assert (folder / "mine/access.yaml").read_text() == before


@pytest.mark.parametrize("arguments", [("--project", "9x"), ("--tenant-id", "contoso"), ("-f", "a.yaml")])
def test_init_refuses_what_would_not_hold(run: Run, folder: Path, arguments: tuple[str, ...]) -> None:
    """A name or id of the wrong form writes nothing."""
    there = set(folder.rglob("*"))

    assert run("init", "-f", "mine", *arguments).code == 1
    assert set(folder.rglob("*")) == there


def test_schema_is_written_and_checked(run: Run, folder: Path) -> None:
    """The schemas beside the root file are current or exit code 2."""
    assert json.loads(run("schema").out)["title"] == "entra-config manifest"
    assert json.loads(run("schema", "--tests").out)["title"] == "entra-config access tests"
    for name in ("entra-config.schema.json", "entra-config.tests.schema.json"):
        (folder / "manifests" / name).write_text("{}")
        assert run("schema", "--check").code == 2
        assert run("schema", "--write").code == 0
        assert run("schema", "--check").code == 0


def test_what_is_written_beside_the_manifest_goes_through_no_link(run: Run, folder: Path) -> None:
    """A committed link in the schema's place is replaced, and one that leads to nothing yet is no free
    place for `init`.
    """
    kept = folder / "kept"
    kept.write_text("kept\n")
    path = folder / "manifests/entra-config.schema.json"
    path.unlink(missing_ok=True)
    path.symlink_to(kept)
    assert run("schema", "--write").code == 0
    assert (kept.read_text(), path.is_symlink()) == ("kept\n", False)
    assert run("schema", "--check").code == 0
    (folder / "mine").mkdir()
    (folder / "mine/access.yaml").symlink_to(folder / "made")
    assert run("init", "-f", "mine", "--project", "shop").code == 1
    assert [each.name for each in (folder / "mine").iterdir()] == ["access.yaml"]
    assert not (folder / "made").exists()


def test_lock_pins_names_and_our_app_ids(run: Run, folder: Path) -> None:
    """Names first, our appIds once they exist; a second run has nothing to do."""
    path = folder / "manifests/entra-config.prod.lock.yaml"
    checked_in = path.read_text()
    path.unlink()
    refused = run("plan", "-e", "prod")
    assert refused.code == 3
    assert "is not pinned" in refused.out
    assert run("lock", "-e", "prod", "--check").code == 2
    assert not path.exists()
    assert run("lock", "-e", "prod").code == 0
    assert path.read_text() == checked_in
    assert run("apply", "-e", "prod", "--auto-approve", "--write-lock").code == 0
    assert "applications:\n  api:\n    appId: " in path.read_text()
    assert "  # created 20" in path.read_text()
    assert "nothing to pin" in run("lock", "-e", "prod").err
    assert run("plan", "-e", "prod", "--detailed-exitcode").code == 0


def test_lock_pins_what_is_proven_and_what_somebody_looked_at(
    run: Run, tenant: Embedded, folder: Path
) -> None:
    """What a deployer that is not named made, nobody vouches for: `lock` leaves it, and does with it what
    somebody says.
    """
    path = folder / "manifests/entra-config.prod.lock.yaml"
    assert run("apply", "-e", "prod", "--auto-approve").code == 0
    assert "nothing to pin" in run("lock", "-e", "prod").err
    doubted = run("plan", "-e", "prod").out
    assert "api is doubted: nothing proves that it is ours" in doubted
    api = tenant.directory.default.one("applications", "displayName", "MyApp API")
    assert api
    assert run("lock", "-e", "prod", "--accept", f"spa={api['appId']}").code == 1
    assert run("lock", "-e", "prod", "--accept", "api").code == 1
    assert (
        "~ application api: appId not pinned"
        in run("lock", "-e", "prod", "--accept", f"api={api['appId']}").err
    )
    assert f"appId: {api['appId']}  # created 20" in path.read_text()
    assert "api is doubted" not in run("plan", "-e", "prod").out
    assert "rejected, it is never one of ours" in run("lock", "-e", "prod", "--reject", api["appId"]).err
    planned = run("plan", "-e", "prod").out
    assert '+ application api "MyApp API"' in planned
    assert (
        f"uniqueName myapp.prod.api is held by the application 'MyApp API' (appId {api['appId']})" in planned
    )


def test_lock_runs_on_what_a_plan_refuses_and_mends_it(run: Run, tenant: Embedded, folder: Path) -> None:
    """Two applications that claim one key stop a plan; `lock` says so, and takes the one that somebody
    names.
    """
    run("apply", "-e", "dev", "--auto-approve")
    directory = tenant.directory.default
    api = directory.one("applications", "displayName", "MyApp API (dev)")
    assert api
    seed.add_application(directory, "Twin", tags=api["tags"])
    assert "several applications claim to be `api`" in run("plan", "-e", "dev").err
    assert "still to be decided: " in run("lock", "-e", "dev").err
    assert run("lock", "-e", "dev", "--accept", f"api={api['appId']}").code == 0
    assert run("plan", "-e", "dev", "--detailed-exitcode").code == 0


def test_pins_travel_in_a_document_that_is_checked(run: Run, tenant: Embedded, folder: Path) -> None:
    """What one apply made is written down as it is made; `lock --pins` takes it offline, and takes nothing
    else.
    """
    file = folder / "pins.json"
    assert run("apply", "-e", "dev", "--auto-approve", "--pins", str(file)).code == 0
    made = json.loads(file.read_text())
    assert [each["key"] for each in made["pins"]] == ["api", "spa", "devClient", "docs", "nightly"]
    assert "devClient" not in (folder / "manifests/entra-config.dev.lock.yaml").read_text()
    assert run("lock", "-e", "dev", "--pins", str(file)).code == 0
    held = (folder / "manifests/entra-config.dev.lock.yaml").read_text()
    assert all(each["appId"] in held for each in made["pins"])
    assert "nothing to pin" in run("lock", "-e", "dev", "--pins", str(file)).err
    assert run("apply", "-e", "dev", "--auto-approve", "--pins", str(file)).code == 0
    assert json.loads(file.read_text())["pins"] == []
    for wrong in (
        {**made, "environment": "prod"},
        {**made, "more": 1},
        {**made, "pins": [{**made["pins"][0], "appId": "x"}]},
        {**made, "pins": [{**made["pins"][0], "key": "api: x"}]},
        {**made, "tenantId": seed.FABRIKAM},
        {**made, "pins": made["pins"] * 300},
    ):
        file.write_text(json.dumps(wrong))
        assert run("lock", "-e", "dev", "--pins", str(file)).code == 1
        assert (folder / "manifests/entra-config.dev.lock.yaml").read_text() == held


def test_apply_writes_pins_only_where_they_last(run: Run, folder: Path) -> None:
    """On the embedded emulator nothing is pinned unless it is asked for; `--no-lock` wins."""
    path = folder / "manifests/entra-config.dev.lock.yaml"
    before = path.read_text()
    assert run("apply", "-e", "dev", "--auto-approve", "--write-lock", "--no-lock").code == 0
    assert path.read_text() == before


def test_lock_keeps_a_pin_when_the_name_moves(run: Run, tenant: Embedded, folder: Path) -> None:
    """Whoever takes a pinned name does not get its place, unless --renew says so, loudly; its old bearer
    is called otherwise.
    """
    directory = tenant.directory.default
    group = directory.one("groups", "displayName", "All Staff")
    assert group
    directory.groups.put({**group, "displayName": "Former staff"})
    squatter = seed.add_group(directory, "All Staff", row_id=seed.fixed_id("squatter"))
    path = folder / "manifests/entra-config.dev.lock.yaml"
    said = f"  All Staff:\n    id: {group['id']}\n    was: Former staff\n"
    assert run("lock", "-e", "dev", "--check").code == 2
    kept = run("lock", "-e", "dev")
    assert (
        f"! group All Staff: {group['id']} is called Former staff now; make sure that this is meant"
        in kept.err
    )
    assert said in path.read_text()
    assert run("lock", "-e", "dev", "--check").code == 0
    renewed = run("lock", "-e", "dev", "--renew")

    assert f"! group All Staff: was {group['id']}, the name means {squatter['id']} now" in renewed.err
    assert f"  All Staff: {squatter['id']}\n" in path.read_text()


def test_offboard_knows_a_person_by_both_names(run: Run, tenant: Embedded, folder: Path) -> None:
    """Whoever is called otherwise since is taken out by the new name, too, with the old one and the pin."""
    directory = tenant.directory.default
    alice = directory.user_by_name("alice@contoso.com")
    assert alice
    directory.users.put({**alice, "userPrincipalName": "alicia@contoso.com"})
    assert run("lock", "-e", "prod").code == 0
    assert "was: alicia@contoso.com" in (folder / "manifests/entra-config.prod.lock.yaml").read_text()
    assert run("offboard", "Alicia@contoso.com").code == 0
    files = [
        path.read_text() for path in (folder / "manifests").rglob("*.yaml") if path.parent.name != "tests"
    ]
    assert not any("alice" in text or "alicia" in text or alice["id"] in text for text in files)


def test_lock_accepts_what_somebody_looked_at(run: Run, tenant: Embedded, folder: Path) -> None:
    """An undeclared secret is a warning until it is accepted for its application."""
    run("apply", "-e", "dev", "--auto-approve")
    directory = tenant.directory.default
    spa = directory.one("applications", "displayName", "MyApp SPA (dev)")
    assert spa
    seed.add_secret(directory, spa, "not in the manifest")
    warned = run("plan", "-e", "dev")
    accepted = run("lock", "-e", "dev", "--accept", f"spa={spa['appId']}")

    assert "Warning: spa" in warned.out
    assert "+ application spa: accepts key id" in accepted.err
    assert "Warning: spa" not in run("plan", "-e", "dev").out
    assert run("lock", "-e", "dev", "--accept", f"nope={spa['appId']}").code == 1


def test_owned_lists_by_owner(run: Run) -> None:
    """All owners of the tenant, or one of them."""
    assert run("owned").out == "Nothing in this tenant bears a mark of this tool.\n"
    run("apply", "-e", "dev", "--auto-approve")
    run("apply", "-e", "prod", "--auto-approve")
    everything = json.loads(run("owned", "--format", "json").out)["applications"]
    one = json.loads(run("owned", "--format", "json", "--owner", "myapp/prod").out)["applications"]

    assert [(each["owner"], each["key"]) for each in everything][:2] == [
        ("myapp/dev", "api"),
        ("myapp/dev", "devClient"),
    ]
    assert {each["owner"] for each in one} == {"myapp/prod"}
    assert "myapp/dev  5 applications" in run("owned").out
    assert run("owned", "--owner", "shop/dev").out == "Nothing in this tenant bears the mark of shop/dev.\n"


def test_a_role_by_pull_request(run: Run, folder: Path) -> None:
    """Add a role, give it to a group, see what it does for whom, apply it, take it back."""
    run("apply", "-e", "dev", "--auto-approve")
    assert "+      Auditor:" in run("app-role", "add", "api/Auditor", "--description", "Reads the log.").out
    assert run("app-role", "assign", "api/Auditor", "--group", "Audit").code == 0
    assert "api/Auditor             group Audit" in run("app-role", "list", "-e", "dev").out
    planned = run("plan", "-e", "dev")
    assert "+ Auditor" in planned.out
    assert "2 people gain Auditor" in planned.out
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    run("app-role", "add", "api/Robot", "--description", "Runs.", "--for", "Application", "--no-test")
    assert (
        run(
            "app-role", "assign", "api/Robot", "--application", "Billing", "--application", "team/prod/job"
        ).code
        == 0
    )
    assert (
        "api/Robot               application Billing, application team/prod/job"
        in run("app-role", "list", "-e", "dev").out
    )
    assert (
        run(
            "app-role", "unassign", "api/Robot", "--application", "Billing", "--application", "team/prod/job"
        ).code
        == 0
    )
    assert "is of this project" in run("app-role", "assign", "api/Robot", "--application", "nightly").err
    removed = run("app-role", "remove", "api/Auditor")
    assert "this is breaking" in removed.err
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    assert run("plan", "-e", "dev", "--detailed-exitcode").code == 0


def test_a_dry_run_writes_nothing(run: Run, folder: Path) -> None:
    """--dry-run shows the difference and what a plan makes of it, and leaves the file alone."""
    run("apply", "-e", "dev", "--auto-approve")
    before = (folder / "manifests/applications/api.yaml").read_text()
    ran = run("app-role", "rename", "api/Writer", "Editor", "--dry-run")

    assert ran.code == 0
    assert "breaking: true" in ran.out
    assert "its value changes: tokens no longer carry it" in ran.out
    assert "this is breaking" in ran.err
    assert (folder / "manifests/applications/api.yaml").read_text() == before


def test_an_edit_shows_what_a_plan_makes_of_it(run: Run, folder: Path) -> None:
    """Each environment that the edit reaches is planned with the new text; --no-plan leaves it out and
    names the command.
    """
    run("apply", "-e", "dev", "--auto-approve")
    everywhere = run("app-role", "add", "api/Auditor", "--description", "Reads the log.")
    one = run("app-role", "assign", "api/Auditor", "--group", "Audit", "-e", "dev")
    silent = run("app-role", "unassign", "api/Auditor", "--group", "Audit", "-e", "dev", "--no-plan")

    assert [line.split(" ")[0] for line in everywhere.out.splitlines() if line.startswith("myapp/")] == [
        "myapp/dev",
        "myapp/prod",
    ]
    assert "+ Auditor          Auditor (User)" in everywhere.out
    assert "2 people gain Auditor" in one.out
    assert "myapp/prod" not in one.out
    assert "Plan:" not in silent.out
    assert "not planned: see what it does by `entra-config plan -e dev`" in silent.err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 0, "not planned: no tenant was named"),
        (("--cloud", "emulator"), 0, "not planned for dev: no emulator runs"),
        (("--cloud", "emulator", "--plan"), 1, "there by `entra-config plan -e dev --cloud emulator`"),
    ],
)
def test_an_edit_stands_without_a_tenant(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], code: int, said: str
) -> None:
    """Nobody to ask means no plan, said so; only who demanded one gets an exit code, and the file is
    written all the same.
    """
    ended = main.main(("app-role", "assign", "api/Admin", "--group", "Audit", "-e", "dev", *options))

    assert ended == code
    assert said in capsys.readouterr().err
    assert "groups: [MyApp Developers, Audit]" in (folder / "manifests/entra-config.yaml").read_text()


def test_import_says_that_the_first_plan_sets_marks(run: Run) -> None:
    """The marks of the enterprise application are marks too."""
    ran = run("import", "--name", "Emulator reader", "--output", "imported")

    assert ran.code == 0
    assert "sets marks and changes nothing else: look at it with `entra-config plan -f imported`" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "api", "--description", "x"),
        ("add", "api/Reader", "--description", "x"),
        ("add", "nope/Reader", "--description", "x"),
        ("assign", "api/Reader"),
        ("unassign", "api/Reader", "--group", "Nobody"),
        ("remove", "api/Nope"),
    ],
)
def test_app_role_refuses_what_makes_no_sense(run: Run, arguments: tuple[str, ...]) -> None:
    """Each mistake is an error with exit code 1, and no file changes."""
    files = {path: path.read_text() for path in Path("manifests").rglob("*.yaml")}
    ran = run("app-role", *arguments)

    assert ran.code == 1
    assert "bug" not in ran.err
    assert files == {path: path.read_text() for path in Path("manifests").rglob("*.yaml")}


def test_an_emulator_for_a_manifest_has_all_that_it_names(run: Run, folder: Path) -> None:
    """Tenant, users, groups and pinned ids of any manifest are made, so that it plans without a warning."""
    for path in Path("manifests").glob("*.yaml"):
        text = path.read_text().replace(seed.CONTOSO, "99999999-9999-9999-9999-999999999999")
        path.write_text(text.replace("contoso.com", "fabrikam.example").replace("All Staff", "Everybody"))
    directory = seed.contoso()
    populating.prepare([Path("manifests")])(directory)
    tenant = directory.tenants["99999999-9999-9999-9999-999999999999"]

    assert tenant.user_by_name("alice@fabrikam.example")
    group = tenant.one("groups", "displayName", "Everybody")
    assert group
    assert group["id"] in Path("manifests/entra-config.dev.lock.yaml").read_text()


def test_the_files_of_a_drift_report_are_their_owner_s_alone(run: Run, tmp_path: Path) -> None:
    """Reports name people: nobody else on the machine may read them, whatever stood there before."""
    report = tmp_path / "report"
    report.mkdir()
    (report / "drift.md").write_text("older")
    (report / "drift.md").chmod(0o644)
    run("apply", "-e", "dev", "--auto-approve")

    assert run("drift", "-e", "dev", "--write", str(report)).code == 0
    assert {path.stat().st_mode & 0o777 for path in report.iterdir()} == {0o600}
    assert len(list(report.iterdir())) == 5


def test_access_speaks_in_values_and_names_what_owners_can_act_as(run: Run) -> None:
    """A role whose value is not its label is told by its value; whoever owns a workload has what it has."""
    path = Path("manifests/applications/api.yaml")
    path.write_text(path.read_text().replace("Admin:  {", "Boss:   { value: Admin,"))
    for file in ("access.yaml", "entra-config.yaml"):
        text = Path("manifests", file).read_text()
        Path("manifests", file).write_text(
            text.replace("Admin:", "Boss:").replace("roles: [Admin]", "roles: [Boss]")
        )
    clients = Path("manifests/applications/clients.yaml")
    clients.write_text(
        clients.read_text().replace(
            "displayName: MyApp Nightly", "owners: [li@contoso.com]\n    displayName: MyApp Nightly"
        )
    )
    assert run("apply", "-e", "dev", "--auto-approve").code == 0

    shown = run("access", "-e", "dev", "--user", "li@contoso.com")
    assert "li@contoso.com owns nightly, and can act as it: api/Writer" in shown.out
    document = json.loads(run("access", "-e", "dev", "--format", "json").out)
    admins = {(each["role"], each["label"]) for each in document["holders"] if each["label"] == "Boss"}
    assert admins == {("Admin", "Boss")}
    assert run("access", "-e", "dev", "--role", "api/Admin").code == 0
    assert "api/Admin (Boss)" in run("access", "-e", "dev", "--role", "Boss").out


def test_what_is_held_back_is_counted_and_stops_nothing(run: Run, folder: Path) -> None:
    """A plan that holds something back is no empty one; apply does the rest, and in a protected
    environment ends with 3.
    """
    assert run("apply", "-e", "prod", "--auto-approve").code == 0
    clients = folder / "manifests/applications/clients.yaml"
    text = clients.read_text()
    clients.write_text(
        text.replace(
            "{ delegated: [user.read, user.write], adminConsent: true }",
            "{ delegated: [user.read, user.write, user.admin], adminConsent: true }",
        )
    )
    shown = run("plan", "-e", "prod", "--detailed-exitcode")
    reported = json.loads(run("plan", "-e", "prod", "--format", "json").out)
    applied = run("apply", "-e", "prod", "--auto-approve")
    after = json.loads(run("plan", "-e", "prod", "--format", "json").out)

    assert shown.code == 2
    assert "  = spa: spa is granted nothing new at api: nothing proves that it is ours" in shown.out
    assert "`entra-config lock -e prod --accept spa=" in shown.out
    assert "Held back: 1." in shown.out
    assert (reported["steps"], reported["summary"]["heldBack"], len(reported["heldBack"])) == (1, 1, 1)
    assert applied.code == 3
    assert "Held back: 1. All else is done" in applied.err
    assert (after["steps"], after["summary"]["heldBack"], after["blocked"]) == (0, 1, False)
    assert run("plan", "-e", "prod", "--detailed-exitcode").code == 2


def test_offboard_takes_a_person_out_of_every_file(run: Run, folder: Path) -> None:
    """As holder, owner and deployer, by name in any case, by a pinned id, in overrides and lock files;
    comments stay.
    """
    clients = Path("manifests/applications/clients.yaml")
    li = "{ name: li@contoso.com, id: 11111111-2222-4333-8444-555555555555 }"
    clients.write_text(
        clients.read_text().replace(
            "displayName: MyApp Nightly", f"owners: [Alice@contoso.com, {li}]\n    displayName: MyApp Nightly"
        )
    )
    access = Path("manifests/access.yaml")
    access.write_text(
        access.read_text().replace("Reader: {", "# everybody\n    Reader: { users: [carol@contoso.com], ")
    )
    lock = Path("manifests/entra-config.dev.lock.yaml")
    pins = {"alice": "25d0ea81-fc34-48a5-8035-eeec824b983f", "carol": "d6f68ceb-1577-4e27-ab91-8e00f1de54a0"}
    users = "".join(f"  {name}@contoso.com: {pin}\n" for name, pin in pins.items())
    lock.write_text(f"tenantId: {seed.CONTOSO}\nusers:\n{users}")

    assert run("offboard", "ALICE@contoso.com", "--dry-run", "--no-plan").code == 0
    assert "alice" in lock.read_text()
    done = run("offboard", "alice@contoso.com", "--no-plan")
    assert done.code == 0
    assert (
        "manifests/tests/people.yaml:4:3: access tests are about `alice@contoso.com`; they are yours "
        "to change"
    ) in done.err
    texts = [
        path.read_text() for path in (folder / "manifests").rglob("*.yaml") if path.parent.name != "tests"
    ]
    assert not any("alice" in text.casefold() for text in texts)
    assert "users: []" in access.read_text()
    assert "# everybody" in access.read_text()
    assert f"owners: [{li}]" in clients.read_text()
    assert "carol@contoso.com" in lock.read_text()
    again = run("offboard", "alice@contoso.com", "--no-plan")
    assert again.code == 1
    assert "stands in no file" in again.err
    assert run("offboard", "li@contoso.com", "--no-plan").code == 0
    assert "owners: []" in clients.read_text()


def test_a_report_before_bounds_the_next_one(run: Run, tmp_path: Path) -> None:
    """`--last` takes the drift.json of before; a file that is none, or another project's, is said."""
    report = tmp_path / "report"
    run("apply", "-e", "dev", "--auto-approve")
    assert run("drift", "-e", "dev", "--write", str(report)).code == 0
    assert run("drift", "-e", "dev", "--last", str(report / "drift.json")).code == 0

    other = json.loads((report / "drift.json").read_text())
    (tmp_path / "other.json").write_text(json.dumps({**other, "environment": "prod"}))
    (tmp_path / "none.json").write_text("{}")
    for file, said in (
        ("other.json", "it is of myapp/prod"),
        ("none.json", "no report of this version's"),
        ("absent.json", "cannot be read"),
    ):
        refused = run("drift", "-e", "dev", "--last", str(tmp_path / file))
        assert refused.code == 1
        assert said in refused.err


def test_move_shows_what_it_writes_and_what_comes_next(run: Run, folder: Path) -> None:
    """A diff, the lock files that go and come, the files that were written, what is to be done then; a dry
    run writes nothing.
    """
    before = {path: path.read_text() for path in folder.rglob("*.yaml")}
    tried = run("move", "key", "spa", "page", "--dry-run")
    assert {path: path.read_text() for path in folder.rglob("*.yaml")} == before
    assert (tried.code, "written:" in tried.err) == (0, False)
    assert "+  page:" in tried.out

    done = run("move", "key", "spa", "page")
    assert done.out == tried.out
    assert "written: " in done.err
    assert "next: `previously: spa` stays until this is applied in every environment" in done.err

    renamed = run("move", "environment", "dev", "test", "--unpinned")
    assert renamed.code == 0
    assert "goes: manifests/entra-config.dev.lock.yaml" in renamed.err
    assert "pins: manifests/entra-config.test.lock.yaml" in renamed.err
    assert run("move", "project", "shop", "--unpinned").code == 0
    assert "project: shop" in (folder / "manifests/entra-config.yaml").read_text()


def test_what_is_pinned_nowhere_moves_to_no_other_project(run: Run, folder: Path) -> None:
    """The other project would not find it: said, with the command that pins, and nothing is written."""
    other = folder / "other"
    other.mkdir()
    tenant = "11111111-1111-1111-1111-111111111111"
    (other / "entra-config.yaml").write_text(
        f"project: other\nenvironments: {{ dev: {{ tenantId: {tenant} }} }}\n"
    )
    ran = run("move", "application", "nightly", "--to", "other")

    assert ran.code == 1
    assert "no lock file pins `nightly`" in ran.err
    assert "`entra-config lock` first" in ran.err
