"""`fleet run --do lock` and `fleet lock`: pins are results, written where somebody says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.fleet.files import FILES, MYAPP, write
from tests.unit.fleet.fleet_ran import Fleet

SHARDS = ("contoso/myapp", "fabrikam/myapp")
LOCKS = {each: Path(f"myapp/locks/customer/{each.partition('/')[0]}.lock.yaml") for each in SHARDS}


@pytest.fixture
def command(folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str]) -> Fleet:
    """Write a fleet whose project is protected: it plans nothing while a name is unpinned."""
    protected = MYAPP.replace("fleet: true", "fleet: true, protected: true")
    write(folder, {**FILES, "myapp/entra-config.yaml": protected})
    for each in (seed.CONTOSO, seed.FABRIKAM):
        if tenant.directory.tenants[each].one("groups", "displayName", "MyApp Admins") is None:
            seed.add_group(tenant.directory.tenants[each], "MyApp Admins")
    return Fleet(tenant, capsys)


def _group(command: Fleet, tenant_id: str) -> dict[str, Any]:
    found = command.tenant.directory.tenants[tenant_id].one("groups", "displayName", "MyApp Admins")
    assert found is not None
    return dict(found)


def _changed(command: Fleet, tenant_id: str, **said: object) -> None:
    command.tenant.directory.tenants[tenant_id].groups.put({**_group(command, tenant_id), **said})


def _kinds(report: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(member["shard"] for member in each["members"]): each for each in report["groups"]}


def test_pins_are_read_as_one_kind_and_the_next_plan_uses_them(command: Fleet) -> None:
    """Nothing is written in the checkout before somebody says so; then the plan is no longer refused."""
    command.run(*SHARDS, run="before")
    assert {each["obstacle"] for each in command.report()["groups"]} == {"refused"}

    before = sorted(map(str, Path().rglob("*")))
    assert command.run(*SHARDS, do="lock", run="pins").code == 0
    assert [each for each in sorted(map(str, Path().rglob("*"))) if each not in before] == []
    report = command.report()
    [group] = report["groups"]
    assert [each["shard"] for each in group["members"]] == list(SHARDS)
    people = {each["shard"]: each["notCompared"][0]["value"] for each in group["members"]}
    assert people == {
        name: f"MyApp Admins, {_group(command, id_)['id']}"
        for name, id_ in zip(SHARDS, (seed.CONTOSO, seed.FABRIKAM), strict=True)
    }
    assert group["headline"][0].startswith("+ group MyApp Admins: ")
    for form in ("text", "markdown", "html"):
        assert group["id"] in command("fleet", "report", "results", "--format", form).out

    ran = command("fleet", "lock", "results", "--class", group["id"])
    assert ran.code == 0, ran.err
    assert [Path(each).resolve() for each in ran.out.splitlines()] == [
        each.resolve() for each in LOCKS.values()
    ]
    for name, path in LOCKS.items():
        assert f"--tenant {name.partition('/')[0]}`" in path.read_text(encoding="utf-8")
    command.run(*SHARDS, run="after")
    assert {each["obstacle"] for each in command.report()["groups"]} == {""}
    command.run(*SHARDS, do="lock", run="again")
    assert [each["risk"] for each in command.report()["groups"]] == ["none"]
    ran = command("fleet", "lock", "results", "--report", command.report()["id"])
    assert (ran.code, "nothing to do" in ran.err) == (3, True)


def test_a_name_that_is_young_or_of_several_stands_alone(command: Fleet) -> None:
    """A group of yesterday, and one of an unknown age, tell their ids; of two of a name neither is pinned."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for created, said in (
        (f"{yesterday:%Y-%m-%dT%H:%M:%SZ}", f"since {yesterday.date()}"),
        (None, "unknown age"),
    ):
        _changed(command, seed.FABRIKAM, createdDateTime=created)
        command.run(*SHARDS, do="lock", run=f"r{said[:5]}")
        kinds = _kinds(command.report())
        assert list(kinds) == [("fabrikam/myapp",), ("contoso/myapp",)]
        assert kinds["fabrikam/myapp",]["risk"] == "high"
        assert said in kinds["fabrikam/myapp",]["headline"][0]
        assert kinds["fabrikam/myapp",]["members"][0]["notCompared"] == []

    seed.add_group(command.tenant.directory.tenants[seed.FABRIKAM], "MyApp Admins", row_id=seed.CONTOSO)
    command.run(*SHARDS, do="lock", run="two")
    kinds = _kinds(command.report())
    alone = kinds["fabrikam/myapp",]
    assert (alone["obstacle"], next(iter(kinds))) == ("refused", ("fabrikam/myapp",))
    assert "still to be decided: the tenant has several objects named 'MyApp Admins'" in alone["headline"][0]
    assert command("fleet", "lock", "results", "--class", alone["id"]).code == 3
    assert command("fleet", "lock", "results", "--report", command.report()["id"]).code == 0
    assert [each.exists() for each in LOCKS.values()] == [True, False]


