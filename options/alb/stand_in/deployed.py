"""What elbv2's Describe calls answer in; one listener with its rules and targets, checked, out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

Json = dict[str, Any]

ENDING = frozenset({"forward", "redirect", "fixed-response"})
CHECKING = frozenset({"authenticate-oidc", "jwt-validation"})
FIELDS = frozenset({"host-header", "path-pattern", "http-request-method", "http-header"})
FORMATS = frozenset({"single-string", "string-array", "space-separated-values"})
MOST_CLAIMS = 10
LONGEST_TEXT = 256
LONGEST_HEADER = 40
LONGEST_VALUE = 128
_OF_SIGN_IN = (
    "Issuer",
    "AuthorizationEndpoint",
    "TokenEndpoint",
    "UserInfoEndpoint",
    "ClientId",
    "ClientSecret",
)


class DeployedError(Exception):
    """No load balancer would take this, or this stand-in does not know what one would do with it."""


@dataclass(frozen=True)
class Deployed:
    """One listener of one load balancer."""

    arn: str
    protocol: str  # https or http
    drop_invalid_header_fields: bool
    rules: tuple[Json, ...]  # as they are tried, the default one last
    targets: Mapping[str, tuple[str, ...]]  # origins by the ARN of their group

    @classmethod
    def read(cls, responses: Json) -> Self:
        """Read `LoadBalancer`, `Attributes`, `Listener`, `Rules`, `TargetGroups` and, by the group's ARN,
        `TargetHealthDescriptions`; secrets and `JwtValidationConfig` stand in the rules as in a template.
        """
        attributes = {each["Key"]: each["Value"] for each in responses.get("Attributes", ())}
        protocol = str(responses["Listener"]["Protocol"]).lower()
        rules = sorted(responses["Rules"], key=_priority)
        for rule in rules:
            _check(rule, protocol)
        if not rules or not rules[-1].get("IsDefault"):
            raise DeployedError("a listener has a default rule")
        return cls(
            arn=responses["LoadBalancer"]["LoadBalancerArn"],
            protocol=protocol,
            drop_invalid_header_fields=attributes.get("routing.http.drop_invalid_header_fields.enabled")
            == "true",
            rules=tuple(rules),
            targets={
                group["TargetGroupArn"]: tuple(_origins(group, responses.get("TargetHealthDescriptions", {})))
                for group in responses.get("TargetGroups", ())
            },
        )

    def sign_in(self, rule_arn: str) -> Json | None:
        """Return the configuration by which a rule signs people in."""
        for rule in self.rules:
            if rule["RuleArn"] == rule_arn:
                for action in actions(rule):
                    if action["Type"] == "authenticate-oidc":
                        config: Json = action["AuthenticateOidcConfig"]
                        return config
        return None


def actions(rule: Json) -> list[Json]:
    """Return a rule's actions in their order; the one that ends it comes last."""
    return sorted(rule["Actions"], key=lambda each: (each["Type"] in ENDING, int(each.get("Order", 0))))


def _priority(rule: Json) -> tuple[bool, int]:
    return (True, 0) if rule.get("IsDefault") else (False, int(rule["Priority"]))


def _origins(group: Json, health: Mapping[str, list[Json]]) -> Iterator[str]:
    for each in health.get(group["TargetGroupArn"], ()):
        target = each["Target"]
        yield f"{group['Protocol'].lower()}://{target['Id']}:{target.get('Port', group['Port'])}"


def _check(rule: Json, protocol: str) -> None:
    what = f"rule {rule.get('Priority')}"
    found = [action["Type"] for action in actions(rule)]
    if [kind in ENDING for kind in found].count(True) != 1 or len(found) != len(set(found)):
        raise DeployedError(f"{what}: one action ends a rule, and each is there once")
    if unknown := set(found) - ENDING - CHECKING:
        raise DeployedError(f"{what}: {', '.join(sorted(unknown))} is no action of this stand-in")
    if protocol != "https" and not CHECKING.isdisjoint(found):
        raise DeployedError(f"{what}: only an HTTPS listener signs in or checks tokens")
    if unknown := {each["Field"] for each in rule.get("Conditions", ())} - FIELDS:
        raise DeployedError(f"{what}: {', '.join(sorted(unknown))} is no condition of this stand-in")
    for condition in rule.get("Conditions", ()):
        if condition["Field"] == "http-header":
            _check_header(condition["HttpHeaderConfig"], what)
    for action in actions(rule):
        if action["Type"] == "authenticate-oidc":
            _check_sign_in(action["AuthenticateOidcConfig"], what)
        if action["Type"] == "jwt-validation":
            _check_validation(action["JwtValidationConfig"], what)


def _check_header(config: Json, what: str) -> None:
    name, values = config.get("HttpHeaderName", ""), config.get("Values", ())
    if not name or len(name) > LONGEST_HEADER or not {"*", "?"}.isdisjoint(name) or name.lower() == "host":
        raise DeployedError(
            f"{what}: a header is named in at most {LONGEST_HEADER} characters, without wildcards; Host has "
            "a condition of its own"
        )
    if not values or any(len(each) > LONGEST_VALUE for each in values):
        raise DeployedError(f"{what}: {name} needs values of at most {LONGEST_VALUE} characters")


def _check_sign_in(config: Json, what: str) -> None:
    for name in _OF_SIGN_IN:
        if not config.get(name):
            raise DeployedError(f"{what}: authenticate-oidc without {name}")
        if name.endswith("Endpoint") and urlsplit(config[name]).scheme != "https":
            raise DeployedError(f"{what}: {name} is no https URL")
    if config.get("OnUnauthenticatedRequest", "authenticate") not in {"authenticate", "deny", "allow"}:
        raise DeployedError(f"{what}: OnUnauthenticatedRequest is authenticate, deny or allow")


def _check_validation(config: Json, what: str) -> None:
    claims = config.get("AdditionalClaims", ())
    if not config.get("Issuer") or urlsplit(config["JwksEndpoint"]).scheme != "https":
        raise DeployedError(f"{what}: jwt-validation needs Issuer, and JwksEndpoint as an https URL")
    if len(claims) > MOST_CLAIMS or len(config["JwksEndpoint"]) > LONGEST_TEXT:
        raise DeployedError(
            f"{what}: at most {MOST_CLAIMS} claims, and {LONGEST_TEXT} characters of an address"
        )
    for claim in claims:
        if claim.get("Format") not in FORMATS:
            raise DeployedError(
                f"{what}: the format of {claim.get('Name')} is one of {', '.join(sorted(FORMATS))}"
            )
        # Whether all of several values must be there, or any, AWS does not say.
        if len(claim.get("Values", ())) != 1 or len(claim["Values"][0]) > LONGEST_TEXT:
            raise DeployedError(
                f"{what}: {claim['Name']} needs one value of at most {LONGEST_TEXT} characters"
            )
