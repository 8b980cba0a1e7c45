"""The stacks in; what is wrong between and in all of them, out: names, types, policies, alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.infra.templates import STACKS, Stack, Stacks, every, fleet, inside

# Nothing else: no gateway of APIs, no pool of users, no machine, no function of our own.
SERVICES = {
    "ApplicationAutoScaling", "CertificateManager", "CloudWatch", "EC2", "ECS", "ElastiCache",
    "ElasticLoadBalancingV2", "IAM", "KMS", "Logs", "Route53", "S3", "SecretsManager", "WAFv2",
}  # fmt: skip
MACHINES = {"AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::ECS::CapacityProvider"}
WIDE = re.compile(
    r"^\s+- [a-z0-9-]+:\*|\b(?:Action|Resource|Principal|AWS): *(?:\[.*)?(?:\"\*\"|[a-z0-9]+:\*)"
)
REASON = re.compile(r" # \S+ \S+")


def check(stacks: Stacks) -> Iterator[str]:
    """Yield what is wrong."""
    for name in STACKS:
        yield from _types(stacks, name)
        yield from wide(name, stacks[name])
    yield from _exports(stacks)
    yield from _parameters(stacks)
    yield from _alarms(stacks)


def _types(stacks: Stacks, name: str) -> Iterator[str]:
    for label, each in stacks[name].body["Resources"].items():
        if each["Type"].split("::")[1] not in SERVICES or each["Type"] in MACHINES:
            yield f"{name}: {label} is a {each['Type']}, which the scenario leaves out"


def wide(name: str, stack: Stack) -> Iterator[str]:
    """Yield where a policy is for everything and does not say why."""
    for number, line in enumerate(stack.text.splitlines(), 1):
        if WIDE.search(line) and not REASON.search(line):
            yield f"{name}:{number}: `*` in a policy, and no reason beside it"


def _exports(stacks: Stacks) -> Iterator[str]:
    known: set[str] = set()
    used: set[str] = set()
    for name in STACKS:
        for key, value in inside(stacks[name].body["Resources"]):
            if key == "Fn::ImportValue":
                used.add(value["Fn::Sub"])
                if value["Fn::Sub"] not in known:
                    yield f"{name}: {value['Fn::Sub']} is exported by no stack before it"
        outputs = stacks[name].body.get("Outputs", {}).values()
        known |= {each["Export"]["Name"]["Fn::Sub"] for each in outputs if "Export" in each}
    of_fleet = {
        value["Fn::Sub"] for key, value in inside(fleet().body["Resources"]) if key == "Fn::ImportValue"
    }
    yield from (f"fleet: {each} is exported by no stack" for each in sorted(of_fleet - known))
    for export in sorted(known - used - of_fleet):
        yield f"{export} is exported for nobody"


def _parameters(stacks: Stacks) -> Iterator[str]:
    seen: dict[str, tuple[object, ...]] = {}
    for name in STACKS:
        for key, each in stacks[name].parameters.items():
            shape = tuple(
                str(each.get(one)) for one in ("Type", "Default", "AllowedValues", "AllowedPattern")
            )
            if seen.setdefault(key, shape) != shape:
                yield f"{name}: {key} is another thing in a stack before it"
            if "Image" in key and "sha256" not in each.get("AllowedPattern", ""):
                yield f"{name}: {key} may be a tag, which moves"


def _alarms(stacks: Stacks) -> Iterator[str]:
    alarms = every(stacks, "AWS::CloudWatch::Alarm")
    made = {
        each["MetricName"]
        for one in every(stacks, "AWS::Logs::MetricFilter").values()
        for each in one["MetricTransformations"]
    }
    own = {each["MetricName"] for each in alarms.values() if each["Namespace"] == {"Ref": "Name"}}
    watched = {each["MetricName"] for each in alarms.values()}
    if made != own:
        yield f"an alarm without its filter, or a filter without its alarm: {sorted(made ^ own)}"
    for metric in {"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "RefusedTokens"} - watched:
        yield f"nobody is told of {metric}"
    for name, each in alarms.items():
        if "AlarmActions" not in each or each.get("TreatMissingData") != "notBreaching":
            yield f"{name}: tells nobody, or tells of silence"
