"""`fleet approve`: what was read may be carried out, within limits, for a time."""

from __future__ import annotations

import json
import re
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from entra_emulator.embedded import Embedded
from tests.unit.fleet.files import FILES, FLEET, MYAPP, NAMES, write
from tests.unit.fleet.fleet_ran import APPROVAL, Fleet


@pytest.fixture
def command(folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str]) -> Fleet:
    """Write a fleet, whose tenants are in this process."""
    write(folder, FILES)
    return Fleet(tenant, capsys)


def _ids(report: dict[str, Any]) -> dict[str, str]:
    """Return the id of the kind that each shard is of."""
    return {member["shard"]: group["id"] for group in report["groups"] for member in group["members"]}


def _approval(path: str = "approval.json") -> dict[str, Any]:
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    jsonschema.validate(found, APPROVAL)
    return dict(found)


def test_an_approval_has_the_plans_that_were_read_and_an_end(command: Fleet) -> None:
    """By kind and by report; each with digest, hash and wave, for its owner alone, and by a bounded time."""
    write(Path(), {"fleet.yaml": FLEET + "waves: [{ tags: [eu] }, { rest: true }]\n"})
    command.run(*NAMES)
    report = command.report()
    ids = _ids(report)
    ran = command("fleet", "approve", "results", "--class", ids["fabrikam/myapp"], "--for", "30m")
    assert ran.code == 0, ran.err
    found = _approval()
    assert ran.out == f"{found['id']}\n"
    [line] = [each for each in found["shards"] if each["shard"] == "fabrikam/myapp"]
    result = json.loads(Path("results/fabrikam.myapp.json").read_text(encoding="utf-8"))
    assert {key: line[key] for key in ("digest", "hash", "tenantId", "owner")} == {
        key: result[key] for key in ("digest", "hash", "tenantId", "owner")
    }
    assert line["wave"] == 2
    made, ends = (datetime.fromisoformat(found[key]) for key in ("made", "ends"))
    assert ends - made == timedelta(minutes=30)
    assert stat.S_IMODE(Path("approval.json").stat().st_mode) == 0o600

    ran = command("fleet", "approve", "results", "--report", report["id"], "--out", "all.json")
    assert ran.code == 0, ran.err
    assert {each["shard"] for each in _approval("all.json")["shards"]} == set(NAMES)
    assert f"--report {report['id']}" in command("fleet", "report", "results").out
    assert all(each in command("fleet", "report", "results", "--format", "html").out for each in ids.values())


def test_a_folder_that_changed_since_it_was_read_is_refused(command: Fleet) -> None:
    """A byte of one member, a member more or less, another report of it: the ids are others."""
    command.run(*NAMES)
    report = command.report()
    id_ = _ids(report)["fabrikam/myapp"]
    file = Path("results/fabrikam.myapp.json")
    good = file.read_text(encoding="utf-8")
    digest = json.loads(good)["digest"]
    for bad in (
        good.replace(digest, digest[::-1]),
        good.replace('"ended":"', '"ended":"1'),
        good.replace("MyApp Two", "MyApp Twö"),
        good.replace('"deleted":0', '"deleted":1'),
        None,
    ):
        assert bad != good
        file.unlink()
        if bad is not None:
            file.write_text(bad, encoding="utf-8")
        for words in (("--class", id_), ("--report", report["id"])):
            ran = command("fleet", "approve", "results", *words)
            assert (ran.code, Path("approval.json").exists()) == (1, False)
            assert "it is not what was read" in ran.err
        file.write_text(good, encoding="utf-8")
    assert command("fleet", "approve", "results", "--class", id_).code == 0


def test_what_is_refused_is_not_approved_and_the_rest_is(command: Fleet) -> None:
    """A project whose plan is refused as a whole: `--class` says so, `--report` leaves it out."""
    write(Path(), {"myapp/entra-config.yaml": MYAPP.replace("fleet: true", "fleet: true, protected: true")})
    command.run(*NAMES)
    report = command.report()
    ran = command("fleet", "approve", "results", "--class", _ids(report)["contoso/myapp"])
    assert (ran.code, Path("approval.json").exists()) == (3, False)
    assert "refused: change what stands in the way" in ran.err
    ran = command("fleet", "approve", "results", "--report", report["id"])
    assert ran.code == 0
    assert [each["shard"] for each in _approval()["shards"]] == ["contoso/platform"]
    assert "not approved: contoso/myapp" in ran.err


def test_an_approval_over_the_limits_of_the_fleet_is_refused(command: Fleet) -> None:
    """An application that is deleted in one tenant, and `deleted` is 0; a limit that is raised lets it."""
    for name in ("contoso", "fabrikam"):
        words = ("apply", "--tenant", name, "-f", "myapp", "--auto-approve")
        assert command(*words, session=command.session(name)).code == 0
    gone = MYAPP[: MYAPP.index("applications:")] + "removed: { applications: { api: { destroy: true } } }\n"
    write(Path(), {"myapp/entra-config.yaml": gone})
    command.run("contoso/myapp", "fabrikam/myapp")
    ids = set(_ids(command.report()).values())
    words = [word for each in ids for word in ("--class", each)]
    ran = command("fleet", "approve", "results", *words)
    assert (ran.code, Path("approval.json").exists()) == (3, False), ran.err
    assert "2 applications would be deleted, and `limits.deleted` is 0" in ran.err
    write(Path(), {"fleet.yaml": FLEET + "limits: { deleted: 2 }\n"})
    assert command("fleet", "approve", "results", *words).code == 0


def test_only_plans_are_approved_and_words_that_make_no_sense_are_told(command: Fleet) -> None:
    """Neither or both ways, a time that is none or too long, another verb, nothing to do."""
    command.run("contoso/platform")
    id_ = _ids(command.report())["contoso/platform"]
    for words, said in (
        ((), "say which plans"),
        (("--class", id_, "--report", "r"), "say which plans"),
        (("--class", id_, "--for", "31d"), "30d at most"),
        (("--class", id_, "--for", "0h"), "say minutes, hours or days"),
        (("--class", id_, "--for", "day"), "say minutes, hours or days"),
        (("--class", id_[:-1]), "it is not what was read"),
    ):
        ran = command("fleet", "approve", "results", *words)
        assert (ran.code, Path("approval.json").exists()) == (1, False)
        assert said in re.sub(r"\s+", " ", ran.err)
    command.run("contoso/platform", do="lint", run="two")
    assert "only plans are approved" in command("fleet", "approve", "results", "--class", id_).err
    words = ("apply", "--tenant", "contoso", "-f", "platform", "--auto-approve")
    assert command(*words, session=command.session("contoso")).code == 0
    command.run("contoso/platform", run="three")
    ran = command("fleet", "approve", "results", "--class", _ids(command.report())["contoso/platform"])
    assert (ran.code, "nothing to do" in ran.err) == (3, True)
