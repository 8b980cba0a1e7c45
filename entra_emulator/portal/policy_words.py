"""A policy in; what it lets happen and what it refuses, in sentences, out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from entra_emulator.app_policies import NON_DEFAULT, UNIQUE
from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.choices import Choices
from entra_emulator.grant_policies import ANYTHING

Row = Mapping[str, Any]
REFUSED, ALLOWED, OFF = "refused", "allowed", "not in force"
# What the emulator refuses by each restriction; what Graph has besides, it keeps and shows alone.
_RESTRICTIONS = {
    "passwordAddition": "Adding a client secret",
    "passwordLifetime": "A client secret that lives longer than {maxLifetime}",
    "asymmetricKeyLifetime": "A certificate that lives longer than {maxLifetime}",
    "trustedCertificateAuthority": "A self-signed certificate",
    UNIQUE: "An identifier URI without the tenant’s id, the application’s id or a verified domain",
    NON_DEFAULT: "An identifier URI other than api://CLIENT-ID",
    "azureAdMultipleOrgs": "An application for accounts of other tenants",
    "personalMicrosoftAccount": "An application for personal accounts",
}
_CONDITIONS = (
    ("permissions", "scopes with the ids"),
    ("clientApplicationIds", "the clients"),
    ("clientApplicationTenantIds", "clients of the tenants"),
    ("clientApplicationPublisherIds", "clients of the publishers"),
)
_TYPES = {
    "application": "application permissions",
    "delegated": "delegated permissions",
    "delegatedUserConsentable": "delegated permissions that need no administrator",
}


@dataclass(frozen=True)
class PolicyLine:
    """One thing that a policy says: what about, what becomes of it, and besides."""

    words: str
    outcome: str
    more: str = ""


def of_authorization(choices: Choices) -> list[PolicyLine]:
    """Say what people without a directory role may do."""
    covered = ", ".join(choices.user_consent_policies)
    return [
        PolicyLine(
            "Registering an application, without a directory role",
            ALLOWED if choices.users_may_register else REFUSED,
        ),
        PolicyLine(
            "Consenting for oneself",
            ALLOWED if choices.users_may_consent else REFUSED,
            f"to what these cover: {covered}" if choices.users_may_consent else "",
        ),
    ]


def of_consent_requests(choices: Choices) -> list[PolicyLine]:
    """Say whether people may ask an administrator."""
    allowed = choices.users_may_request_consent
    return [PolicyLine("Asking an administrator for a consent", ALLOWED if allowed else REFUSED)]


def of_app_management(policy: Row) -> list[PolicyLine]:
    """Say what a default or an own app management policy refuses, of applications and enterprise
    applications.
    """
    on = bool(policy.get("isEnabled"))
    if "restrictions" in policy:
        held = dict(policy["restrictions"] or {})
        sides = [("", {**held, **(held.pop("applicationRestrictions", None) or {})})]
    else:
        sides = [
            ("registrations", policy.get("applicationRestrictions") or {}),
            ("enterprise applications", policy.get("servicePrincipalRestrictions") or {}),
        ]
    return [line for of, each in sides for line in _restricted(each, of, on=on)]


def of_grants(policy: Row) -> list[PolicyLine]:
    """Say to which permissions a permission grant policy lets somebody consent."""
    included = [PolicyLine(_conditions(each), ALLOWED) for each in policy.get("includes") or ()]
    excluded = [
        PolicyLine(_conditions(each), REFUSED, "whatever is allowed above")
        for each in policy.get("excludes") or ()
    ]
    return [*included, *excluded]


def _restricted(held: Row, of: str, *, on: bool) -> Iterable[PolicyLine]:
    lists = chain(*(held.get(name) or () for name in ("passwordCredentials", "keyCredentials")))
    listed = [(str(each.get("restrictionType")), each) for each in lists]
    named = chain(*((held.get(name) or {}).items() for name in ("identifierUris", "audiences")))
    single = [(name, each) for name, each in named if each]
    for kind, each in (*listed, *single):
        active = on and each.get("state", "enabled") in ("enabled", None)
        yield PolicyLine(
            _RESTRICTIONS.get(kind, kind).format_map({"maxLifetime": each.get("maxLifetime") or "any"}),
            (REFUSED if active else OFF)
            if kind in _RESTRICTIONS
            else "kept; the emulator does not act by it",
            ", ".join(filter(None, (of, *_but(each)))),
        )


def _but(restriction: Row) -> Iterable[str]:
    since = restriction.get("restrictForAppsCreatedAfterDateTime")
    if since:
        yield f"only where made since {since}"
    if restriction.get("excludeAppsReceivingV2Tokens"):
        yield "not where it takes version 2 tokens"
    if restriction.get("excludeSaml"):
        yield "not where it signs in by SAML"
    if restriction.get("isStateSetByMicrosoft"):
        yield "set by Microsoft"


def _conditions(each: Row) -> str:
    parts = [_TYPES.get(str(each["permissionType"]), str(each["permissionType"]))]
    api = str(each["resourceApplication"])
    if api != "any":
        parts.append("of Microsoft Graph" if api.casefold() == GRAPH_APP_ID else f"of the API {api}")
    if each["permissionClassification"] != "all":
        parts.append(f"classified {each['permissionClassification']}")
    narrow = [(words, each[name]) for name, words in _CONDITIONS if each[name] != ANYTHING[name]]
    parts += [f"for {words} {', '.join(values)}" for words, values in narrow]
    if each["clientApplicationsFromVerifiedPublisherOnly"]:
        parts.append("for clients of verified publishers")
    return " ".join([f"Consent to {parts[0]}", *parts[1:]])
