"""Each condition of a rule by itself: what it takes to be reported, and what is enough to stay silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.lint.subject import Credential, Placed, SubjectOwner, SubjectRole, SubjectScope
from entra_config.manifest import until
from tests.unit.lint.ruling import HERE, NOW, app, asks, found, hits, pages

WORKER = "Application.ReadWrite.All"  # leads to Global Administrator as the application itself
OPEN = {"enterprise": {"appRoleAssignmentRequired": Placed(False, HERE)}}
REQUIRED = {"enterprise": {"appRoleAssignmentRequired": Placed(True)}}
GUARD = "authenticationBehaviors.requireClientServicePrincipal"
LOCK = "servicePrincipalLockConfiguration.isEnabled"
SAML, OIDC = ({"preferredSingleSignOnMode": Placed(mode)} for mode in ("saml", "oidc"))
SCOPE = SubjectScope("user.read", True, True, HERE)
ROLE = SubjectRole("Reader", "Reader", ("User",), True, HERE)
PUBLIC = {"settings": {"isFallbackPublicClient": True}}


def scope(value: str, *, people: bool = True, enabled: bool = True) -> dict[str, Any]:
    """Return a scope, as an application has it."""
    return {"scopes": (SubjectScope(value, people, enabled, HERE),)}


def permission(value: str, kind: Any = "application", **more: Any) -> dict[str, Any]:
    """Return a permission, as an application has it."""
    return {"permissions": (asks(value, kind, **more),)}


def owner(type_: Any = "user", id_: str = "o") -> SubjectOwner:
    """Return an owner."""
    return SubjectOwner("Alice", type_, id_, position=HERE)


def secret(days: float | None, id_: str = "k", **more: Any) -> Credential:
    """Return a secret that ends in some days."""
    end = None if days is None else NOW + timedelta(days=days)
    return Credential("secret", "ci", id_, end=end, position=HERE, **more)


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("assignment-not-required", {**OPEN, "roles": (ROLE,)}, ["assignment"]),
    ("assignment-not-required", {"roles": (ROLE,)}, []),
    ("assignment-not-required", OPEN, []),
    ("assignment-not-required", {"roles": (ROLE,), **REQUIRED}, []),
    ("audience-unrestricted", {"limited": False, "settings": {"signInAudience": "AzureADMyOrg"}}, []),
    ("audience-unrestricted", {"limited": None, "settings": {"signInAudience": "AzureADMultipleOrgs"}}, []),
    (
        "audience-unrestricted",
        {"limited": False, "settings": {"signInAudience": "AzureADMultipleOrgs"}},
        ["signInAudience"],
    ),
    ("consent-unasked", permission("X", requested=False, consented=True), ["Graph X"]),
    ("consent-unasked", permission("X", requested=False, consented=False), []),
    ("consent-unasked", permission("X", requested=False, consented=None), []),
    ("consent-unasked", permission("X", consented=True), []),
    ("consent-unasked", permission("openid", "delegated", requested=False, consented=True), []),
    ("permission-unconsented", permission("X", consented=False), ["Graph X"]),
    ("permission-unconsented", permission("X", consented=None), ["Graph X"]),
    ("permission-unconsented", permission("X", consented=True), []),
    ("permission-unconsented", permission("X", requested=False, consented=None), []),
    ("permission-unconsented", permission("X", "delegated", consented=False), []),
    ("exposed-scope-user-consent", scope("user.manage"), ["user.manage"]),
    ("exposed-scope-user-consent", scope("user.manage", people=False), []),
    ("exposed-scope-user-consent", scope("user.manage", enabled=False), []),
    ("exposed-scope-user-consent", scope("user.write"), ["user.write"]),
    ("exposed-scope-user-consent", scope("user.read"), []),
    ("groups-claim-overage", {"settings": {"groupMembershipClaims": None}}, []),
    ("groups-claim-overage", {"settings": {"groupMembershipClaims": "ApplicationGroup, All"}}, ["groups"]),
    ("groups-claim-overage", {"settings": {"groupMembershipClaims": "ApplicationGroup"}}, []),
    ("identifier-uri-mcp", {"settings": {"tags": ["MCP"]}}, ["address"]),
    ("identifier-uri-mcp", {"settings": {"tags": None}}, []),
    ("identifier-uri-mcp", {"settings": {"tags": ["other"]}}, []),
    (
        "identifier-uri-mcp",
        {"settings": {"tags": ["mcp"]}, "identifier_uris": (Placed("https://a.example.com/mcp", HERE),)},
        [],
    ),
    (
        "identifier-uri-mcp",
        {"settings": {"tags": ["mcp"]}, "identifier_uris": (Placed("api://app", HERE),)},
        ["address"],
    ),
    ("logout-url-missing", pages("https://a.example.com/"), ["logoutUrl"]),
    ("logout-url-missing", {}, []),
    ("logout-url-missing", {**pages("https://a.example.com/"), "type_": "spa"}, []),
    (
        "logout-url-missing",
        {**pages("https://a.example.com/"), "settings": {"web.logoutUrl": "https://a.example.com/out"}},
        [],
    ),
    ("mcp-bare-host", {"mcp": Placed("https://a.example.com", HERE)}, ["address"]),
    ("mcp-bare-host", {"mcp": Placed("https://a.example.com/mcp", HERE)}, []),
    ("mcp-bare-host", {}, []),
    ("mcp-uri-slash", {"identifier_uris": (Placed("https://a.b/MCP/", HERE),)}, ["https://a.b/MCP/"]),
    ("mcp-uri-slash", {"identifier_uris": (Placed("api://a.example.com/mcp/", HERE),)}, []),
    ("mcp-uri-slash", {"identifier_uris": (Placed("https://a.example.com/mcp", HERE),)}, []),
    ("name-looks-like-microsoft", {"name": "My App\u200b"}, ["invisible"]),
    ("name-looks-like-microsoft", {"name": " Outlook helper"}, ["brand"]),
    ("name-looks-like-microsoft", {"name": "Better Outlook"}, []),
    ("owner-guest", {"owners": None}, []),
    ("owner-guest", {"owners": (SubjectOwner("Bob", guest=True, id="g"), owner())}, ["g"]),
    ("owner-no-mfa", {"owners": None}, []),
    ("owner-no-mfa", {"owners": (SubjectOwner("Bob", second_factor=False, id="b"), owner())}, ["b"]),
    ("owner-single", {"owners": None}, []),
    ("owner-single", {"owners": (owner(),)}, ["owner"]),
    ("owner-single", {"owners": (owner("servicePrincipal"),)}, []),
    ("owner-single", {"owners": (owner(), owner(id_="p"))}, []),
    ("owner-on-privileged-app", {"owners": (owner(), owner("unknown")), **permission(WORKER)}, ["o"]),
    ("owner-on-privileged-app", {"owners": (owner(id_=""),), **permission(WORKER)}, ["Alice"]),
    ("owner-on-privileged-app", {"owners": None, **permission(WORKER)}, []),
    ("owner-on-privileged-app", {"owners": (owner(),), **permission("Mail.Read")}, []),
    ("public-client-on-confidential", {**PUBLIC, **pages("https://a.b/")}, ["isFallbackPublicClient"]),
    ("public-client-on-confidential", {**PUBLIC, "credentials": (secret(1),)}, ["isFallbackPublicClient"]),
    ("public-client-on-confidential", {**PUBLIC, **pages("https://a.example.com/", platform="spa")}, []),
    ("public-client-on-confidential", {"credentials": (secret(1),)}, []),
    ("require-client-sp", {"scopes": (SCOPE,)}, [GUARD]),
    ("require-client-sp", {"roles": (ROLE,)}, [GUARD]),
    ("require-client-sp", {}, []),
    ("require-client-sp", {"roles": (ROLE,), "settings": {GUARD: True}}, []),
    ("ropc-possible", PUBLIC, ["isFallbackPublicClient"]),
    ("ropc-possible", {**PUBLIC, **REQUIRED}, []),
    ("ropc-possible", {}, []),
    ("scope-unused", {"scopes": (SCOPE,)}, ["user.read"]),
    ("scope-unused", scope("user.read", enabled=False), []),
    ("scope-unused", {"scopes": (SCOPE,), "clients": {"x": ("user.read",)}}, []),
    ("scope-unused", {"scopes": (SCOPE,), "clients": {"x": ("other",)}}, ["user.read"]),
    ("scope-unused", {"scopes": (SCOPE,), **permission("user.read", "delegated", api="app", own=True)}, []),
    ("scope-unused", {"scopes": (SCOPE,), **permission("user.read", "delegated", api="app")}, ["user.read"]),
    ("authorized-client-all-scopes", {"clients": {"x": ("a", "all.manage")}, **scope("all.manage")}, ["x"]),
    ("authorized-client-all-scopes", {"clients": {"app": ("all.manage",)}, **scope("all.manage")}, []),
    ("authorized-client-all-scopes", {"clients": {"x": ("user.read",)}}, []),
    ("cert-weak", {"credentials": (Credential("certificate", "c", "k", end=NOW),)}, []),
    ("cert-weak", {"credentials": (Credential("certificate", "c", "k", end=NOW - timedelta(1)),)}, ["k"]),
    ("cert-weak", {"credentials": (Credential("certificate", "c", "k"),)}, []),
    ("fic-preferred", {}, []),
    ("fic-preferred", {"credentials": (secret(1),)}, ["keys"]),
    ("fic-preferred", {"credentials": (secret(1, usage="Encrypt"),)}, []),
    ("secret-exists", {"credentials": (secret(1),)}, ["k"]),
    ("secret-exists", {"credentials": (secret(0),)}, ["k"]),
    ("secret-exists", {"credentials": (secret(None),)}, ["k"]),
    ("secret-exists", {"credentials": (secret(-1),)}, []),
    ("secret-expired-kept", {"credentials": (secret(-1),)}, ["k"]),
    ("secret-expired-kept", {"credentials": (secret(0),)}, []),
    ("secret-expired-kept", {"credentials": (secret(None),)}, []),
    ("secret-on-public", {"credentials": (secret(1),)}, []),
    ("secret-on-public", {"credentials": (secret(1),), **pages("x", platform="spa")}, ["k"]),
    ("secret-on-public", {"credentials": (secret(1),), **pages("x", platform="web")}, []),
    ("sp-lock-missing", {"enterprise": None}, []),
    ("sp-lock-missing", {"enterprise": {}}, [LOCK]),
    ("sp-lock-missing", {"enterprise": {}, "settings": {LOCK: True}}, []),
    ("sp-credential", {"enterprise": None, "principal_credentials": (secret(1),)}, ["k"]),
    ("sp-credential", {"enterprise": SAML, "principal_credentials": (secret(1),)}, []),
    ("sp-credential", {"enterprise": OIDC, "principal_credentials": (secret(1),)}, ["k"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "more", "expected"), CASES)
def test_a_rule_finds_what_meets_all_of_its_conditions(
    rule: str, more: dict[str, Any], expected: list[str]
) -> None:
    """Hold what is found, and that an application without any of it before and behind changes nothing."""
    given = app(**more)
    assert found(rule, app("bare"), given, app("other")) == expected
    assert found(rule, given) == expected


@pytest.mark.parametrize(("rule", "kind"), [("cert-weak", "certificate"), ("secret-expired-kept", "secret")])
@pytest.mark.parametrize(
    ("end", "day"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), "31 Oct 2026"),
        (datetime(2026, 11, 1, 0, 0, 1, tzinfo=UTC), "1 Nov 2026"),
    ],
)
def test_the_last_day_is_that_of_the_list_of_credentials(
    rule: str, kind: Any, end: datetime, day: str
) -> None:
    """What ends at midnight does not hold on the day that begins."""
    credential = Credential(kind, "ci", "k", end=end, position=HERE)
    (hit,) = hits(rule, app(credentials=(credential,)))
    assert hit.message.endswith(f"ended on {day}")
    assert until.format_end(end) == day
