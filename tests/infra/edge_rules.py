"""The stacks in; what is wrong at the edge, out: the load balancer, its rules and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.infra.templates import Json, Stack, Stacks, either, inside, items

ELB = "AWS::ElasticLoadBalancingV2"
# The load balancer takes an issuer's keys only while there are at most ten, and at most ten claims.
MOST_CLAIMS = 10
CLAIMS = {"aud": {"Ref": "ApiClientId"}, "tid": {"Ref": "TenantId"}}


def check(stacks: Stacks) -> Iterator[str]:
    """Yield what is wrong."""
    edge = stacks["edge"]
    yield from _listeners(edge)
    yield from _jwt(edge)
    yield from _order(edge)
    yield from _load_balancer(edge)
    yield from _logs(edge)
    yield from _firewall(edge)


def actions(rule: Json, kind: str) -> list[Json]:
    """Return the actions of a rule that are of one type."""
    return [each for each in items(rule["Actions"]) if each["Type"] == kind]


def hosts(rule: Json) -> list[Any]:
    """Return the hosts that a rule is for."""
    fields = items(rule["Conditions"])
    return [host for each in fields for host in each.get("HostHeaderConfig", {}).get("Values", [])]


def methods(rule: Json) -> list[str]:
    """Return the methods that a rule is for; none: all."""
    fields = items(rule["Conditions"])
    return [name for each in fields for name in each.get("HttpRequestMethodConfig", {}).get("Values", [])]


def headers(rule: Json) -> list[tuple[str, list[str]]]:
    """Return the headers that a rule is for, each with its values; none: whatever is sent."""
    said = [each["HttpHeaderConfig"] for each in items(rule["Conditions"]) if "HttpHeaderConfig" in each]
    return [(each["HttpHeaderName"], each["Values"]) for each in said]


def _listeners(edge: Stack) -> Iterator[str]:
    for name, each in edge.every(f"{ELB}::Listener").items():
        (default,) = each["DefaultActions"]
        if each["Protocol"] == "HTTP":
            to = default.get("RedirectConfig", {})
            if (default["Type"], to.get("Protocol"), to.get("Port")) != ("redirect", "HTTPS", "443"):
                yield f"{name}: what comes without TLS is not sent to HTTPS"
            continue
        if each["Protocol"] != "HTTPS" or "TLS13-1-2" not in each.get("SslPolicy", ""):
            yield f"{name}: not TLS 1.3 and 1.2 alone"
        if default["Type"] != "fixed-response" or default["FixedResponseConfig"]["StatusCode"] != "404":
            yield f"{name}: a host that is nobody's reaches an application"


def _jwt(edge: Stack) -> Iterator[str]:
    rules = edge.every(f"{ELB}::ListenerRule")
    for name, rule in rules.items():
        for action in actions(rule, "jwt-validation"):
            config = action["JwtValidationConfig"]
            claims = config.get("AdditionalClaims", [])
            if len(claims) > MOST_CLAIMS:
                yield f"{name}: more than {MOST_CLAIMS} claims"
            if (config.get("Issuer"), config.get("JwksEndpoint")) != ({"Ref": "Issuer"}, {"Ref": "JwksUri"}):
                yield f"{name}: tokens of another issuer, or keys of another place"
            for claim, value in CLAIMS.items():
                said = [each for each in claims if each["Name"] == claim]
                # Whether one of several values is enough is documented nowhere, so there is one.
                if [(each["Format"], each["Values"]) for each in said] != [("single-string", [value])]:
                    yield f"{name}: a token of another {claim} passes"
            before = [
                other
                for other in rules.values()
                if other["Priority"] < rule["Priority"]
                and methods(other) == ["OPTIONS"]
                and hosts(other) == hosts(rule)
                and not actions(other, "jwt-validation")
            ]
            if not before:
                yield f"{name}: no rule before it lets OPTIONS through, which comes without a token"
    yield from _strangers(rules)


def _strangers(rules: dict[str, Json]) -> Iterator[str]:
    """Yield where a token passes unchecked, or where who has none is not told how to get one."""
    here = {name: rule for name, rule in rules.items() if hosts(rule) == [{"Ref": "ApiHost"}]}
    checked = {name: rule for name, rule in here.items() if actions(rule, "jwt-validation")}
    for name, rule in checked.items():
        if headers(rule) != [("Authorization", ["*"])] or methods(rule):
            yield f"{name}: lets a token through unchecked, or checks who has none"
        after = [other for other in here.values() if _is_open(other) and other["Priority"] > rule["Priority"]]
        if not after:
            yield f"{name}: no rule after it tells who has no token how to get one"
    for name, rule in here.items():
        walls = [each for each in checked.values() if each["Priority"] < rule["Priority"]]
        if _is_open(rule) and not any(paths(each) == paths(rule) for each in walls):
            yield f"{name}: reaches the API beside jwt-validation"


def _is_open(rule: Json) -> bool:
    return not actions(rule, "jwt-validation") and methods(rule) != ["OPTIONS"]


def paths(rule: Json) -> list[Any]:
    """Return the paths that a rule is for; none: all."""
    fields = items(rule["Conditions"])
    return [path for each in fields for path in each.get("PathPatternConfig", {}).get("Values", [])]


def _order(edge: Stack) -> Iterator[str]:
    rules = edge.every(f"{ELB}::ListenerRule")
    numbers = [each["Priority"] for each in rules.values()]
    if len(set(numbers)) != len(numbers):
        yield "two rules of one priority"
    for name, rule in rules.items():
        if rule["ListenerArn"] != {"Ref": "Https"}:
            yield f"{name}: not a rule of the listener with TLS"
        if not hosts(rule):
            yield f"{name}: for every host"
        last = max(numbers)
        # With one host its rule takes everything that no earlier one did.
        whole = hosts(rule) == [{"Ref": "AppHost"}] and not paths(rule)
        if whole != (rule["Priority"] == last):
            yield f"{name}: the page's host comes before a path of it"
        for forward in actions(rule, "forward"):
            groups = forward.get("ForwardConfig", {}).get("TargetGroups", [])
            weights = [each["Weight"] for each in items(groups)]
            if groups and weights != [100, 0]:
                yield f"{name}: new tasks would get traffic before they are looked at"
        orders = [each["Order"] for each in items(rule["Actions"]) if "Order" in each]
        if orders != sorted(orders):
            yield f"{name}: forwarded before it is checked"
        narrowed = [each for each in items(rule["Conditions"]) if each["Field"] == "path-pattern"]
        rewritten = "Transforms" in rule and either(rule["Transforms"])
        if hosts(rule) == [{"Ref": "ApiHost"}] and not (narrowed and rewritten):
            yield f"{name}: with one host the API would take the page's paths, or see its own prefix"


def _load_balancer(edge: Stack) -> Iterator[str]:
    for name, each in edge.every(f"{ELB}::LoadBalancer").items():
        said = {one["Key"]: one["Value"] for one in each["LoadBalancerAttributes"]}
        wanted = {
            "routing.http.drop_invalid_header_fields.enabled": "true",
            "access_logs.s3.enabled": "true",
            "deletion_protection.enabled": "true",
        }
        for key, value in wanted.items():
            if said.get(key) != value:
                yield f"{name}: {key} is not {value}"
    for name, certificate in edge.every("AWS::CertificateManager::Certificate").items():
        zones = items(certificate.get("DomainValidationOptions", []))
        if certificate.get("ValidationMethod") != "DNS" or not all("HostedZoneId" in one for one in zones):
            yield f"{name}: waits for somebody's mail or for a record by hand"


def _logs(edge: Stack) -> Iterator[str]:
    for name, bucket in edge.every("AWS::S3::Bucket").items():
        if set(bucket.get("PublicAccessBlockConfiguration", {}).values()) != {True}:
            yield f"{name}: could be public"
        policies = [
            each for each in edge.every("AWS::S3::BucketPolicy").values() if each["Bucket"] == {"Ref": name}
        ]
        statements = [one for each in policies for one in each["PolicyDocument"]["Statement"]]
        if not any(
            one["Effect"] == "Deny" and ("aws:SecureTransport", "false") in inside(one) for one in statements
        ):
            yield f"{name}: read without TLS"
        if any(one["Effect"] == "Allow" and one["Principal"] == "*" for one in statements):
            yield f"{name}: open to everybody"


# What the common rules would block of a sign-in whose code comes to the load balancer, the BFF or httpd.
LONG = ["SizeRestrictions_QUERYSTRING", "SizeRestrictions_Cookie_HEADER"]


def _firewall(edge: Stack) -> Iterator[str]:
    groups = [value for key, value in inside(edge.body["Resources"]) if key == "ManagedRuleGroupStatement"]
    (common,) = (each for each in groups if each["Name"] == "AWSManagedRulesCommonRuleSet")
    counted = [{"Name": name, "ActionToUse": {"Count": {}}} for name in LONG]
    requested = {"Fn::If": ["CodeInQuery", counted, {"Ref": "AWS::NoValue"}]}
    options = {"Fn::Or": [{"Condition": f"With{name}"} for name in ("Alb", "Bff", "Httpd")]}
    if common.get("RuleActionOverrides") != requested or edge.body["Conditions"]["CodeInQuery"] != options:
        yield "Firewall: blocks a long code of Entra or a long session, or lets more through with option D"
    for key, value in inside(edge.body["Resources"]):
        if key == "SampledRequestsEnabled" and value:
            yield "Firewall: keeps samples of requests, with their tokens"
