"""The stacks in; what is wrong with option B in them, out: who is signed in where, with which secret, whom
the API believes.
"""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.settings import alb
from tests.infra.edge_rules import actions, headers, hosts, methods, paths
from tests.infra.templates import Json, Stack, Stacks, imported, items, only

ELB = "AWS::ElasticLoadBalancingV2"
# Whom a browser's address bar opens something for.
OPENED = ["GET"], [("Accept", ["*text/html*"])]
# What a stranger gets, by the paths of the page's host; no path: whatever no other rule has.
STRANGERS = {
    ("/api/*", "opened"): "authenticate",
    ("/api/*",): "deny",
    ("/session",): "allow",
    ("/auth/sign-in",): "authenticate",
    ("/auth/renew", "/auth/sign-out"): "deny",
    (): "authenticate",
}
SIGN_IN = {
    "Issuer": {"Ref": "Issuer"},
    "AuthorizationEndpoint": {"Fn::Sub": "${Authority}/oauth2/v2.0/authorize"},
    "TokenEndpoint": {"Fn::Sub": "${Authority}/oauth2/v2.0/token"},
    "UserInfoEndpoint": {"Fn::Sub": f"https://${{ApiHost}}{alb.USERINFO}"},
    "ClientId": {"Ref": "AlbClientId"},
    "ClientSecret": {"Fn::Sub": "{{resolve:secretsmanager:${AlbSecret}:SecretString:::${AlbSecretVersion}}}"},
    "Scope": {"Ref": "AlbScope"},
    "SessionTimeout": str(alb.SESSION_SECONDS),
}
BELIEVED = {
    "ALB_CLIENT_ID": {"Ref": "AlbClientId"},
    "ALB_PAGE_URL": {"Fn::Sub": "https://${AppHost}"},
    "SERVER_CALLERS": "alb",
}


def check(stacks: Stacks) -> Iterator[str]:
    """Yield what is wrong."""
    mine = only("B", stacks)
    yield from _signed_in(mine["edge"])
    yield from _asserted(stacks["edge"])
    yield from _asks(stacks["network"])
    yield from _believed(mine["services"])
    for option in ("C", "D"):
        others = only(option, stacks)
        for name, rule in others["edge"].every(f"{ELB}::ListenerRule").items():
            if actions(rule, "authenticate-oidc"):
                yield f"{name}: the load balancer signs in with option {option}"
        if environment(others["services"]).keys() & {*BELIEVED, "SERVER_ALB_ARN"}:
            yield f"ApiTask: with option {option} it believes a load balancer"


def environment(services: Stack) -> Json:
    """Return the variables of the API, by name."""
    containers = items(services.the("ApiTask")["ContainerDefinitions"])
    (api,) = [each for each in containers if each["Name"] == "api"]
    return {each["Name"]: each["Value"] for each in items(api["Environment"])}


def _signed_in(edge: Stack) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for name, rule in edge.every(f"{ELB}::ListenerRule").items():
        signing = actions(rule, "authenticate-oidc")
        if hosts(rule) != [{"Ref": "AppHost"}]:
            if signing:
                yield f"{name}: signs people in on another host than the page's"
            continue
        where = tuple(map(str, paths(rule)))
        if (methods(rule), headers(rule)) == OPENED:
            where += ("opened",)
        elif methods(rule) or headers(rule):
            yield f"{name}: for some requests alone"
        if where == ("/signed-out",) and not signing and not actions(rule, "forward"):
            continue
        seen[where] = rule["Priority"]
        if len(signing) != 1:
            yield f"{name}: a stranger reaches a task of the page's host"
            continue
        config = dict(signing[0]["AuthenticateOidcConfig"])
        if config.pop("OnUnauthenticatedRequest", "authenticate") != STRANGERS.get(where):
            yield f"{name}: a stranger gets another answer than the page expects"
        if config != SIGN_IN:
            yield f"{name}: signs in elsewhere, as somebody else, or for longer"
    if seen.get(("/api/*", "opened"), 0) > seen.get(("/api/*",), 0):
        yield "OpenedRule: a person who opens an address of the API gets what a script does"
    if set(seen) != set(STRANGERS):
        yield "the page's host has other paths than the page asks for"


def _asserted(edge: Stack) -> Iterator[str]:
    said = edge.body["Rules"]["TheLoadBalancerSignsInOnTheHostOfThePage"]
    asserted = [each["Assert"] for each in said["Assertions"]]
    for what, wanted in (
        ("one host", {"Fn::Not": [{"Fn::Equals": [{"Ref": "AppHost"}, {"Ref": "ApiHost"}]}]}),
        ("tokens of version 1", {"Fn::Equals": [{"Ref": "TokenVersion"}, "2"]}),
        ("blue/green", {"Fn::Equals": [{"Ref": "Deployment"}, "rolling"]}),
        ("no secret", {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlbSecretVersion"}, ""]}]}),
    ):
        if said["RuleCondition"] != {"Fn::Equals": [{"Ref": "Option"}, "B"]} or wanted not in asserted:
            yield f"option B would be deployed with {what}"


def _asks(network: Stack) -> Iterator[str]:
    """Yield where the load balancer does not reach Entra alone, and tasks alone, as it needs to."""
    asking = {"Fn::Equals": [{"Ref": "Option"}, "B"]}, {"Fn::Equals": [{"Ref": "JwtValidation"}, "on"]}
    conditions, rule = network.body["Conditions"], network.body["Resources"]["LoadBalancerToEntra"]
    if rule.get("Condition") != "AsksEntra" or conditions["AsksEntra"] != {"Fn::Or": [*asking]}:
        yield "LoadBalancerToEntra: the load balancer cannot ask Entra, or may call everybody"


def _believed(services: Stack) -> Iterator[str]:
    found = environment(services)
    if {name: found.get(name) for name in BELIEVED} != BELIEVED:
        yield "ApiTask: does not believe the load balancer, or for another client or page"
    if imported(found.get("SERVER_ALB_ARN")) != "LoadBalancerArn":
        yield "ApiTask: believes another load balancer than this one"
