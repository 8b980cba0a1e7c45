"""What `lock` pins of a tenant: names, our appIds, what somebody accepts, and what an apply made."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from entra_config.cli import wiring
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run


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
    assert run("apply", "-e", "prod", "--auto-approve", "--pins", "write").code == 0
    assert "applications:\n  api:\n    appId: " in path.read_text()
    assert "  # created 20" in path.read_text()
    assert "nothing to pin" in run("lock", "-e", "prod").err
    assert run("plan", "-e", "prod", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_pin_has_the_time_that_graph_answered(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """`apply` and `lock` write the same comment, although this machine's clock differs from Graph's."""
    path, now = folder / "manifests/entra-config.prod.lock.yaml", wiring.now
    monkeypatch.setattr(wiring, "now", lambda: now() + timedelta(seconds=seconds))
    assert run("apply", "-e", "prod", "--auto-approve", "--pins", "write").code == 0
    written = path.read_text()
    assert "  # created 20" in written
    assert "nothing to pin" in run("lock", "-e", "prod").err
    assert path.read_text() == written


def test_lock_pins_what_is_proven_and_what_somebody_looked_at(
    run: Run, tenant: Embedded, folder: Path
) -> None:
    """What a deployer that is not named made, nobody vouches for: `lock` leaves it, and does with it what
    somebody says.
    """
    path = folder / "manifests/entra-config.prod.lock.yaml"
    assert run("apply", "-e", "prod", "--auto-approve").code == 0
    assert "not changed. 3 still to be decided" in run("lock", "-e", "prod").err
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
    """On the embedded emulator an apply pins only with `--pins write`."""
    path = folder / "manifests/entra-config.dev.lock.yaml"
    before = path.read_text()
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
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
    said = f'  "All Staff":\n    id: {group["id"]}\n    was: "Former staff"\n'
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
    assert f'  "All Staff": {squatter["id"]}\n' in path.read_text()


def test_lock_accepts_what_somebody_looked_at(run: Run, tenant: Embedded, folder: Path) -> None:
    """What is undeclared is a warning until it is accepted, with all that tells whose it is."""
    run("apply", "-e", "dev", "--auto-approve")
    directory = tenant.directory.default
    spa = directory.one("applications", "displayName", "MyApp SPA (dev)")
    assert spa
    seed.add_secret(directory, spa, "not in the manifest")
    key = {"keyId": seed.fixed_id("key"), "displayName": "CI", "customKeyIdentifier": "AB12", "key": None}
    spa = directory.applications.get(spa["id"])
    assert spa
    directory.applications.put({**spa, "keyCredentials": [key]})
    trust = seed.add_federated_credential(directory, spa, "evil", "https://token.example", "repo:evil/evil")
    mallory = seed.fixed_id(seed.CONTOSO, "user", "mallory@contoso.com")

    async def own() -> None:
        link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{mallory}"}
        async with tenant.client() as client:
            await client.post(f"/applications/{spa['id']}/owners/$ref", json=link)

    asyncio.run(own())
    warned = run("plan", "-e", "dev")
    accepted = run("lock", "-e", "dev", "--accept", f"spa={spa['appId']}")

    assert "Warning: spa" in warned.out
    for said in (
        f"owner mallory@contoso.com (id {mallory})",
        "secret emulator (until 30 Dec 2099), hint not (id ",
        f"certificate CI (without an end), thumbprint AB12 (id {key['keyId']})",
        f"federated credential evil (https://token.example repo:evil/evil) (id {trust['id']})",
    ):
        assert f"+ application spa: accepts {said}" in accepted.err
    assert "Warning: spa" not in run("plan", "-e", "dev").out
    assert run("lock", "-e", "dev", "--accept", f"nope={spa['appId']}").code == 1


def test_lock_accepts_only_what_is_not_another_key_s(run: Run, tenant: Embedded, folder: Path) -> None:
    """It shows what it accepts and what that replaces, and the lock file keeps it; an application that is
    pinned or tagged for another key is refused, until the manifest says that it was renamed.
    """
    path = folder / "manifests/entra-config.prod.lock.yaml"
    assert run("apply", "-e", "prod", "--auto-approve", "--pins", "write").code == 0
    directory = tenant.directory.default
    api = directory.one("applications", "displayName", "MyApp API")
    assert api
    before = path.read_text()
    ran = run("lock", "-e", "prod", "--accept", f"nightly={api['appId']}")
    assert (ran.code, path.read_text()) == (1, before)
    assert f"application 'MyApp API' (appId {api['appId']}) is pinned for `api`. If `api` was" in ran.err

    tags = [tag.replace("key=api", "key=billing") for tag in api["tags"]]
    twin = seed.add_application(directory, "Twin", tags=tags)
    ran = run("lock", "-e", "prod", "--accept", f"api={twin['appId']}")
    assert (ran.code, path.read_text()) == (1, before)
    assert "is tagged as `billing`. If `billing` was renamed, write `previously: billing` at" in ran.err

    directory.applications.put({**twin, "tags": api["tags"]})
    ran = run("lock", "-e", "prod", "--accept", f"api={twin['appId']}")
    assert ran.code == 0
    assert f"accepted for api: application 'Twin' (appId {twin['appId']}), created 20" in ran.err
    assert f", in place of 'MyApp API' (appId {api['appId']})" in ran.err
    note = f"; accepted in place of {api['appId']}\n"
    assert note in path.read_text()
    assert run("lock", "-e", "prod").code == 0
    assert note in path.read_text()


def test_lock_rejects_only_the_app_id_of_an_application(run: Run, tenant: Embedded, folder: Path) -> None:
    """An object id would reject nothing; an unknown id is a mistake. What is deleted can be rejected, and
    what is rejected already stays so.
    """
    path = folder / "manifests/entra-config.dev.lock.yaml"
    directory = tenant.directory.default
    app = seed.add_application(directory, "Trap")
    before = path.read_text()
    for wrong, words in (
        (app["id"], f"this is an object id. Its application is 'Trap' (appId {app['appId']}): say that"),
        ("00000000-0000-4000-8000-000000000000", "no application of this tenant has this appId"),
    ):
        ran = run("lock", "-e", "dev", "--reject", wrong)
        assert (ran.code, path.read_text()) == (1, before)
        assert f"--reject {wrong}: {words}" in ran.err
    assert (
        f"rejected: application 'Trap' (appId {app['appId']}), "
        in (ran := run("lock", "-e", "dev", "--reject", app["appId"])).err
    )
    assert ran.code == 0
    directory.applications.remove(app["id"])
    assert run("lock", "-e", "dev", "--reject", app["appId"]).code == 0


def test_lock_accepts_nothing_of_another_environment(run: Run, tenant: Embedded, folder: Path) -> None:
    """An application that another environment's tags, name or lock file claim is refused with the way to hand
    it over; `appId:` in the reviewed manifest is that way.
    """
    path = folder / "manifests/entra-config.prod.lock.yaml"
    before = path.read_text()
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    directory = tenant.directory.default
    api = directory.one("applications", "displayName", "MyApp API (dev)")
    assert api
    accept = ("lock", "-e", "prod", "--accept", f"api={api['appId']}")
    ran = run(*accept)
    assert (ran.code, path.read_text()) == (1, before)
    assert f"application 'MyApp API (dev)' (appId {api['appId']}) belongs to myapp/dev. If it" in ran.err
    assert f"write `appId: {api['appId']}` at `api` under `overrides` of this environment" in ran.err
    directory.applications.put({**api, "tags": []})
    assert "belongs to myapp/dev" in run(*accept).err
    directory.applications.put(api)

    assert run("lock", "-e", "dev", "--accept", f"api={api['appId']}").code == 0
    ran = run(*accept)
    assert (ran.code, path.read_text()) == (1, before)
    assert "cannot be pinned to appId" in ran.err
    assert "because `api` in " in ran.err
    assert "entra-config.dev.lock.yaml is pinned to it" in ran.err

    (folder / "manifests/entra-config.dev.lock.yaml").unlink()
    root = folder / "manifests/entra-config.yaml"
    overrides = f"applications: {{ api: {{ appId: {api['appId']} }} }}"
    text = root.read_text().replace("settings: { spas:", f"{overrides}\n      settings: {{ spas:")
    root.write_text(text)
    assert run(*accept).code == 0
    assert "--allow takeover" in run("plan", "-e", "prod").out
