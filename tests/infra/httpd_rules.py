"""The stacks in; what is wrong with option E in them, out: what stands before page and API, what of it is
reached, whom the API believes, who reads which secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.alb_rules import environment
from tests.infra.task_rules import RECIPES, instructions
from tests.infra.templates import OPTIONS, Json, Stack, Stacks, items, only

(PORT,) = map(int, instructions(RECIPES["httpd"], "EXPOSE"))
ACCOUNT = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}"
KEY_PAIR = {"Fn::Sub": f"{ACCOUNT}:secret:${{Name}}/${{HttpdKeyPair}}"}
# By task: the container beside it, what `start.sh` is told, and the secrets that it reads.
SITES = {
    "SpaTask": (
        "spa",
        {"SITE": "web", "SERVER_TLS": {"Ref": "TargetTls"}, "SETTINGS_CONF": {"Ref": "HttpdPage"}},
        {"CLIENT_CERTIFICATE": KEY_PAIR, "SESSION_KEYS": {"Ref": "HttpdSessionKeys"}},
    ),
    "ApiTask": (
        "api",
        {"SITE": "api", "SERVER_TLS": {"Ref": "TargetTls"}, "SETTINGS_CONF": {"Ref": "HttpdApi"}},
        {},
    ),
}
BELIEVED = {"SERVER_CALLERS": "proxy", "SERVER_HOST": "127.0.0.1"}
READABLE = [KEY_PAIR, {"Ref": "HttpdSessionKeys"}]


def check(stacks: Stacks) -> Iterator[str]:
    """Yield what is wrong."""
    mine = only("E", stacks)
    yield from _before(mine["services"])
    yield from _reached(mine)
    yield from _roles(mine["services"])
    yield from _asserted(stacks["edge"])
    yield from _counted(stacks)
    for option in sorted(set(OPTIONS) - {"E"}):
        yield from _absent(option, only(option, stacks)["services"])


def _containers(services: Stack, task: str) -> dict[str, Json]:
    return {each["Name"]: each for each in items(services.the(task)["ContainerDefinitions"])}


def _before(services: Stack) -> Iterator[str]:
    """Each task has its site, which begins when what it stands before is there."""
    for task, (beside, reported, secrets) in SITES.items():
        found = _containers(services, task)
        if found.keys() != {beside, "httpd"}:
            yield f"{task}: no httpd before it"
            continue
        httpd = found["httpd"]
        if {each["Name"]: each["Value"] for each in httpd["Environment"]} != reported:
            yield f"{task}: its httpd is the other site, or reads something else than `settings` wrote"
        if {each["Name"]: each["ValueFrom"] for each in httpd.get("Secrets", [])} != secrets:
            yield f"{task}: its httpd has other secrets than its site needs"
        if httpd.get("DependsOn") != [{"ContainerName": beside, "Condition": "HEALTHY"}]:
            yield f"{task}: httpd answers before there is anything behind it"
    said = environment(services)
    if {name: said.get(name) for name in BELIEVED} != BELIEVED:
        yield "ApiTask: listens beyond its loopback, or does not believe the httpd there"


def _reached(mine: Stacks) -> Iterator[str]:
    for name, service in mine["services"].every("AWS::ECS::Service").items():
        (behind,) = service["LoadBalancers"]
        if (behind["ContainerName"], behind["ContainerPort"]) != ("httpd", PORT):
            yield f"{name}: reached past httpd"


def _roles(services: Stack) -> Iterator[str]:
    """Yield which role reads another secret than the two of the page's httpd, which its own may."""
    for name, role in services.every("AWS::IAM::Role").items():
        policies = [one["PolicyDocument"]["Statement"] for one in items(role.get("Policies", []))]
        read = [
            each["Resource"]
            for statements in policies
            for each in statements
            if "secretsmanager:GetSecretValue" in each["Action"]
        ]
        if read != ([READABLE] if name == "SpaExecutionRole" else []):
            yield f"{name}: reads a secret that is not its task's, or not its own"


def _asserted(edge: Stack) -> Iterator[str]:
    said = edge.body["Rules"]["HttpdHasThePathOfTheApi"]
    asserted = [each["Assert"] for each in said["Assertions"]]
    for what, wanted in (
        ("one host", {"Fn::Not": [{"Fn::Equals": [{"Ref": "AppHost"}, {"Ref": "ApiHost"}]}]}),
        ("tokens of version 1", {"Fn::Equals": [{"Ref": "TokenVersion"}, "2"]}),
    ):
        if said["RuleCondition"] != {"Fn::Equals": [{"Ref": "Option"}, "E"]} or wanted not in asserted:
            yield f"option E would be deployed with {what}"


def _counted(stacks: Stacks) -> Iterator[str]:
    """Whoever is behind httpd is counted on the way in, not as the address that httpd calls the API from."""
    calling = {"Fn::Or": [{"Condition": "WithBff"}, {"Condition": "WithHttpd"}]}
    for name in ("network", "edge"):
        if stacks[name].body["Conditions"].get("CallsByWayOut") != calling:
            yield f"{name}: with option E all people would be one address to the firewall"


def _absent(option: str, services: Stack) -> Iterator[str]:
    for task in SITES:
        if "httpd" in _containers(services, task):
            yield f"{task}: has an httpd with option {option}"
    if "SERVER_HOST" in environment(services) or "HttpdSessionKeys" in services.body["Resources"]:
        yield f"option {option} has what is of option E"
