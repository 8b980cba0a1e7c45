"""`fleet run` and `fleet report`: a result a shard, each in a process of its own, and all told once."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_fleet.run import tenant_process
from tests.unit.fleet.files import FILES, MYAPP, NAMES, write
from tests.unit.fleet.fleet_ran import RESULT, Command, Fleet, started

# Each test starts an emulator and processes that plan there.
pytestmark = pytest.mark.fleet


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Write a fleet, and start an emulator with its tenants."""
    with started(tmp_path, monkeypatch, capsys) as found:
        yield found


def _groups(report: dict[str, object]) -> list[list[str]]:
    groups = report["groups"]
    assert isinstance(groups, list)
    return [[member["shard"] for member in group["members"]] for group in groups]


def _once(report: dict[str, object]) -> list[str]:
    rest = [*report["failed"], *report["withoutResult"]]  # type: ignore[misc]  # lists, by the schema
    return sorted([name for group in _groups(report) for name in group] + [each["shard"] for each in rest])


def test_a_change_in_all_tenants_is_one_kind_and_each_shard_stands_once(command: Command) -> None:
    """Two tenants with other ids, titles and groups gain the same role; a shard without a result says so."""
    for name in ("contoso", "fabrikam"):
        words = ("apply", "--tenant", name, "-f", "myapp", "--cloud", "emulator", "--auto-approve")
        assert command(*words).code == 0
    path = Path("myapp/entra-config.yaml")
    path.write_text(
        path.read_text(encoding="utf-8").replace("Reader: Reads. }", "Reader: Reads., Auditor: Looks. }"),
        encoding="utf-8",
    )
    ran = command.run("contoso/myapp", "fabrikam/myapp")
    assert ran.code == 0, ran.err
    for file in sorted(Path("results").iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), RESULT)

    report = command.report()
    assert _groups(report) == [["contoso/myapp", "fabrikam/myapp"]]
    assert _once(report) == sorted(NAMES)
    assert report["code"] == 1
    group = report["groups"][0]  # type: ignore[index]  # a list, by the schema
    assert group["headline"] == ["~ application api: + Auditor"]
    text = command("fleet", "report", "results")
    assert text.code == 1
    assert "Without: contoso/platform: no result" in text.out
    assert text.out.splitlines()[-1] == "3 shards: 2 in 1 kind, 1 without a result"

    assert command.run("contoso/platform").code == 0
    whole = command.report()
    assert (whole["code"], whole["withoutResult"], _once(whole)) == (2, [], sorted(NAMES))


