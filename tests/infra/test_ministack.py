"""The stacks on a stand-in for AWS's control plane, MiniStack, by Amazon's own client
(`make test-options`). No AWS was met: it deploys what templates say, and runs nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.infra import control, ministack
from tests.infra.stack_parameters import IMAGES, ONE_HOST, VALIDATED, manifest, written
from tests.infra.templates import Json, read

OF_HTTPD = {"HttpdImage": f"1.dkr.ecr.us-east-1.amazonaws.com/myapp-prod/httpd@sha256:{'d' * 64}"}
OF_BFF = {"BffImage": f"1.dkr.ecr.us-east-1.amazonaws.com/myapp-prod/bff@sha256:{'c' * 64}"}
# What the stand-in does not know, and what cannot be without it.
GONE = {
    "network": {
        "AddressA", "NatA", "AddressB", "NatB", "PrivateWayOutA", "PrivateWayOutB",
        "LoadBalancerToEntra", "SpaFromLoadBalancer", "ApiFromLoadBalancer", "LoadBalancerToBff",
        "BffFromLoadBalancer", "CacheFromBff", "EndpointFromBff", "EndpointFromFleet",
    },
    "edge": {"FirewallOfLoadBalancer", "WaysOut", "Firewall"},
    "services": {"SpaScaling", "SpaScalingByCpu", "ApiScaling", "ApiScalingByCpu"},
    "bff": {"BffScaling", "BffScalingByCpu"},
}  # fmt: skip

pytestmark = pytest.mark.options


def deployed(tmp_path: Path, *changes: tuple[str, str], option: str = "D", **given: Any) -> Json:
    """Deploy with what `settings` writes of a manifest, and what an operator gives."""
    images = IMAGES | {"C": OF_BFF, "E": OF_HTTPD}.get(option, {})
    by_scripts = given.pop("by_scripts", False)
    parameters = {**written(manifest(tmp_path, *changes, option=option)), **images, **given}
    found = control.shared().deployed(parameters, by_scripts=by_scripts)
    name = parameters["Name"]
    assert found["Stacks"] == {f"{name}-{stack}": "CREATE_COMPLETE" for stack in read(option)}
    return found


def rules(found: Json) -> list[tuple[str, list[Any], list[str]]]:
    """Return the rules of port 443 by priority: for what, and what is done."""
    return [
        (
            each["Priority"],
            [one.get("HttpHeaderConfig", one)["Values"] for one in each["Conditions"]],
            [action["Type"] for action in each["Actions"]],
        )
        for each in sorted(found["Rules"], key=lambda one: (one["IsDefault"], one["Priority"]))
    ]


def tls(found: Json) -> dict[str, str]:
    """Return what each container is told of TLS."""
    containers = [each for one in found["Tasks"] for each in one["containerDefinitions"]]
    said = {each["name"]: {one["name"]: one["value"] for one in each["environment"]} for each in containers}
    return {name: variables["SERVER_TLS"] for name, variables in said.items()}


def exported(found: Json) -> dict[str, str]:
    """Return what the stacks export, without their name."""
    return {name.partition(":")[2]: value for name, value in found["Exports"].items()}


def test_what_is_taken_out_is_what_stands_here() -> None:
    """Nothing else is lost on the way."""
    assert {name: ministack.known(stack.body)[1] for name, stack in read().items()} == GONE


def test_two_hosts_lead_to_two_services_without_a_public_address(tmp_path: Path) -> None:
    """By the workflow's scripts: rules, names, listeners, and tasks in private subnets with the parameters
    that were written; a pull request is then told what would change.
    """
    found = deployed(tmp_path, by_scripts=True)

    assert "| Add | Another | AWS::EC2::InternetGateway |" in found["Change"]

    assert rules(found) == [
        ("20", [["api.example.com"]], ["forward"]),
        ("30", [["app.example.com"]], ["forward"]),
        ("default", [], ["fixed-response"]),
    ]
    names = [each for each in found["Records"] if each["Type"] == "A"]
    assert {each["Name"] for each in names} == {"app.example.com.", "api.example.com."}
    assert {each["AliasTarget"]["DNSName"].lower() for each in names} == {
        f"{found['LoadBalancer']['DNSName']}.".lower()
    }
    assert {each["Port"]: each["DefaultActions"][0]["Type"] for each in found["Listeners"]} == {
        80: "redirect",
        443: "fixed-response",
    }
    exports = exported(found)
    assert {each["Protocol"] for each in found["TargetGroups"]} == {"HTTP"}
    assert tls(found) == {"spa": "off", "api": "off"}
    assert len(found["Services"]) == 2
    for service in found["Services"]:
        network = service["networkConfiguration"]["awsvpcConfiguration"]
        assert network["assignPublicIp"] == "DISABLED"
        assert ",".join(network["subnets"]) == exports["PrivateSubnets"]
        assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {
            "enable": True,
            "rollback": True,
        }
        (behind,) = service["loadBalancers"]
        part = "Spa" if behind["containerName"] == "spa" else "Api"
        assert behind["targetGroupArn"] == exports[f"{part}Targets"]
        assert network["securityGroups"] == [exports[f"{part}Group"]]
    containers = {each["name"]: each for one in found["Tasks"] for each in one["containerDefinitions"]}
    said = {each["name"]: each["value"] for each in containers["api"]["environment"]}
    assert (said["PROTECTED"], said["TOKEN_VERSION"]) == ("true", "2")
    assert all(each["readonlyRootFilesystem"] for each in containers.values())
    private = exports["PrivateSubnets"].split(",")
    zones = {
        each["AvailabilityZone"]: each["CidrBlock"]
        for each in found["Subnets"]
        if each["SubnetId"] in private
    }
    assert set(zones.values()) == {"10.0.32.0/20", "10.0.48.0/20"}


def test_one_host_has_the_api_below_a_path_and_options_before_the_check_of_tokens(tmp_path: Path) -> None:
    """The prefix is taken off again."""
    found = deployed(tmp_path, ONE_HOST, VALIDATED)

    assert [(number, done) for number, _, done in rules(found)] == [
        ("10", ["forward"]),
        ("20", ["jwt-validation", "forward"]),
        ("27", ["forward"]),
        ("30", ["forward"]),
        ("default", ["fixed-response"]),
    ]
    assert rules(found)[0][1] == [["app.example.com"], ["OPTIONS"], ["/api/*"]]
    (rewritten,) = next(each for each in found["Rules"] if each["Priority"] == "20")["Transforms"]
    assert rewritten["UrlRewriteConfig"]["Rewrites"] == [{"Regex": "^/api/(.*)$", "Replace": "/$1"}]
    assert {each["Name"] for each in found["Records"] if each["Type"] == "A"} == {"app.example.com."}


def test_blue_green_has_two_groups_and_the_rule_that_moves(tmp_path: Path) -> None:
    """The rule is of the stack before, as it must be there first; with TLS to the tasks, in all four."""
    found = deployed(tmp_path, Deployment="blue-green", TargetTls="on")

    exports = exported(found)
    rules_of = {each["RuleArn"]: each for each in found["Rules"]}
    assert [(each["Protocol"], each["HealthCheckProtocol"]) for each in found["TargetGroups"]] == [
        ("HTTPS", "HTTPS")
    ] * 4
    assert tls(found) == {"spa": "on", "api": "on"}
    for service in found["Services"]:
        assert service["deploymentConfiguration"]["strategy"] == "BLUE_GREEN"
        (behind,) = service["loadBalancers"]
        moved = behind["advancedConfiguration"]
        part = "Spa" if behind["containerName"] == "spa" else "Api"
        # The stand-in drops the weights of a rule's groups; the rules of this folder hold them.
        assert rules_of[moved["productionListenerRule"]]["Conditions"][0]["Values"] == [
            {"Spa": "app.example.com", "Api": "api.example.com"}[part]
        ]
        assert behind["targetGroupArn"] == exports[f"{part}Targets"]
        assert moved["alternateTargetGroupArn"] == exports[f"{part}TargetsOther"]


def test_option_c_has_its_server_before_the_page_and_its_sessions_in_a_cache(tmp_path: Path) -> None:
    """Its paths of the page's host lead to it; its key is drawn there, and no task is told it."""
    found = deployed(tmp_path, option="C")

    assert rules(found) == [
        ("20", [["api.example.com"]], ["forward"]),
        ("25", [["app.example.com"], ["/session", "/auth/*", "/api/*"]], ["forward"]),
        ("30", [["app.example.com"]], ["forward"]),
        ("default", [], ["fixed-response"]),
    ]
    exports = exported(found)
    (service,) = [each for each in found["Services"] if each["serviceName"] == "myapp-prod-bff"]
    assert service["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"] == [exports["BffGroup"]]
    assert service["loadBalancers"][0]["targetGroupArn"] == exports["BffTargets"]
    (cache,) = found["Caches"]
    assert (cache["ReplicationGroupId"], cache["TransitEncryptionEnabled"]) == ("myapp-prod-sessions", True)
    (secret,) = found["Secrets"]
    assert secret["Name"] == "myapp-prod/session-keys"
    # The stand-in drops what `Secrets` of a container says; the rules of this folder hold it.
    containers = {each["name"]: each for one in found["Tasks"] for each in one["containerDefinitions"]}
    said = {each["name"]: each["value"] for each in containers["bff"]["environment"]}
    assert said["REDIS_URL"].startswith("rediss://myapp-prod-bff@")
    assert (said["SERVER_REDIS_IAM"], said["PAGE_URL"]) == ("myapp-prod-sessions", "https://app.example.com")
    spa = {each["name"]: each["value"] for each in containers["spa"]["environment"]}
    assert '"session": "cookie"' in spa["CONFIG_JSON"]


