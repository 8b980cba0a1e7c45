"""The stack of a fleet in; what is wrong with it, out: who begins what, as whom, and what a machine says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.infra import stack_rules
from tests.infra.task_rules import rights
from tests.infra.templates import ROOT, Json, Stack, imported, inside

MACHINES = {"PlanMachine": "Reader", "DriftMachine": "Reader", "ApplyMachine": "Writer"}
RUN = "arn:aws:states:::ecs:runTask.sync"
TOLD = {"FLEET_DO", "FLEET_RUN", "FLEET_CHUNK", "FLEET_CHUNKS", "FLEET_WAVE", "FLEET_APPROVAL"}
LARGEST = 8192  # characters of a task's overrides
LIMITS = {
    "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": {"Ref": "AssertionAudience"}},
    "StringEquals": {"sts:SigningAlgorithm": "RS256"},
    "NumericLessThanEquals": {"sts:DurationSeconds": 300},
}
# What a role writes and reads of the bucket; what one is believed for, the other does not write.
KEYS = {
    "ReaderRole": {
        "s3:GetObject": {"plans/*", "drift/*", "applies/_begun.*"},
        "s3:PutObject": {"plans/*", "drift/*", "reports/*"},
    },
    "WriterRole": {
        "s3:GetObject": {"applies/*"},
        "s3:GetObjectVersion": {"approvals/approval.json"},
        "s3:PutObject": {"applies/*"},
        "s3:DeleteObject": {"applies/_begun.*"},
    },
}


def check(stack: Stack) -> Iterator[str]:
    """Yield what is wrong."""
    yield from stack_rules.wide("fleet", stack)
    for name, which in MACHINES.items():
        yield from _machine(name, which, stack.the(name))
    for name, role in stack.every("AWS::IAM::Role").items():
        yield from _role(name, role)
    yield from _tasks(stack)
    yield from _starting(stack)
    yield from _bucket(stack)
    for name, group in stack.every("AWS::Logs::LogGroup").items():
        if imported(group.get("KmsKeyId")) != "LogsKey" or "RetentionInDays" not in group:
            yield f"{name}: kept for ever, or without the key of logs"
    for name, alarm in stack.every("AWS::CloudWatch::Alarm").items():
        if "AlarmActions" not in alarm or alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name}: tells nobody, or tells of silence"


def states(definition: Json) -> Iterator[tuple[str, Json]]:
    """Yield each state of a machine, those of its maps too."""
    for name, state in definition["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


def _machine(name: str, which: str, machine: Json) -> Iterator[str]:
    found = dict(states(machine["Definition"]))
    maps = [each for each in found.values() if each["Type"] == "Map"]
    if machine.get("StateMachineType") != "STANDARD" or not maps:
        yield f"{name}: not a standard machine with a map"
    for each in maps:
        if each["ItemProcessor"]["ProcessorConfig"] != {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}:
            yield f"{name}: its map is not distributed"
        if each.get("ToleratedFailurePercentage") != 100:
            yield f"{name}: the map decides what may fail, and not `fleet check`"
    for label, state in found.items():
        if state["Type"] == "Task":
            yield from _task(f"{name}.{label}", which, state)
    if name == "ApplyMachine":
        check = found["Check"]
        before = [
            label for label, each in found.items() if each.get("Next") == "EachChunk" or "Choices" in each
        ]
        if check["Next"] != "Another" or before != ["Another"] or found["NextWave"]["Next"] != "Check":
            yield f"{name}: a wave begins without its check"
        if "Catch" in check or "Retry" not in check:
            yield f"{name}: what the check refuses is caught"
    if "LoggingConfiguration" not in machine:
        yield f"{name}: nobody knows what it did"


def _task(where: str, which: str, state: Json) -> Iterator[str]:
    said = state["Parameters"]
    if state["Resource"] != RUN:
        yield f"{where}: is no task that is waited for"
    if said["TaskDefinition"] != f"${{{which}}}" or said["Cluster"] != "${Cluster}":
        yield f"{where}: another task, or another cluster"
    network = said["NetworkConfiguration"]["AwsvpcConfiguration"]
    if network["AssignPublicIp"] != "DISABLED":
        yield f"{where}: has a public address"
    if network["Subnets"] != ["${SubnetA}", "${SubnetB}"] or network["SecurityGroups"] != ["${Group}"]:
        yield f"{where}: in other subnets, or in another group"
    (added,) = said["Overrides"]["ContainerOverrides"]
    if set(added) != {"Name", "Environment"} or set(said["Overrides"]) != {"ContainerOverrides"}:
        yield f"{where}: a machine adds more than an environment, such as a command"
    names = {each["Name"] for each in added["Environment"]}
    if not names <= TOLD:
        yield f"{where}: says {sorted(names - TOLD)}"
    if len(json.dumps(said["Overrides"])) + 1024 + 64 * len(names) > LARGEST:
        yield f"{where}: overrides may be longer than ECS takes"
    for each in state.get("Retry", []):
        if set(each["ErrorEquals"]) != {"ECS.AmazonECSException"}:
            yield f"{where}: what has begun is begun again"


def _role(name: str, role: Json) -> Iterator[str]:
    for trust in role["AssumeRolePolicyDocument"]["Statement"]:
        if ("aws:SourceAccount", {"Ref": "AWS::AccountId"}) not in inside(trust.get("Condition", {})):
            yield f"{name}: a service acting for another account may take it"
    for policy in role.get("Policies", []):
        for each in policy["PolicyDocument"]["Statement"]:
            if each["Action"] == "sts:GetWebIdentityToken" and each.get("Condition") != LIMITS:
                yield f"{name}: tokens for others than Entra, or that live for long"
    if name in KEYS:
        if rights(role) - {"sts:GetWebIdentityToken", "s3:ListBucket", *KEYS[name]}:
            yield f"{name}: may do more than read, bring results and sign in"
        for action, keys in KEYS[name].items():
            if _keys(role, action) != keys:
                yield f"{name}: {action} of other keys: {sorted(_keys(role, action) ^ keys)}"
    if "ManagedPolicyArns" in role:
        yield f"{name}: a policy that is AWS's to widen"


def _keys(role: Json, action: str) -> set[str]:
    found: set[str] = set()
    for policy in role["Policies"]:
        for each in policy["PolicyDocument"]["Statement"]:
            if each["Action"] == action:
                said = [str(one["Fn::Sub"]) for one in each["Resource"]]
                found |= {one.removeprefix("${Results.Arn}/") for one in said}
    return found


def _tasks(stack: Stack) -> Iterator[str]:
    recipe = re.search(
        r"^FROM \S+ AS fleet\n.*", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    image = recipe[0] if recipe else ""
    for name, task in stack.every("AWS::ECS::TaskDefinition").items():
        (container,) = task["ContainerDefinitions"]
        if {"Command", "EntryPoint"} & set(container):
            yield f"{name}: the command is the image's"
        if container.get("ReadonlyRootFilesystem") is not True:
            yield f"{name}: its root can be written to"
        if f"USER {container.get('User')}\n" not in image:
            yield f"{name}: does not run as the image's user"
        if container.get("LinuxParameters", {}).get("Capabilities", {}).get("Drop") != ["ALL"]:
            yield f"{name}: keeps capabilities"
        for mount in container.get("MountPoints", []):
            if f"VOLUME {mount['ContainerPath']}\n" not in image:
                yield f"{name}: {mount['ContainerPath']} is no VOLUME of the image, so root's alone"
        said = {each["Name"]: each["Value"] for each in container["Environment"]}
        reader = {"Ref": "ReaderClientId"} if name == "ReaderTask" else None
        if said.get("ENTRA_CONFIG_CLIENT_ID") != reader or said["ENTRA_CONFIG_CREDENTIAL"] != "aws":
            yield f"{name}: signs in as somebody else"
        if task["TaskRoleArn"] != {"Fn::GetAtt": [name.replace("Task", "Role"), "Arn"]}:
            yield f"{name}: another role"


def _starting(stack: Stack) -> Iterator[str]:
    """Who starts the writer: the policy of who approves, and nothing else."""
    for name, resource in stack.body["Resources"].items():
        for each in _statements(resource):
            actions = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
            to = json.dumps(each["Resource"])
            if "states:StartExecution" in actions and ("ApplyMachine" in to or "fleet-apply" in to):
                if name not in {"ApprovePolicy", "WriteMachineRole"}:
                    yield f"{name}: may start the writer"
            elif "states:StartExecution" in actions and "*" in to:
                yield f"{name}: may start every machine"
            if "s3:PutObject" in actions and "approvals" in to and name != "ApprovePolicy":
                yield f"{name}: may bring an approval"
            if "iam:PassRole" in actions:
                of = name
                task = {"ReadMachineRole": "ReaderRole", "WriteMachineRole": "WriterRole"}.get(of)
                to_ecs = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
                passed = [one["Fn::GetAtt"][0] for one in each["Resource"]]
                if passed != [task, "ExecutionRole"] or each.get("Condition") != to_ecs:
                    yield f"{name}: passes another role, or to another service"
            if "ecs:RunTask" in actions and "ArnEquals" not in each.get("Condition", {}):
                yield f"{name}: runs tasks in any cluster"


def _statements(resource: Json) -> list[Any]:
    found = [value for key, value in inside(resource.get("Properties", {})) if key == "PolicyDocument"]
    return [each for one in found for each in one["Statement"]]


def _bucket(stack: Stack) -> Iterator[str]:
    bucket = stack.the("Results")
    if bucket.get("VersioningConfiguration") != {"Status": "Enabled"}:
        yield "Results: an approval may be another one later"
    if set(bucket["PublicAccessBlockConfiguration"].values()) != {True} or "BucketEncryption" not in bucket:
        yield "Results: may be made public, or is not encrypted"
    (deny,) = stack.the("ResultsPolicy")["PolicyDocument"]["Statement"]
    if (deny["Effect"], deny["Action"], deny.get("Condition")) != (
        "Deny",
        "s3:*",
        {"Bool": {"aws:SecureTransport": "false"}},
    ):
        yield "Results: reached without TLS"