def test_what_goes_wrong_in_one_tenant_is_its_result_and_stops_no_other(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An emulator that is gone, and a process that takes too long."""
    command("emulator", "stop")
    ran = command.run(*NAMES)
    assert ran.code == 0
    report = command.report()
    assert (report["code"], report["groups"], _once(report)) == (1, [], sorted(NAMES))
    assert all("emulator" in each["reason"] for each in report["failed"])  # type: ignore[attr-defined]  # a list

    # A program that ends at once in the fork server's place: nobody knows what became of the shard.
    monkeypatch.setattr(tenant_process.sys, "executable", shutil.which("true"))
    ran = command.run("fabrikam/myapp", run="two")
    assert "its process ended, nobody knows how, and left no result" in ran.err

    slow = Path("slow")
    slow.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o700)
    monkeypatch.setattr(tenant_process.sys, "executable", str(slow.resolve()))
    monkeypatch.setattr(tenant_process, "_START", 0.2)
    monkeypatch.setattr(tenant_process, "_FORCED", 0.2)
    ran = command(
        "fleet", "run", "fabrikam/myapp", "--do", "plan", "--results", "results", "--shard-timeout", "0.2"
    )
    assert re.search(r"^run \d{8}T\d{6}Z-[0-9a-f]{8}$", ran.err, re.MULTILINE)
    assert "fabrikam/myapp: failed: ended after 0.2 seconds (--shard-timeout)" in ran.err


def test_drift_and_lint_are_told_in_kinds_too(command: Command) -> None:
    """Nothing is applied yet: of drift and of lint each shard has a result, and one verb has one run."""
    assert command.run(*NAMES, do="lint", run="lint").code == 0
    assert _once(command.report()) == sorted(NAMES)
    assert command.run(*NAMES, do="drift", run="drift").code == 0
    report = command.report()
    assert (report["do"], _once(report)) == ("drift", sorted(NAMES))
    assert command.run("contoso/myapp", do="plan", run="drift").code == 0
    ran = command("fleet", "report", "results")
    assert (ran.code, "run drift did drift and plan in this folder" in ran.err) == (1, True)


def test_tests_are_run_in_every_tenant_and_a_report_is_sarif_too(command: Command) -> None:
    """A kind is one result with a place for each of its tenants; a lock file of a tenant that left is one."""
    assert command.run(*NAMES, do="test", run="tests").code == 0
    assert (command.report()["code"], _once(command.report())) == (0, sorted(NAMES))
    write(Path(), {"myapp/locks/customer/gone.lock.yaml": f"tenantId: {seed.CONTOSO}\n"})
    report = command.report()
    assert (report["code"], report["lockFilesWithoutTenant"]) == (2, ["myapp/locks/customer/gone.lock.yaml"])

    command.run("contoso/platform", "fabrikam/myapp", do="lint", run="lint")
    log = json.loads(command("fleet", "report", "results", "--format", "sarif").out)
    results = log["runs"][0]["results"]
    by_rule = {each["ruleId"]: each for each in results}
    assert (
        "fleet.yaml"
        in by_rule["fleet-without"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    )
    assert (
        by_rule["fleet-left"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        == report["lockFilesWithoutTenant"][0]
    )
    assert len({each["partialFingerprints"]["primaryLocationLineHash"] for each in results}) == len(results)


def test_what_is_refused_stands_first_and_says_so(command: Command) -> None:
    """A protected environment whose group nobody pinned, in every tenant: a kind each, before the others."""
    path = Path("myapp/entra-config.yaml")
    text = path.read_text(encoding="utf-8").replace("fleet: true", "fleet: true, protected: true")
    path.write_text(text, encoding="utf-8")
    command.run(*NAMES)
    ran = command("fleet", "report", "results")
    assert ran.code == 3
    assert ran.out.splitlines()[2].startswith("Refused · High · 1 shard")
    assert ran.out.count("Refused · High · 1 shard") == 2, "each tenant's group is another one"
    assert "run `entra-config lock -e customer --tenant NAME`" in ran.out
    page = command("fleet", "report", "results", "--format", "html").out
    assert "Refused</span>" in page
    assert "The plan of contoso/myapp" in page


def test_credentials_are_told_in_kinds_and_no_secret_is(
    folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not declared stands alone by its id, what ends soon by that; the values stand nowhere."""
    federated = "hub: { issuer: 'https://token.example.com', subject: same }"
    job = f"  job: {{ type: daemon, displayName: Job, federatedCredentials: {{ {federated} }} }}\n"
    manifest = MYAPP.replace("appRoleAssignments:", job + "appRoleAssignments:")
    write(folder, {**FILES, "myapp/entra-config.yaml": manifest})
    command, shards = Fleet(tenant, capsys), ("contoso/myapp", "fabrikam/myapp")
    for name in ("contoso", "fabrikam"):
        words = ("apply", "--tenant", name, "-f", "myapp", "--auto-approve")
        assert command(*words, session=command.session(name)).code == 0
    assert command.run(*shards, do="credentials", run="one").code == 0
    [group] = command.report()["groups"]
    assert (group["risk"], group["headline"], len(group["members"])) == ("none", [], 2)
    assert "federated credential hub" in group["text"]

    directory = tenant.directory.tenants[seed.FABRIKAM]
    [app] = [each for each in directory.applications if each["displayName"] == "Job"]
    soon = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    secret = {"keyId": seed.CONTOSO, "displayName": "by hand", "endDateTime": soon, "startDateTime": None}
    directory.applications.put({**app, "passwordCredentials": [{**secret, "secretText": "s3cret~value"}]})
    command.run(*shards, do="credentials", run="two")
    alone, other = command.report()["groups"]
    assert [(each["shard"], each["code"]) for each in alone["members"]] == [("fabrikam/myapp", 2)]
    assert alone["risk"] == "high"
    assert alone["headline"] == ["job: secret by hand: undeclared, ends within 30 days"]
    assert other["kind"] == group["kind"]
    assert not any("s3cret" in each.read_text(encoding="utf-8") for each in Path("results").iterdir())
