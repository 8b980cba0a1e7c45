"""The stacks in; what is wrong with option C in them, out: its paths, its role, its secret and its cache."""

from __future__ import annotations

from collections.abc import Iterator

from options.bff.assertion import ALGORITHM, SECONDS
from tests.infra.edge_rules import hosts, paths
from tests.infra.templates import Json, Stack, Stacks, imported


def check(stacks: Stacks) -> Iterator[str]:
    """Yield what is wrong."""
    yield from _session(stacks["edge"])
    yield from _entra(stacks["bff"])
    yield from _secrets(stacks["bff"])
    yield from _cache(stacks)


def _session(edge: Stack) -> Iterator[str]:
    """Option C's server has its paths of the page's host, and no other option sends anything there."""
    rule = edge.the("BffRule")
    if (hosts(rule), set(paths(rule))) != ([{"Ref": "AppHost"}], {"/session", "/auth/*", "/api/*"}):
        yield "BffRule: not for the paths that the server answers"
    for name in ("BffRule", "BffTargets"):
        if edge.body["Resources"][name].get("Condition") != "WithBff":
            yield f"{name}: there without the option"
    asserted = edge.body["Rules"]["TheBffHasThePathOfTheApi"]
    if asserted["RuleCondition"] != {"Fn::Equals": [{"Ref": "Option"}, "C"]}:
        yield "with one host the server would call itself"


def _statements(role: Json) -> Iterator[Json]:
    for policy in role.get("Policies", []):
        yield from policy["PolicyDocument"]["Statement"]


def _entra(bff: Stack) -> Iterator[str]:
    """Yield where the role has more than short tokens for Entra alone, signed as Entra takes them, and its
    cache.
    """
    for each in _statements(bff.the("BffTaskRole")):
        if each["Action"] == "sts:GetWebIdentityToken" and each.get("Condition") != {
            "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": {"Ref": "AssertionAudience"}},
            "StringEquals": {"sts:SigningAlgorithm": ALGORITHM},
            "NumericLessThanEquals": {"sts:DurationSeconds": SECONDS},
        }:
            yield "BffTaskRole: STS would sign for somebody else than Entra, for longer, or otherwise"
        resources = each["Resource"] if isinstance(each["Resource"], list) else []
        ends = [one["Fn::Sub"].rpartition(":")[2] for one in resources]
        if each["Action"] == "elasticache:Connect" and ends != ["${Cache}", "${CacheUser}"]:
            yield "BffTaskRole: reaches other caches, or as other users"


def _secrets(bff: Stack) -> Iterator[str]:
    (container,) = bff.the("BffTask")["ContainerDefinitions"]
    kept = [each["ValueFrom"] for each in container["Secrets"]]
    for name, role in bff.every("AWS::IAM::Role").items():
        for each in _statements(role):
            reads = "secretsmanager:GetSecretValue" in each["Action"]
            if reads and (name != "BffExecutionRole" or each["Resource"] not in kept):
                yield f"{name}: reads a secret that is not its task's"


def _cache(stacks: Stacks) -> Iterator[str]:
    """Sessions are reached from the server alone, by TLS and as a user that is the role's."""
    bff, network = stacks["bff"], stacks["network"]
    for name, cache in bff.every("AWS::ElastiCache::ReplicationGroup").items():
        if not (cache.get("TransitEncryptionEnabled") and cache.get("AtRestEncryptionEnabled")):
            yield f"{name}: read on the way, or on its disk"
        if not (cache.get("AutomaticFailoverEnabled") and cache.get("MultiAZEnabled")):
            yield f"{name}: ends with its zone"
        if imported(cache["SecurityGroupIds"]) != "CacheGroup" or cache.get("UserGroupIds") != [
            {"Ref": "CacheUsers"}
        ]:
            yield f"{name}: open to others than its users"
    for name, user in bff.every("AWS::ElastiCache::User").items():
        words = user["AccessString"].split()
        iam = user["AuthenticationMode"]["Type"] == "iam" and user["UserId"] == user["UserName"]
        if (words[0] == "on") != iam or "-@all" not in words or {"~*", "allkeys", "+@all"} & set(words):
            yield f"{name}: whoever has no role gets in, or gets at all"
    sources = [
        each.get("SourceSecurityGroupId")
        for each in network.every("AWS::EC2::SecurityGroupIngress").values()
        if each["GroupId"] == {"Ref": "CacheGroup"}
    ]
    if sources != [{"Ref": "BffGroup"}]:
        yield "CacheGroup: not reached from the BFF alone"