def test_pins_that_are_not_what_was_read_are_not_written(command: Fleet) -> None:
    """Another byte of a result, a lock file written since, pins of another tenant, a link, a plan."""
    command.run(*SHARDS, do="lock")
    [id_] = [each["id"] for each in command.report()["groups"]]
    file = Path("results/fabrikam.myapp.json")
    good = file.read_text(encoding="utf-8")
    held = json.loads(good)["lock"]

    def refused(words: tuple[str, ...], said: str) -> None:
        ran = command("fleet", "lock", "results", *words)
        assert (ran.code, any(each.exists() for each in LOCKS.values())) == (1, False)
        assert said in ran.err

    refused((), "say which pins")
    refused(("--class", id_, "--report", "r"), "say which pins")
    file.write_text(good.replace(_group(command, seed.FABRIKAM)["id"], seed.CONTOSO), encoding="utf-8")
    refused(("--class", id_), "it is not what was read")
    other = {**json.loads(good), "lock": held.replace(seed.FABRIKAM, seed.CONTOSO)}
    file.write_text(json.dumps(other), encoding="utf-8")
    [moved] = [each["id"] for each in command.report()["groups"]]
    refused(("--class", moved), f"its pins are of tenant {seed.CONTOSO}")
    file.write_text(good, encoding="utf-8")
    Path("elsewhere").mkdir()
    Path("myapp/locks").symlink_to(Path("elsewhere").resolve())
    refused(("--class", id_), "leads out of myapp")
    Path("myapp/locks").unlink()

    write(Path(), {str(LOCKS["fabrikam/myapp"]): held})
    ran = command("fleet", "lock", "results", "--class", id_)
    assert (ran.code, "it is not what was read" in ran.err) == (1, True)
    command.run(*SHARDS, run="plans")
    ran = command("fleet", "lock", "results", "--report", command.report()["id"])
    assert (ran.code, "only pins are written, and run plans did plan" in ran.err) == (1, True)


def test_of_people_a_report_tells_the_step_and_no_name(command: Fleet) -> None:
    """A person is pinned as a person: by name with `--names` alone, and behind a group in steps."""
    path = Path("myapp/entra-config.yaml")
    said = path.read_text(encoding="utf-8").replace("groups: [MyApp Admins]", "users: ['${who}']")
    path.write_text(said, encoding="utf-8")
    for name, domain in (("contoso", "contoso"), ("fabrikam", "fabrikam")):
        seed.add_user(
            command.tenant.directory.tenants[getattr(seed, name.upper())], f"zoe@{domain}.com", "Zoe"
        )
        said = f"tenants: {{ {name}: {{ variables: {{ title: T, who: zoe@{domain}.com }} }} }}\n"
        write(Path(), {f"tenants/{name}.yaml": said})
    command.run(*SHARDS, do="lock")
    [group] = command.report()["groups"]
    assert group["headline"] == ["+ user …"]
    for form in ("text", "json", "markdown", "html", "sarif"):
        assert "zoe" not in command("fleet", "report", "results", "--format", form).out
    assert "zoe@contoso.com" in command("fleet", "report", "results", "--format", "html", "--names").out
    assert command("fleet", "lock", "results", "--class", group["id"]).code == 0
    assert '"zoe@fabrikam.com": ' in LOCKS["fabrikam/myapp"].read_text(encoding="utf-8")
