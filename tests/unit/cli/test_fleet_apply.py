"""`fleet gate` and `fleet run --do apply`: what was approved and nothing else, wave by wave, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config.cli import fleet_apart, fleet_approval, fleet_shard
from entra_config.cli.fleet_processes import ShardProcesses
from entra_config.cli.fleet_result import Task
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.fault_plan import FaultPlan
from entra_config.fleet.deciding import Flags
from entra_config.report.fleet_approval_document import FleetApprovalDocument
from entra_config.report.fleet_document import FleetAppliedPart
from tests.shares import drawn
from tests.unit.cli.fleet_ran import Fleet
from tests.unit.fleet.files import FILES, FLEET, MYAPP, write

NAMES = ["contoso/platform", "contoso/myapp", "fabrikam/myapp"]
WAVES = "waves: [{ tags: [eu] }, { rest: true }]\n"
Lines = dict[str, dict[str, Any]]


@pytest.fixture
def command(folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str]) -> Fleet:
    """Write a fleet of two waves, plan all of it and approve it."""
    write(folder, {**FILES, "fleet.yaml": FLEET + WAVES})
    found = Fleet(tenant, capsys)
    assert found.run(*NAMES).code == 0
    found.approve()
    return found


def _state(command: Fleet) -> str:
    """Return all that is in the tenants."""
    return json.dumps([each.dump() for each in command.tenant.directory.tenants.values()], default=str)


def test_an_approved_fleet_is_applied_wave_by_wave_and_then_plans_nothing(command: Fleet) -> None:
    """A wave needs its gate, a gate the results of the waves before; what is done is not done again."""
    assert (command.gate(2).code, command.gate(1).code) == (3, 0)
    command.apply(*NAMES)
    assert [command.came(each) for each in NAMES] == ["done", "done", "stopped"]
    assert command.gate(2).code == 0
    before = Path("results").stat().st_mtime_ns
    ran = command.apply("contoso/myapp", options=("--run", "another"))
    assert "contoso/myapp: ended under this approval" in ran.err
    assert Path("results").stat().st_mtime_ns == before
    command.apply("fabrikam/myapp")
    report = command.report("--approval", "approval.json")
    assert (report["code"], report["failed"], report["without"]) == (0, [], [])
    assert {each["came"] for each in report["groups"]} == {"done"}
    assert "Done · " in command("fleet", "report", "results", "--approval", "approval.json").out

    command.run(*NAMES, run="again")
    assert command.report()["code"] == 0


def _edited(change: Callable[[dict[str, Any]], None], *, signed: bool) -> None:
    """Change the approval; `signed`: with the id that fits what it says then."""
    path = Path("approval.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    change(found)
    path.write_text(json.dumps(found), encoding="utf-8")
    if signed:
        document = FleetApprovalDocument.model_validate_json(path.read_text(encoding="utf-8"))
        fleet_approval.write(path, fleet_approval.identified(document))


def _line(found: dict[str, Any], shard: str) -> dict[str, Any]:
    [line] = [each for each in found["shards"] if each["shard"] == shard]
    return dict(line)


def _replaced(found: dict[str, Any], shard: str, **said: object) -> None:
    found["shards"] = [{**each, **said} if each["shard"] == shard else each for each in found["shards"]]


def _changed(command: Fleet, shard: str, random: Random) -> None:
    """Anything in the file, by hand."""
    said = {"digest": "0" * 64, "hash": "0" * 64, "wave": 9, "owner": "other/prod", "allow": ["many"]}
    key = random.choice(sorted(said))
    _edited(lambda found: _replaced(found, shard, **{key: said[key]}), signed=False)
    assert command.apply(shard).code == 1


def _longer(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Give it a later end."""
    _edited(lambda found: found.update(ends="2999-01-01T00:00:00+00:00"), signed=False)
    assert command.apply(shard).code == 1


