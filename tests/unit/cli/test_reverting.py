"""`drift --revert`: the saved plan that puts findings right, of the manifest that was deployed."""

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import carrying
from entra_config.cli.demo import tampering
from entra_config.drift import reverting
from entra_config.drift.model import Finding
from entra_config.plan.model import Refusal, Withheld
from entra_config.resource import Address
from entra_emulator.embedded import Embedded
from tests.unit.cli import git_folder
from tests.unit.cli.deleted import EVIL
from tests.unit.cli.dying import KilledError, kill
from tests.unit.cli.example import APPLY, edit
from tests.unit.cli.ran import Ran, Run
from tests.unit.plan import estates

DRIFT = ("drift", "-e", "dev")
SPA = "application.spa"


@pytest.fixture
def tampered(run: Run, tenant: Embedded) -> Run:
    """Apply the worked example to dev; then another administrator changes five things."""
    assert run(*APPLY).code == 0
    tampering.tamper(tenant)
    return run


def report(run: Run, *words: str) -> Any:
    """Return the report of drift."""
    return json.loads(run(*DRIFT, *words, "--format", "json").out)


def revert(run: Run, *addresses: str, words: tuple[str, ...] = ()) -> Ran:
    """Save the plan that puts the findings at some addresses right."""
    return run(
        *DRIFT, *(each for name in addresses for each in ("--revert", name)), "--out", "r.json", *words
    )


