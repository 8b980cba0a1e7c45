"""The machines of `infra/fleet.yaml` on MiniStack, and the tasks that they ask for carried out here: the
entrypoint of the image, with the environment that the task has, in a checkout, against an emulator.

Run inside a network namespace of its own. MiniStack has no engine of containers: a task of it runs until
somebody stops it, with code 0. So each is started here as a process, and stopped when that has ended. Where a
task ends otherwise, Step Functions fails its state; MiniStack does not, so the execution is stopped, unless
the map tolerates it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from entra_config.cli import emulator_running
from entra_config.testing import populating
from entra_emulator import background, seed
from entra_emulator.server_options import ServerOptions
from tests.clients import sts as stand_in
from tests.infra import ministack
from tests.infra.control import settled
from tests.infra.fleet_files import FILES, TENANTS
from tests.infra.templates import ROOT, Json, fleet, read

ENTRYPOINT = ROOT / "infra/scripts/fleet_task.py"
REGION = "us-east-1"
PAUSE = 0.1
LONGEST = 240  # seconds, for one execution


@dataclass
class Engine:
    """The stacks as they were deployed, a checkout, and what ran."""

    folder: Path
    sts: str
    name: str
    exports: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    tasks: list[Json] = field(default_factory=list)

    def execute(self, machine: str, name: str, given: Mapping[str, Any]) -> Json:
        """Start a machine, carry out what it asks for, and return how the execution ended."""
        states = ministack.client("stepfunctions")
        arn = states.start_execution(
            stateMachineArn=self.outputs[machine], name=name, input=json.dumps(dict(given))
        )["executionArn"]
        running: dict[str, tuple[Json, subprocess.Popen[str]]] = {}
        until = time.monotonic() + LONGEST
        while (state := states.describe_execution(executionArn=arn))["status"] == "RUNNING" or running:
            assert time.monotonic() < until, f"{machine} does not end: {state}"
            for task in self._requested():
                if task["taskArn"] not in running:
                    running[task["taskArn"]] = (task, self._start(task))
            for key, (task, process) in list(running.items()):
                if process.poll() is not None:
                    del running[key]
                    self._ended(arn, task, process)
            time.sleep(PAUSE)
        return dict(state)

    def _requested(self) -> list[Json]:
        ecs = ministack.client("ecs")
        arns = ecs.list_tasks(cluster=self.name, desiredStatus="RUNNING")["taskArns"]
        found = ecs.describe_tasks(cluster=self.name, tasks=arns)["tasks"] if arns else []
        return [each for each in found if f"{self.name}-fleet-" in each["taskDefinitionArn"]]

    def _start(self, task: Json) -> subprocess.Popen[str]:
        defined = ministack.client("ecs").describe_task_definition(taskDefinition=task["taskDefinitionArn"])
        (container,) = defined["taskDefinition"]["containerDefinitions"]
        (added,) = task["overrides"]["containerOverrides"]
        assert set(added) == {"name", "environment"}, "a machine adds an environment, and no command"
        said = {each["name"]: each["value"] for each in [*container["environment"], *added["environment"]]}
        scratch = self.folder / "scratch" / task["taskArn"].rpartition("/")[2]
        scratch.mkdir(parents=True)
        role = defined["taskDefinition"]["taskRoleArn"].rpartition("/")[2]
        environ = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(scratch),
            "XDG_STATE_HOME": os.environ["XDG_STATE_HOME"],
            "FLEET_SCRATCH": str(scratch),
            "ENTRA_CONFIG_CLOUD": "emulator",
            "ENTRA_CONFIG_EMULATOR_STATE": str(self.folder / "state"),
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ministack.PORT}",
            "AWS_ENDPOINT_URL_STS": self.sts,
            "AWS_ACCESS_KEY_ID": role,
            "AWS_SECRET_ACCESS_KEY": "test",
            **said,
            "TMPDIR": str(scratch),
        }
        self.tasks.append({"role": role, "overrides": added, "arn": task["taskArn"]})
        return subprocess.Popen(
            [sys.executable, "-I", str(ENTRYPOINT)],
            cwd=self.folder / "checkout",
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _ended(self, execution: str, task: Json, process: subprocess.Popen[str]) -> None:
        out, _ = process.communicate()
        (kept,) = [each for each in self.tasks if each["arn"] == task["taskArn"]]
        kept |= {"code": process.returncode, "said": out}
        reported = {each["name"]: each["value"] for each in kept["overrides"]["environment"]}
        if process.returncode and "FLEET_CHUNK" not in reported:
            ministack.client("stepfunctions").stop_execution(
                executionArn=execution, error="States.TaskFailed", cause=out[-1000:]
            )
        ministack.client("ecs").stop_task(cluster=self.name, task=task["taskArn"])


@contextmanager
def started(folder: Path, given: Mapping[str, str]) -> Iterator[Engine]:
    """Run MiniStack with the stacks, an emulator with the fleet's tenants, and a stand-in for STS."""
    checkout = folder / "checkout"
    stand_in.REGION = REGION
    background.READY_SECONDS = float(ministack.WAIT)
    with stand_in.running() as sts:
        populated = populating.prepare([], [checkout / "fleet.yaml"])
        options = ServerOptions(state=folder / "state", port=0, issuer_keys={stand_in.ISSUER: sts.jwks()})
        background.start(options, prepare=populated)
        try:
            with ministack.served():
                engine = Engine(folder, sts.url, given["Name"])
                _deploy(engine, given)
                for part in ("Reader", "Writer"):
                    role = engine.outputs[f"{part}Role"]
                    sts.roles[role.rpartition("/")[2]] = role
                    _federate(folder / "state", APPLICATIONS[part], role)
                yield engine
        finally:
            background.end(folder / "state")