def _added(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Add a shard that was approved in no file."""
    _edited(lambda found: found["shards"].append({**found["shards"][0], "shard": "x/y"}), signed=False)
    assert command.apply(shard).code == 1


def _another(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Another approval than the one that the job before has written: its id fits what it says."""
    id_ = json.loads(Path("approval.json").read_text(encoding="utf-8"))["id"]
    _edited(lambda found: found.update(ends="2999-01-01T00:00:00+00:00"), signed=True)
    assert command.apply(shard, options=("--approval-id", id_)).code == 1
    assert (
        command(
            "fleet", "gate", "results", "--approval", "approval.json", "--wave", "1", "--approval-id", id_
        ).code
        == 1
    )


def _mixed(command: Fleet, shard: str, random: Random) -> None:
    """Lines of two shards exchanged, or a part of them; the id fits."""
    other = random.choice([each for each in NAMES if each != shard])
    keys = random.choice([("digest",), ("hash",), ("digest", "hash"), ("tenantId",), ("owner",)])

    def mix(found: dict[str, Any]) -> None:
        one, two = _line(found, shard), _line(found, other)
        if all(one[key] == two[key] for key in keys):
            two |= {key: f"{two[key]}0" for key in keys}
        _replaced(found, shard, **{key: two[key] for key in keys})

    _edited(mix, signed=True)
    _opened(command)
    command.apply(shard)
    assert command.came(shard) == "moved"


def _expired(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Its end has passed, before a wave is let in and after."""
    _opened(command)
    _edited(lambda found: found.update(ends="2020-01-01T00:00:00+00:00"), signed=True)
    assert command.gate(1).code == 3
    command.apply(shard)
    assert command.came(shard) == "stopped"


def _commit(command: Fleet, shard: str, random: Random) -> None:
    """Files that are not those of the approval."""
    _opened(command)
    word = random.choice(["Reads more.", "Reads less."])
    write(
        Path(),
        {
            "myapp/entra-config.yaml": MYAPP.replace("Reads.", word),
            "platform/entra-config.yaml": FILES["platform/entra-config.yaml"].replace(
                "notes: before", f"notes: {word}"
            ),
        },
    )
    command.apply(shard)
    assert command.came(shard) == "moved"


def _flags(command: Fleet, shard: str, random: Random) -> None:
    """Lift a limit that was not lifted for the plan."""
    _opened(command)
    command.apply(shard, options=("--allow", random.choice(["many", "last", "delete", "unseen"])))
    assert command.came(shard) == "moved"


def _skipped(command: Fleet, shard: str, random: Random) -> None:
    """Skip a wave that nobody let in, or whose gate let another approval's in."""
    if random.random() < 0.5:
        _opened(command)
        _edited(lambda found: found.update(run="another"), signed=True)
    command.apply(shard)
    assert command.came(shard) == "stopped"


def _wave(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Put a shard into another wave than the fleet's; the id fits."""
    _edited(lambda found: _replaced(found, shard, wave=3 - _line(found, shard)["wave"]), signed=True)
    _opened(command)
    command.apply(shard)
    assert command.came(shard) == "moved"


def _opened(command: Fleet) -> None:
    """Let both waves in, as if all went well."""
    document = fleet_approval.read(Path("approval.json"))
    for wave in (1, 2):
        fleet_approval.let(Path("results"), document, wave)


ATTACKS = (
    _changed, _longer, _added, _another, _mixed, _expired, _commit, _flags, _skipped, _wave,
)  # fmt: skip


@pytest.mark.fleet
@pytest.mark.parametrize("number", drawn("approvals", range(300), 30))
def test_an_approval_that_does_not_fit_is_refused_before_the_first_write(command: Fleet, number: int) -> None:
    """Changed, mixed between shards, expired, of another commit, with a shard added, a wave skipped."""
    random = Random(f"approval {number}")
    before = _state(command)
    random.choice(ATTACKS)(command, random.choice(NAMES), random)
    assert _state(command) == before


def test_a_plan_that_moved_since_is_not_carried_out(command: Fleet) -> None:
    """Somebody applied it by hand meanwhile: the plan is another one, and nothing is written."""
    _opened(command)
    words = ("apply", "--tenant", "fabrikam", "-f", "myapp", "--auto-approve")
    assert command(*words, session=command.session("fabrikam")).code == 0
    before = _state(command)
    command.apply("fabrikam/myapp")
    assert (command.came("fabrikam/myapp"), _state(command)) == ("moved", before)
    ran = command("fleet", "report", "results", "--approval", "approval.json")
    assert (ran.code, "The plan moved · " in ran.out) == (1, True)


@pytest.mark.parametrize("options", [(), ("--run", "two")])
def test_an_approval_is_used_once(command: Fleet, options: tuple[str, ...]) -> None:
    """What a colleague took back since has the old digest again; it is not done again, in no run."""
    _opened(command)
    before = _state(command)
    directory = command.tenant.directory
    kept = directory.fork()
    command.apply("fabrikam/myapp")
    assert command.came("fabrikam/myapp") == "done"
    assert _state(command) != before
    directory.replace(kept.fork())
    assert _state(command) == before
    assert "ended under this approval" in command.apply("fabrikam/myapp", options=options).err
    assert _state(command) == before
    # Another approval of the very same plan does it.
    command.run(*NAMES, run="three")
    command.approve()
    _opened(command)
    command.apply("fabrikam/myapp")
    assert command.came("fabrikam/myapp") == "done"
    assert _state(command) != before


def test_an_apply_that_another_worker_has_ended_is_not_one_that_nobody_knows_of(command: Fleet) -> None:
    """Whoever was frozen meanwhile, or waited for the lock, leaves the other one's result as it is."""
    _opened(command)
    command.apply("fabrikam/myapp", options=("--run", "theirs"))
    common = Common(fleet=Path("fleet.yaml"), cloud="emulator", output=Output(quiet=True))
    [shard] = fleet_shard.load(common, ["fabrikam/myapp"])
    document = fleet_approval.read(Path("approval.json"))
    task = Task("fabrikam/myapp", "apply", "ours", Path("results"), Flags(), document)
    before = task.file.read_bytes()
    assert fleet_apart.lost(task, shard, "its process ended").applied == FleetAppliedPart(
        approval=document.id, came="done", sent=json.loads(before)["applied"]["sent"]
    )
    with ShardProcesses(Path("fleet.yaml")) as processes:
        found, why = fleet_apart.run(processes, common, task, 60)
    assert (found is not None and found.run, why) == ("theirs", "")
    assert (command.came("fabrikam/myapp"), task.file.read_bytes()) == ("done", before)


def test_an_apply_that_fails_after_a_write_is_not_begun_again(command: Fleet) -> None:
    """The application is made and its service principal refused: the next wave waits, and nobody is named."""
    command.gate(1)
    _refusing(command, "/servicePrincipals")
    ran = command.apply("contoso/platform", "contoso/myapp")
    _refusing(command, "")
    assert (command.came("contoso/myapp"), "MyApp" in ran.err) == ("failed", False)
    assert command.gate(2).code == 3
    assert "contoso/myapp: ended under this approval" in command.apply("contoso/myapp").err
    ran = command("fleet", "report", "results", "--approval", "approval.json")
    assert (ran.code, "Failed: contoso/myapp: after " in ran.out) == (1, True)
    result = next(Path("results").glob("contoso.myapp.a-*.json")).read_text(encoding="utf-8")
    assert "Insufficient privileges." in json.loads(result)["text"]


def _refusing(command: Fleet, path: str) -> None:
    """Let Graph refuse to create what stands at a path, until nothing is given."""
    rule = {"action": "respond", "method": "POST", "path": path, "times": None, "status": 403}
    denied = rule | {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}
    command.tenant.app.faults.set(FaultPlan.from_data({"rules": [denied]} if path else {}))


REST = "the rest of what was approved, nothing else"


def _headline(command: Fleet, shard: str, run: str) -> list[str]:
    """Plan a shard; return what its kind says."""
    command.run(shard, run=run)
    found = json.loads(Path(f"results/{shard.replace('/', '.')}.json").read_text(encoding="utf-8"))
    return list(found["change"]["headline"])


def test_what_is_left_of_an_apply_that_died_is_a_kind_of_its_own(command: Fleet) -> None:
    """It is approved like any other; once it is done, what somebody takes back is no rest."""
    command.gate(1)
    _refusing(command, "/servicePrincipals")
    command.apply("contoso/myapp")
    _refusing(command, "")
    assert command.came("contoso/myapp") == "failed"
    left = _headline(command, "contoso/myapp", "two")
    assert left[0] == REST
    assert not [each for each in left if each.startswith("taken back")]
    command.run(*NAMES, run="two")
    groups = command.report()["groups"]
    assert [
        [each["shard"] for each in group["members"]] for group in groups if REST in group["headline"]
    ] == [["contoso/myapp"]]

    command.approve()
    command.gate(1)
    command.apply("contoso/myapp")
    assert command.came("contoso/myapp") == "done"
    assert not list(Path("results").glob("_begun*"))
    tables = command.tenant.directory.tenants[seed.CONTOSO]
    app = next(each for each in tables.applications if "entra-config:owner=myapp/customer" in each["tags"])
    tables.applications.remove(app["id"])
    assert REST not in _headline(command, "contoso/myapp", "three")


def test_what_was_taken_back_since_it_died_stands_apart(command: Fleet) -> None:
    """And what was approved in no plan makes it no rest."""
    command.gate(1)
    _refusing(command, "appRoleAssignedTo")
    command.apply("contoso/myapp")
    _refusing(command, "")
    tables = command.tenant.directory.tenants[seed.CONTOSO]
    app = next(each for each in tables.applications if "entra-config:owner=myapp/customer" in each["tags"])
    principal = next(each for each in tables.service_principals if each["appId"] == app["appId"])
    assert _headline(command, "contoso/myapp", "two")[0] == REST
    tables.service_principals.remove(principal["id"])

    left = _headline(command, "contoso/myapp", "three")

    assert left[:2] == [REST, "taken back since: enterpriseApplication.api/create"]
    app["notes"] = "Somebody's."
    assert REST not in _headline(command, "contoso/myapp", "four")


def test_a_failure_after_a_write_keeps_the_next_wave_from_starting(command: Fleet) -> None:
    """What fails before a write, is refused or moved, does not: a stranger could stop all by it."""
    _opened(command)
    document = fleet_approval.read(Path("approval.json"))
    for each in Path("results").glob("_wave*"):
        each.unlink()
    command.gate(1)
    command.apply("contoso/platform", "contoso/myapp")
    path = Path(f"results/contoso.myapp.{document.id}.json")
    good = json.loads(path.read_text(encoding="utf-8"))
    for came, sent, code in (
        ("failed", 1, 3), ("failed", None, 3), ("unknown", None, 3), ("stopped", 0, 3),
        ("failed", 0, 0), ("refused", 0, 0), ("moved", 0, 0), ("partly", 4, 0), ("done", 4, 0),
    ):  # fmt: skip
        good["applied"] |= {"came": came, "sent": sent}
        path.write_text(json.dumps(good), encoding="utf-8")
        assert command.gate(2).code == code, came
    path.unlink()
    assert command.gate(2).code == 3
