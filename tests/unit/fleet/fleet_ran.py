"""Commands typed in a folder with a fleet, whose tenants an emulator has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from entra_config.cli.main import main
from entra_config.cli.options import Session
from entra_config.graph.token import FixedToken, Identity
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_fleet.approval import approval_file
from tests.unit.cli.ran import ROOT, Ran, without_variables
from tests.unit.fleet.files import FILES, write

RESULT, REPORT, APPROVAL = (
    json.loads((ROOT / f"docs/schemas/fleet-{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("result", "report", "approval")
)


class Command:
    """Types commands in a folder with a fleet, whose emulator runs."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Ran:
        """Run one."""
        self._capsys.readouterr()
        code = main(words)
        said = self._capsys.readouterr()
        return Ran(code, said.out, said.err)

    def run(self, *words: str, do: str = "plan", run: str = "one") -> Ran:
        """Run shards."""
        return self(
            "fleet", "run", *words, "--do", do, "--results", "results", "--run", run, "--cloud", "emulator"
        )

    def report(self, *options: str) -> dict[str, Any]:
        """Return the report as JSON, which its schema takes."""
        found = json.loads(self("fleet", "report", "results", "--format", "json", *options).out)
        jsonschema.validate(found, REPORT)
        return dict(found)


class Fleet:
    """Runs commands on a fleet whose tenants are in this process, each shard signed in to its own."""

    def __init__(self, tenant: Embedded, capsys: pytest.CaptureFixture[str]) -> None:
        self.tenant, self._capsys = tenant, capsys

    def __call__(self, *words: str, session: Session | None = None) -> Ran:
        """Run one command."""
        self._capsys.readouterr()
        code = main(words, session)
        said = self._capsys.readouterr()
        return Ran(code, said.out, said.err)

    def session(self, name: str) -> Session:
        """Sign in to one of the two tenants as the fleet's client."""
        id_ = {"contoso": seed.CONTOSO, "fabrikam": seed.FABRIKAM}[name]
        caller = self.tenant.app_caller(tenant_id=id_)
        identity = Identity(caller.tid, caller.oid, caller.appid, "deployer")
        return Session(self.tenant.transport(), FixedToken(self.tenant.token(caller), identity))

    def run(self, *shards: str, do: str = "plan", run: str = "one", options: Sequence[str] = ()) -> Ran:
        """Do one thing in some shards."""
        every = [self._one(each, do, run, options) for each in shards]
        return Ran(max(each.code for each in every), "", "".join(each.err for each in every))

    def _one(self, shard: str, do: str, run: str, options: Sequence[str]) -> Ran:
        words = ("fleet", "run", shard, "--do", do, "--results", "results", "--run", run, *options)
        return self(*words, session=self.session(shard.partition("/")[0]))

    def report(self, *options: str) -> dict[str, Any]:
        """Return the report as JSON, which its schema takes."""
        found = json.loads(self("fleet", "report", "results", "--format", "json", *options).out)
        jsonschema.validate(found, REPORT)
        return dict(found)

    def approve(self, *options: str) -> str:
        """Approve all that can be of what was planned; return the id."""
        ran = self("fleet", "approve", "results", "--report", self.report()["id"], *options)
        assert ran.code == 0, ran.err
        return ran.out.strip()

    def apply(self, *shards: str, options: Sequence[str] = ()) -> Ran:
        """Apply by the approval."""
        return self.run(*shards, do="apply", options=("--approval", "approval.json", *options))

    def check(self, wave: int) -> Ran:
        """Ask whether a wave may start."""
        return self("fleet", "check", "results", "--approval", "approval.json", "--wave", str(wave))

    def came(self, shard: str) -> str:
        """Return what came of the shard under the approval."""
        id_ = json.loads(Path("approval.json").read_text(encoding="utf-8"))["id"]
        path = Path(f"results/{shard.replace('/', '.')}.{id_}.json")
        if not path.exists():
            return ""
        found = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.validate(found, RESULT)
        return str(found["applied"]["outcome"])


def result_of(shard: str) -> dict[str, Any]:
    """Return the result of a shard."""
    text = Path(f"results/{shard.replace('/', '.')}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def state(command: Fleet) -> str:
    """Return all that is in the tenants."""
    return json.dumps([each.dump() for each in command.tenant.directory.tenants.values()], default=str)


def opened(command: Fleet) -> None:
    """Let both waves in, as if all went well."""
    document = approval_file.read(Path("approval.json"))
    for wave in (1, 2):
        approval_file.allow_wave(Path("results"), document, wave)


@contextmanager
def started(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: Mapping[str, str] = FILES,
) -> Iterator[Command]:
    """Write a fleet, and start an emulator with its tenants."""
    monkeypatch.chdir(folder)
    without_variables(monkeypatch)
    write(folder, files)
    found = Command(capsys)
    assert found("emulator", "start", "--fleet", "fleet.yaml", "--port", "0").code == 0
    yield found
    found("emulator", "stop")
