"""A number of tenants in; one role more in one of the twenty applications of each, planned, approved, applied
and planned again; what each tenant was asked, what it cost, and what must not be, out.

A large fleet is done by `fleet run --all`, which asks one emulator for all tenants, so there is one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from entra_emulator import seed
from tests.fleet.draws import Tree, tenant_id
from tests.fleet.story import Size, Story
from tests.unit.fleet.files import write

APPLICATIONS = 20
SMALL = 1  # tenants of a fleet that needs neither a cluster nor waves
DRIVER = 300_000_000  # bytes that the driver of a fleet of a thousand may hold at most
STAGES = ("plan", "apply", "plan again")
_ROLE = "Auditor"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one command took: seconds, those of CPU of all its processes, and bytes of its own at most."""

    seconds: float
    cpu: float
    most: int


@dataclass(slots=True)
class Reported:
    """What came of a fleet of so many tenants: requests of each tenant by stage, and what each stage took."""

    tenants: int
    wrong: list[str] = field(default_factory=list)
    requested: dict[str, Counter[str]] = field(default_factory=dict)
    spent: dict[str, Spent] = field(default_factory=dict)
    emulator: int = 0

    @property
    def each(self) -> dict[str, list[int]]:
        """Return the numbers of requests that a tenant got in each stage: one, if all are alike."""
        return {stage: sorted(set(found.values())) for stage, found in self.requested.items()}

    def row(self, stage: str) -> str:
        """Return what a stage took, as a row of a table."""
        spent, report = self.spent[stage], self.spent.get(f"report on {stage}")
        requests = " or ".join(map(str, self.each[stage]))
        return (
            f"| {self.tenants:,} | {stage} | {requests} | {spent.cpu / self.tenants:.2f} | "
            f"{spent.seconds / 60:.1f} | {spent.most / 1e6:.0f} | {f'{report.cpu:.1f}' if report else ''} | "
            f"{self.emulator / 1e6:.0f} |"
        )


class LargeFleet(Story):
    """Many tenants that are alike but for their names; each has the applications, and lacks a role."""

    def __post_init__(self) -> None:
        """Write its files, as they were when they were applied."""
        self.names = [f"t{number}" for number in range(self.size.tenants)]
        self.strangers = {}
        self.parts = [self.names]
        rows = {
            name: {"tenantId": tenant_id(number), "projects": ["myapp"], "variables": {"title": name}}
            for number, name in enumerate(self.names)
        }
        fleet = {
            "projects": {"myapp": {"manifest": "myapp", "environment": "customer"}},
            "credential": {"kind": "github", "clientId": seed.DEPLOYER_APP_ID},
            # Of a large fleet each wave but the first is let in by the run itself.
            "waves": [{"percent": 10}, {"rest": True}] if len(rows) > SMALL else [{"rest": True}],
            "tenants": rows,
        }
        write(self.folder, {"fleet.yaml": json.dumps(fleet)})
        self.say()

    def say(self, *roles: str) -> None:
        """Write the manifest; one application has these roles more."""
        applications = {
            f"app{number}": {
                "type": "api",
                "displayName": f"Application {number} of ${{title}}",
                "scopes": {"read": "Lets an application read."},
                "appRoles": {"Reader": "Reads.", **(dict.fromkeys(roles, "Audits.") if number == 7 else {})},
            }
            for number in range(APPLICATIONS)
        }
        manifest = {
            "project": "myapp",
            "environments": {"customer": {"fleet": True, "deployers": "credential"}},
            "applications": applications,
            "appRoleAssignments": {key: {"Reader": {"groups": ["Staff"]}} for key in applications},
        }
        write(self.folder, {"myapp/entra-config.yaml": json.dumps(manifest)})

    def some(self, *words: str) -> Spent:
        """Run `fleet run` with every shard's name, and wait for it."""
        began = time.monotonic()
        worker = self.worker(0, self.names, *words)
        assert worker.wait() == 0, (self.folder / "worker0.txt").read_text(encoding="utf-8")[-3000:]
        return Spent(time.monotonic() - began, 0, 0)

    def all(self, *words: str) -> Spent:
        """Run `fleet run --all`, and wait for it."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ENTRA_CONFIG")}
        environ["ENTRA_CONFIG_EMULATOR_STATE"] = str(self.state(0))
        command = [sys.executable, "-m", "entra_config", "fleet", "run", "--all", "--results", "results",
                   "--cloud", "emulator", "--parallel", "2", *words]  # fmt: skip
        began, most = time.monotonic(), 0
        path = self.folder / "all.txt"
        with path.open("wb") as said:
            process = subprocess.Popen(command, cwd=self.folder, env=environ, stdout=said, stderr=said)
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            most = max(most, _peak(process.pid))
            time.sleep(0.1)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, path.read_text(encoding="utf-8")[-3000:]
        return Spent(time.monotonic() - began, used.ru_utime + used.ru_stime, most)


def _peak(pid: int) -> int:
    """Return how many bytes a process has held at most; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    found = [line.split() for line in lines if line.startswith("VmHWM:")]
    return int(found[0][1]) * 1024 if found else 0