APPLICATIONS = {"Reader": seed.READER_APP_ID, "Writer": seed.DEPLOYER_APP_ID}


def _deploy(engine: Engine, given: Mapping[str, str]) -> None:
    formation = ministack.client("cloudformation")
    zone = ministack.client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    requested = {**given, "HostedZoneId": zone["HostedZone"]["Id"].rpartition("/")[2]}
    for name, stack in {**read(given["Option"]), "fleet": fleet()}.items():
        label = f"{given['Name']}-{name}"
        own: list[Any] = [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in requested.items()
            if key in stack.parameters
        ]
        body = json.dumps(ministack.known(stack.body)[0])
        formation.create_stack(StackName=label, TemplateBody=body, Parameters=own)
        made = settled(formation, label)
        assert made["StackStatus"] == "CREATE_COMPLETE", f"{label}: {made}"
        engine.outputs |= {each["OutputKey"]: each["OutputValue"] for each in made.get("Outputs", [])}


def _federate(state: Path, client: str, role: str) -> None:
    """Let a role sign in as an application, in each tenant: an emulated tenant has its own registration."""
    emulator = emulator_running.find_endpoint(state)
    with httpx.Client(base_url=emulator.cloud.base_url, verify=background.trust_of(state)) as graph:
        for tenant in TENANTS.values():
            body = {
                "client_id": seed.DEPLOYER_APP_ID,
                "scope": "https://graph.microsoft.com/.default",
                "tenant": tenant,
            }
            token = graph.post(f"{emulator.cloud.authority}/emulator/token", json=body).json()["access_token"]
            made = graph.post(
                f"/applications(appId='{client}')/federatedIdentityCredentials",
                json={
                    "name": "task",
                    "issuer": stand_in.ISSUER,
                    "subject": role,
                    "audiences": [stand_in.AUDIENCE],
                },
                headers={"Authorization": f"Bearer {token}"},
            )
            assert made.is_success, made.text


def tell(engine: Engine) -> Json:
    """Plan, approve, apply and look for drift as a person and the machines do; return what came of it."""
    s3, bucket = ministack.client("s3"), engine.outputs["Results"]
    planned = engine.execute("PlanMachine", "plan-1", {"chunks": 2})
    results = engine.folder / "results"
    _take(s3, bucket, "plans/", results)
    report = json.loads(_called(engine, "report", "results", "--format", "json"))
    id_ = _called(engine, "approve", "results", "--report", report["id"]).strip()
    file = engine.folder / "approval.json"
    version = _put(s3, bucket, file.read_bytes())
    # Somebody else's approval comes after it, under the same key.
    later = _put(s3, bucket, file.read_bytes().replace(b'"people"', b'"People"'))
    given = {"chunks": 1, "waves": 2}
    refused = engine.execute("ApplyMachine", "another", {**given, "version": version})
    applied = engine.execute("ApplyMachine", id_, {**given, "version": version})
    _take(s3, bucket, "applies/", results)
    # Its schedule starts it: the stack tells nobody its name.
    engine.outputs["DriftMachine"] = engine.outputs["PlanMachine"].removesuffix("plan") + "drift"
    drift = engine.execute("DriftMachine", "drift-1", {"chunks": 1})
    pages = s3.list_objects_v2(Bucket=bucket)["Contents"]
    return {
        "executions": {"plan": planned, "another": refused, "apply": applied, "drift": drift},
        "approval": id_,
        "versions": [version, later],
        "tasks": engine.tasks,
        "keys": [each["Key"] for each in pages],
        "report": report,
    }


def _put(s3: Any, bucket: str, data: bytes) -> str:
    return str(s3.put_object(Bucket=bucket, Key="approvals/approval.json", Body=data)["VersionId"])


def _take(s3: Any, bucket: str, prefix: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for each in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
        s3.download_file(bucket, each["Key"], str(folder / each["Key"].removeprefix(prefix)))


def _called(engine: Engine, *words: str) -> str:
    """Run one of the fleet's commands beside the checkout, as who approves does."""
    command = [sys.executable, "-m", "entra_config", "fleet", *words, "--fleet", "checkout/fleet.yaml"]
    environ = os.environ | {"ENTRA_CONFIG_CLOUD": "emulator"}
    ran = subprocess.run(command, cwd=engine.folder, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode in {0, 2}, ran.stderr
    return ran.stdout


def checkout(folder: Path) -> None:
    """Write the files of the fleet."""
    for name, text in FILES.items():
        path = folder / "checkout" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _main() -> None:
    said = json.load(sys.stdin)
    folder = Path(said["folder"])
    checkout(folder)
    with started(folder, said["given"]) as engine:
        print(json.dumps(tell(engine), default=str))


if __name__ == "__main__":
    _main()