def test_option_b_signs_in_at_the_load_balancer(tmp_path: Path) -> None:
    """Rules for the page's host and for that of programs; the secret is read by its version."""
    found = deployed(tmp_path, VALIDATED, option="B")

    app, api = ["app.example.com"], ["api.example.com"]
    signing = ["authenticate-oidc", "forward"]
    assert rules(found) == [
        ("10", [api, ["OPTIONS"]], ["forward"]),
        ("19", [app, ["/api/*"], ["GET"], ["*text/html*"]], signing),
        ("20", [api, ["*"]], ["jwt-validation", "forward"]),
        ("21", [app, ["/api/*"]], signing),
        ("22", [app, ["/session"]], signing),
        ("23", [app, ["/auth/sign-in"]], signing),
        ("24", [app, ["/auth/renew", "/auth/sign-out"]], signing),
        ("26", [app, ["/signed-out"]], ["fixed-response"]),
        ("27", [api], ["forward"]),
        ("30", [app], signing),
        ("default", [], ["fixed-response"]),
    ]
    (bye,) = next(each["Actions"] for each in found["Rules"] if each["Priority"] == "26")
    assert "<h1>You are signed out</h1>" in bye["FixedResponseConfig"]["MessageBody"]
    assert exported(found)["LoadBalancerArn"] == found["LoadBalancer"]["LoadBalancerArn"]