def tried(number: int, folder: Path, *, cluster: bool = True) -> Reported:
    """Try a fleet of so many tenants: by a cluster, or by one `fleet run` that names them all."""
    story = LargeFleet(folder, Random(number), Size(number, emulators=1, frozen=0, applied=True))
    run = story.all if cluster else story.some
    reported = Reported(number)
    with story.serving():
        story.say(_ROLE)
        reported.spent["plan"] = run("--do", "plan", "--run", "one")
        report = _reported(story, reported, "plan", "one")
        reported.wrong += _of_one_kind(report, story, 2, "planned")
        approved = story.approve(report)
        reported.wrong += [] if sorted(approved) == sorted(story.names) else [f"approved: {approved}"]
        reported.spent["apply"] = run("--do", "apply", "--approval", str(story.folder / "approval.json"))
        reported.wrong += [
            f"{name}: {story.came(name)}" for name in story.names if story.came(name) != "done"
        ]
        reported.spent["plan again"] = run("--do", "plan", "--run", "two")
        again = _reported(story, reported, "plan again", "two")
        reported.wrong += _of_one_kind(again, story, 0, "planned again")
        reported.emulator = _peak(story.servers[0].pid)
        reported.wrong += [
            f"the driver of {stage} held {spent.most / 1e6:.0f} MB"
            for stage, spent in reported.spent.items()
            if spent.most > DRIVER
        ]
        reported.wrong += _requested(story, reported)
    return reported


def _reported(story: LargeFleet, reported: Reported, stage: str, run: str) -> Tree:
    began, used = time.monotonic(), time.process_time()
    report = story.report(run)
    reported.spent[f"report on {stage}"] = Spent(time.monotonic() - began, time.process_time() - used, 0)
    return report


def _of_one_kind(report: Tree, story: Story, code: int, how: str) -> Iterator[str]:
    kinds = [sorted(each["shard"] for each in group["members"]) for group in report["groups"]]
    if kinds != [sorted(f"{name}/myapp" for name in story.names)] or report["failed"]:
        yield f"{how}, all are not of one kind: {kinds}, {report['failed']}"
    if report["code"] != code:
        yield f"{how}, the exit code is {report['code']}"


def _requested(story: Story, reported: Reported) -> Iterator[str]:
    """Count what each tenant was asked in each stage; yield who was not done once, or not as the others."""
    for stage in STAGES:
        reported.requested[stage] = Counter()
    began: Counter[str] = Counter()
    stage_of: dict[str, str] = {}
    writes: dict[str, list[str]] = {}
    for line in story.lines(0):
        if "signIn" in line:
            # A shard signs in once: of a tenant's sign-ins the first is the plan's.
            tenant = line["signIn"]
            number = began[tenant]
            began[tenant] += 1
            stage_of[line["token"]] = STAGES[number] if number < len(STAGES) else ""
        elif not (stage := stage_of.get(line["token"], "")):
            yield f"{line['tenant']} was asked with a token that no shard of a stage got"
        else:
            reported.requested[stage][line["tenant"]] += line["requests"]
            asks = [f"{stage}: {each}" for each in line["writes"] if not each.endswith("/getByIds")]
            writes.setdefault(line["tenant"], []).extend(asks)
    ids = {tenant_id(number) for number in range(reported.tenants)}
    if began != Counter(dict.fromkeys(ids, len(STAGES))):
        yield f"a shard was not done once in each stage: {began.most_common(3)}"
    for stage, found in reported.requested.items():
        if set(found) != ids or len(set(found.values())) != 1:
            yield f"{stage}: not each tenant got as many requests: {Counter(found.values())}"
    if set(writes) != ids or any(len(each) != 1 or "apply: PATCH" not in each[0] for each in writes.values()):
        yield f"a tenant got another write than that of its role: {list(writes.values())[:2]}"
