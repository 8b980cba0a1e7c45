"""A fleet of many tenants on emulators in several processes, and what is typed there, as a story of tests."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random

import httpx

from entra_config.cli.main import main
from entra_emulator import background, seed
from entra_emulator.state import runs
from tests.fleet.draws import Tree, tenant_id
from tests.fleet.served import MARKUP
from tests.unit.fleet.files import write

ROOT = Path(__file__).parents[2]

STRANGERS = ("hostile", "throttled", "wrong", "gone")
_READY = 120.0
_MANIFEST = """\
project: myapp
environments: { customer: { fleet: true, deployers: credential } }
applications:
  api:
    type: api
    displayName: MyApp ${title}
    scopes: { read: "Lets ${title} read." }
    appRoles: { Reader: Reads., Writer: Writes. }
  spa:
    type: spa
    displayName: Page of ${title}
    redirectUris: ["https://${title}.example.com/"]
    apiPermissions: { api: { delegated: [read], adminConsent: true } }
appRoleAssignments: { api: { Reader: { groups: ["${group}"] } } }
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many tenants and emulators, and for how many seconds somebody is frozen."""

    tenants: int
    emulators: int
    frozen: float
    slow: float = 1.0
    # Whether the fleet's applications are there already.
    applied: bool = False


@dataclass
class Story:
    """One run: its folder, its fleet, and what it is about to suffer."""

    folder: Path
    random: Random
    size: Size
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = [f"t{number}" for number in range(self.size.tenants)]
        self.strangers = dict(zip(STRANGERS, self.random.sample(names, len(STRANGERS)), strict=True))
        self.names = names
        self.parts = [names[each :: self.size.emulators] for each in range(self.size.emulators)]
        rows = {name: self._row(name) for name in names}
        fleet = {
            "projects": {"myapp": {"manifest": "myapp", "environment": "customer"}},
            "credential": {"kind": "github", "clientId": seed.DEPLOYER_APP_ID},
            "tenants": rows,
        }
        write(self.folder, {"fleet.yaml": json.dumps(fleet), "myapp/entra-config.yaml": _MANIFEST})

    def _row(self, name: str) -> Tree:
        hostile = name == self.strangers["hostile"]
        title, group = (name, MARKUP) if hostile else (name, self.random.choice(["Staff", "Everybody"]))
        return {
            "tenantId": self.id_of(name),
            "projects": ["myapp"],
            "variables": {"title": title, "group": group},
        }

    def id_of(self, name: str) -> str:
        """Return the id of a tenant."""
        return tenant_id(self.names.index(name)) if hasattr(self, "names") else tenant_id(int(name[1:]))

    @cached_property
    def others(self) -> list[str]:
        """Return the tenants that are as they should be; who is throttled is one of them."""
        return [
            name
            for name in self.names
            if self.strangers["throttled"] == name or name not in self.strangers.values()
        ]

    def state(self, part: int) -> Path:
        """Return where an emulator keeps its files."""
        return self.folder / f"emulator{part}"

    def log(self, part: int) -> Path:
        """Return where an emulator notes its requests."""
        return self.folder / f"log{part}.jsonl"

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Start the emulators, each a process of its own, and end them."""
        conduct = {role: self.id_of(name) for role, name in self.strangers.items()}
        try:
            for part, names in enumerate(self.parts):
                self.log(part).touch()
                given = {"state": str(self.state(part)), "log": str(self.log(part)), "tenants": names,
                         "fleet": str(self.folder / "fleet.yaml"), "applied": self.size.applied,
                         "conduct": conduct | {"slow": self.size.slow}}  # fmt: skip
                words = [sys.executable, "-m", "tests.fleet.served", json.dumps(given)]
                with (self.folder / f"emulator{part}.txt").open("wb") as said:
                    self.servers.append(subprocess.Popen(words, stdout=said, stderr=said, cwd=ROOT))
            for part, server in enumerate(self.servers):
                self._ready(part, server)
            yield
        finally:
            for each in self.servers:
                each.terminate()
            for each in self.servers:
                each.wait()

    def _ready(self, part: int, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + _READY
        while time.monotonic() < until:
            assert server.poll() is None, (self.folder / f"emulator{part}.txt").read_text(encoding="utf-8")
            found = runs.find_run(self.state(part))
            with contextlib.suppress(httpx.HTTPError):
                if found is not None and self.control(part).get("/health").status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("an emulator did not start")

    def control(self, part: int) -> httpx.Client:
        """Return what asks an emulator about itself."""
        found = runs.find_run(self.state(part))
        assert found is not None
        trust = background.trust_of(self.state(part))
        return httpx.Client(base_url=f"{found.origin}/_emulator", verify=trust, timeout=60)

    def lines(self, part: int) -> list[Tree]:
        """Return what an emulator has noted so far."""
        text = self.log(part).read_text(encoding="utf-8")
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    def command(self, *words: str) -> tuple[int, str]:
        """Run a command that asks no tenant, in this process; return its code and what it printed."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            of_fleet = () if words[0] == "check" else ("--fleet", str(self.folder / "fleet.yaml"))
            code = main(["fleet", *words, *of_fleet])
        return code, said.getvalue()

    def worker(self, part: int, names: list[str], *words: str) -> subprocess.Popen[bytes]:
        """Start a worker for some tenants of an emulator; the hostile one comes last."""
        ordered = sorted(names, key=lambda name: (name == self.strangers.get("hostile"), names.index(name)))
        shards = [f"{name}/myapp" for name in ordered]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ENTRA_CONFIG")}
        environ["ENTRA_CONFIG_EMULATOR_STATE"] = str(self.state(part))
        with (self.folder / f"worker{part}.txt").open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "entra_config", "fleet", "run", *shards, "--results", "results",
                 "--cloud", "emulator", *words],
                cwd=self.folder, env=environ, stdout=said, stderr=said,
            )  # fmt: skip

    def plan(self, run: str) -> Tree:
        """Plan all; return the report."""
        for each in [
            self.worker(part, names, "--do", "plan", "--run", run) for part, names in enumerate(self.parts)
        ]:
            assert each.wait() == 0
        return self.report(run)

    def report(self, run: str) -> Tree:
        """Return the report on a run of plans, which has each shard once."""
        _, text = self.command("report", str(self.folder / "results"), "--format", "json", "--run", run)
        report: Tree = json.loads(text)
        rest = [*report["failed"], *report["withoutResult"]]
        every = [each for group in report["groups"] for each in group["members"]] + rest
        assert Counter(each["shard"] for each in every) == Counter(f"{name}/myapp" for name in self.names)
        assert not report["withoutResult"], report["withoutResult"]
        assert all(each["reason"] for each in report["failed"])
        return report

    def approve(self, report: Tree) -> list[str]:
        """Approve all that can be, and let its wave in; return the tenants."""
        folder, file = str(self.folder / "results"), str(self.folder / "approval.json")
        code, _ = self.command(
            "approve", folder, "--report", report["id"], "--run", report["run"], "--out", file
        )
        if code == 3:
            return []
        assert code == 0
        assert self.command("check", folder, "--approval", file, "--wave", "1")[0] == 0
        found = json.loads(Path(file).read_text(encoding="utf-8"))
        return [each["shard"].partition("/")[0] for each in found["shards"]]

    def came(self, name: str) -> str:
        """Return what came of a tenant under the approval."""
        id_ = json.loads((self.folder / "approval.json").read_text(encoding="utf-8"))["id"]
        path = self.folder / "results" / f"{name}.myapp.{id_}.json"
        return (
            str(json.loads(path.read_text(encoding="utf-8"))["applied"]["outcome"]) if path.exists() else ""
        )

    def doubled(self) -> list[str]:
        """Return the applications that a tenant has twice."""
        found = []
        for part in range(len(self.parts)):
            for tenant in self.control(part).get("/state").json()["tenants"]:
                names = Counter(row["displayName"] for row in tenant["applications"])
                found += [f"{tenant['tenantId']}: {name}" for name, number in names.items() if number > 1]
        return found