def test_option_e_has_an_httpd_before_the_page_and_one_before_the_api(tmp_path: Path) -> None:
    """In their tasks, at a port of its own; the API listens on the loopback of its task, and believes it."""
    found = deployed(tmp_path, option="E", TargetTls="on")

    assert [(number, where) for number, where, _ in rules(found)] == [
        ("20", [["api.example.com"]]),
        ("30", [["app.example.com"]]),
        ("default", []),
    ]
    assert {each["Protocol"] for each in found["TargetGroups"]} == {"HTTPS"}
    assert tls(found) == {"httpd": "on", "spa": "off", "api": "off"}
    assert {each["serviceName"] for each in found["Services"]} == {"myapp-prod-spa", "myapp-prod-api"}
    for service in found["Services"]:
        (behind,) = service["loadBalancers"]
        assert (behind["containerName"], behind["containerPort"]) == ("httpd", 8090)
    tasks = {each["family"]: each["containerDefinitions"] for each in found["Tasks"]}
    assert {family: {each["name"] for each in held} for family, held in tasks.items()} == {
        "myapp-prod-spa": {"spa", "httpd"},
        "myapp-prod-api": {"api", "httpd"},
    }
    said = {
        (family, each["name"]): {one["name"]: one["value"] for one in each["environment"]}
        for family, held in tasks.items()
        for each in held
    }
    assert said["myapp-prod-spa", "httpd"]["SITE"] == "web"
    assert 'Define PAGE_HOST "app.example.com"\n' in said["myapp-prod-spa", "httpd"]["SETTINGS_CONF"]
    assert said["myapp-prod-api", "httpd"]["SITE"] == "api"
    api = said["myapp-prod-api", "api"]
    assert (api["SERVER_CALLERS"], api["SERVER_HOST"]) == ("proxy", "127.0.0.1")
    # The stand-in drops what `Secrets` of a container says; the rules of this folder hold it.
    (secret,) = found["Secrets"]
    assert secret["Name"] == "myapp-prod/httpd-session-keys"