def send(tenant: Embedded, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Send one request as another administrator."""

    async def sent() -> Any:
        caller = tenant.user_caller("alice@contoso.com", ("Application.ReadWrite.All",))
        async with tenant.client(caller) as client:
            response = await client.request(method, path, json=body)
            assert response.is_success, response.text
            return response.json() if response.content else None

    return asyncio.run(sent())


def row(tenant: Embedded, name: str) -> Any:
    """Return the registration of an application of dev."""
    rows = tenant.directory.default.applications
    return next(each for each in rows if each["displayName"] == f"MyApp {name} (dev)")


def test_each_finding_ends_with_the_command_that_puts_it_right(tampered: Run, tenant: Embedded) -> None:
    """As it is printed; once each was followed there is no drift, and only what it is about was changed."""
    found = report(tampered)["findings"]
    commands = dict.fromkeys(each["revert"] for each in found)
    text = tampered(*DRIFT).out
    assert all(f"      Revert: {each}\n" in text for each in commands)
    left = {each["address"] for each in found}
    for command in commands:
        words = shlex.split(command)
        planned = tampered(*words[1:])
        assert planned.code == 0, planned.err
        assert "Next: entra-config apply -e dev revert.json\n" in planned.out
        assert tampered("apply", "-e", "dev", "revert.json").code == 0
        left -= {words[words.index("--revert") + 1]}
        assert {each["address"] for each in report(tampered)["findings"]} <= left
    assert report(tampered)["drifted"] is False


def test_a_revert_that_is_applied_twice_says_that_nothing_of_it_is_to_be_done(
    run: Run, tenant: Embedded
) -> None:
    """As any other saved plan does: what it removed is at no address any more."""
    assert run(*APPLY).code == 0
    app = row(tenant, "SPA")
    path = f"/applications/{app['id']}/federatedIdentityCredentials"
    send(tenant, "POST", path, EVIL)
    address = "federatedCredential.spa/evil"
    assert revert(run, address).code == 0
    assert run("apply", "-e", "dev", "r.json").code == 0
    again = run("apply", "-e", "dev", "r.json")
    assert again.code == 1
    assert f"  {address}: is no longer to be done" in again.err


def test_the_manifest_of_the_deployed_commit_decides(tampered: Run, folder: Path) -> None:
    """What the checkout no longer declares comes back too, and the plan says that the checkout differs."""
    git_folder.commit()
    edit("applications/clients.yaml", "MyApp SPA", "MyApp Page")
    subprocess.run(["git", "add", "-A"], check=True)
    who = ("-c", "user.name=dev", "-c", "user.email=dev@example.com")
    subprocess.run(["git", *who, "commit", "--quiet", "-m", "after"], check=True)

    planned = revert(tampered, SPA, words=("--base", "HEAD~1"))

    assert planned.code == 0, planned.err
    assert "displayName" not in planned.out
    assert "This plan is made from HEAD~1 (" in planned.err
    assert "The files in this checkout declare something else" in planned.err
    assert tampered("apply", "-e", "dev", "r.json").code == 0
    assert SPA not in {each["address"] for each in report(tampered, "--base", "HEAD~1")["findings"]}
    assert "Page" in tampered("plan", "-e", "dev").out


def test_a_commit_outside_of_the_history_is_refused(tampered: Run, folder: Path) -> None:
    """When the plan is made, and when it is applied: nobody may have reviewed that manifest."""
    git_folder.commit()
    assert revert(tampered, SPA, words=("--base", "HEAD")).code == 0
    commit = ("commit", "--quiet", "--amend", "-m", "another")
    who = ("-c", "user.name=dev", "-c", "user.email=dev@example.com")
    subprocess.run(["git", *who, *commit], check=True)
    refused = tampered("apply", "-e", "dev", "r.json")
    assert refused.code == 1
    assert "is not in the history of the checkout" in refused.err
    Path("r.json").unlink()
    refused = revert(tampered, SPA, words=("--base", "HEAD@{1}"))
    assert refused.code == 1
    assert "--base HEAD@{1}: commit " in refused.err
    assert not Path("r.json").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("--revert", "spa", "--out", "r.json"),
            1,
            "Did you mean `application.spa` or `enterpriseApplication.spa`?",
        ),
        (("--revert", "application.spaa", "--out", "r.json"), 1, "Did you mean `application.spa`?"),
        (
            ("--revert", "owner.x/user:y", "--out", "r.json"),
            1,
            "neither the manifest nor the tenant has such",
        ),
        (
            ("--revert", "application.nightly", "--out", "r.json"),
            0,
            "application.nightly: nothing differs there",
        ),
        (("--revert", SPA), 1, "--revert needs --out FILE"),
        (("--out", "r.json"), 1, "--out needs --revert ADDRESS"),
        (("--allow", "many"), 1, "--allow needs --revert ADDRESS"),
        (("--revert", SPA, "--out", "r.json", "--write", "d"), 1, "--write is an option of the report"),
        (
            ("--revert", SPA, "--out", "r.json", "--format", "sarif"),
            1,
            "--format sarif: --revert shows a plan",
        ),
    ],
)
def test_what_saves_no_plan(tampered: Run, words: tuple[str, ...], code: int, said: str) -> None:
    """A wrong command says what is wrong with it; where nothing differs there is nothing to do."""
    ran = tampered(*DRIFT, *words)
    assert ran.code == code, ran.err
    assert said in ran.err
    assert not Path("r.json").exists()


def test_what_no_plan_removes_is_left_with_the_command_that_does(tampered: Run, tenant: Embedded) -> None:
    """Beside what the plan does: exit code 3."""
    app, body = row(tenant, "SPA")["id"], {"passwordCredential": {"displayName": "backdoor"}}
    key = send(tenant, "POST", f"/applications/{app}/addPassword", body)["keyId"]
    planned = revert(tampered, SPA)
    assert planned.code == 3
    assert f"az ad app credential delete --id {app} --key-id {key}" in planned.err
    assert "saved: r.json" in planned.err
    assert tampered("apply", "-e", "dev", "r.json").code == 0
    assert {each["rule"] for each in report(tampered)["findings"] if each["address"] == SPA} == {
        "secret-added"
    }


def test_an_object_that_plan_does_not_identify_is_not_created_anew(run: Run, tenant: Embedded) -> None:
    """Drift knows by its `uniqueName` which one it was; plan would create another, so nothing is saved."""
    assert run(*APPLY).code == 0
    send(tenant, "PATCH", f"/applications/{row(tenant, 'SPA')['id']}", {"tags": []})
    (found,) = [each for each in report(run)["findings"] if each["address"] == SPA]
    assert found["rule"] == "ownership-tags-changed"
    refused = revert(run, SPA)
    assert refused.code == 3, refused.out
    assert "No plan was saved" in refused.err
    assert "entra-config lock -e dev --accept KEY=APPID" in refused.err
    assert not Path("r.json").exists()


def test_a_revert_that_dies_goes_on(tampered: Run, tenant: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is asked for, and then there is no drift."""
    addresses = {each["address"] for each in report(tampered)["findings"]}
    assert revert(tampered, *sorted(addresses)).code == 0
    kill(tenant, 2, "after")
    with pytest.raises(KilledError):
        tampered("apply", "-e", "dev", "r.json")
    tenant.faults.on_call = None
    assert report(tampered)["drifted"] is True
    monkeypatch.setattr(carrying, "agreed", lambda *_: True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    again = tampered("apply", "-e", "dev", "r.json")
    assert again.code == 0, again.err
    assert report(tampered)["drifted"] is False


def test_what_comes_along_is_listed(run: Run, tenant: Embedded) -> None:
    """An application that was deleted for good is created anew, with all that belongs to it."""
    assert run(*APPLY).code == 0
    app = row(tenant, "SPA")["id"]
    send(tenant, "DELETE", f"/applications/{app}")
    send(tenant, "DELETE", f"/directory/deletedItems/{app}")
    planned = revert(run, SPA)
    assert planned.code == 0, planned.err
    assert "enterprise application spa, permission grant spa → Microsoft Graph" in planned.err


@pytest.mark.parametrize("form", ["json", "markdown", "html", "github"])
def test_the_plan_is_shown_in_each_format_of_a_plan(tampered: Run, form: str) -> None:
    """What is said of the plan goes to stderr."""
    planned = revert(tampered, SPA, words=("--format", form))
    assert planned.code == 0
    assert "MyApp SPA (dev)" in planned.out
    assert "Next:" not in planned.out


def test_why_a_plan_leaves_a_finding() -> None:
    """It withholds or refuses something of that application, or does not see a difference."""
    found = Finding(Address("application", "api"), "removed", "application-removed", "s")
    other = Address("application", "spa")
    for parts, why in (
        (
            {"withheld": (Withheld("m", "r", other), Withheld("not yet", "look", found.address))},
            "plan withholds it: not yet; look",
        ),
        (
            {"refusals": (Refusal("", "m", other), Refusal("", "no", found.address))},
            "plan does not do it: no",
        ),
        ({}, "plan changes nothing there"),
    ):
        assert reverting.why_left(found, replace(estates.plan(), **parts)) == why
