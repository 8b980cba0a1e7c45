"""What Graph responded about an application, as rules see it: each list whole, at the manifest's lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from entra_config.actual.fetch import Responses
from entra_config.kinds.details import (
    CONSENTS,
    HOLDERS,
    HOLDINGS,
    DelegatedConsent,
    FederatedTrust,
    RoleHolding,
)
from entra_config.kinds.federated_credential import FEDERATED
from entra_config.lint import live, tenant
from entra_config.lint.subject import (
    Credential,
    Federated,
    LintSubject,
    Permission,
    Placed,
    Redirect,
    SubjectOwner,
    SubjectRole,
    SubjectScope,
)
from entra_config.manifest.model import Manifest
from tests.unit.lint.responding import API_ID, APP, APP_ID, LINE, OTHER_ID, manifest, seen


@pytest.fixture(name="small", scope="module")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return manifest(tmp_path_factory.mktemp("live"))


def test_a_bare_registration_has_nothing_that_it_does_not_say(small: Manifest) -> None:
    """Hold that what Graph leaves out is empty, and what nobody asked is unknown."""
    assert seen(small, declared=None) == LintSubject(
        "app",
        "App",
        "",
        None,
        settings={path: Placed("App" if path == "displayName" else None, None) for path in live.SETTINGS},
        enterprise=None,
        owners=None,
        app_id=APP_ID,
        limited=None,
    )


def test_settings_stand_where_the_manifest_says_them(small: Manifest) -> None:
    """Hold that each has its own line, and the application's where the manifest is silent; what was asked
    besides (behaviours, certificates) is part of the same object.
    """
    responses = Responses()
    responses.add(
        tenant.behaviours("app"), [{"authenticationBehaviors": {"removeUnverifiedEmailClaim": True}}]
    )
    responses.add(tenant.certificates_of("app"), [{"keyCredentials": [{"keyId": "k", "key": "MII"}]}])
    found = seen(
        small,
        {"api": {"requestedAccessTokenVersion": 2}, "web": None, "keyCredentials": [{"keyId": "k"}]},
        principal={"accountEnabled": False},
        responses=responses,
    )
    said = {
        "displayName": "App",
        "api.requestedAccessTokenVersion": 2,
        "authenticationBehaviors.removeUnverifiedEmailClaim": True,
    }

    assert (found.type, found.position) == ("web", APP)
    assert found.settings == {
        path: Placed(said.get(path), LINE["a"] if path == "displayName" else APP) for path in live.SETTINGS
    }
    assert {"accountEnabled", "appRoleAssignmentRequired"} <= {*live.ENTERPRISE}
    assert found.enterprise == {
        path: Placed(False if path == "accountEnabled" else None, APP) for path in live.ENTERPRISE
    }
    assert [each.der for each in found.credentials] == ["MII"]


def test_addresses_stand_where_the_manifest_has_them(small: Manifest) -> None:
    """Hold redirect URIs of all platforms in order, and identifier URIs."""
    found = seen(
        small,
        {
            "publicClient": {"redirectUris": ["http://localhost"]},
            "web": {"redirectUris": ["https://known.example.com/", "https://new.example.com/"]},
            "spa": {"redirectUris": None},
            "identifierUris": ["api://app"],
        },
    )
    assert found.redirects == (
        Redirect("web", "https://known.example.com/", LINE["a"]),
        Redirect("web", "https://new.example.com/", APP),
        Redirect("mobileAndDesktop", "http://localhost", APP),
    )
    assert found.identifier_uris == (Placed("api://app", APP),)


def test_scopes_say_whether_people_may_consent(small: Manifest) -> None:
    """Hold that Graph's `User` is a scope for people, `Admin` is not, and silence is neither."""
    scopes = [
        {"value": "known", "type": "User", "isEnabled": True},
        {"value": "new", "type": "Admin", "isEnabled": False},
        {"value": None},
    ]
    assert seen(small, {"api": {"oauth2PermissionScopes": scopes}}).scopes == (
        SubjectScope("known", True, True, LINE["b"]),
        SubjectScope("new", False, False, APP),
        SubjectScope("None", False, False, APP),
    )


def holder(id_: str, role: str, type_: str, name: str, resource: str = "p") -> RoleHolding:
    """Return one holding of a role."""
    return RoleHolding(id_, role, id_, type_, name, resource, "R")


def test_roles_say_who_holds_them(small: Manifest) -> None:
    """Hold that each holder stands by its type, an attacker's type among the applications; the label is the
    manifest's, else Graph's value, else its display name.
    """
    roles = [
        {"id": "1", "value": "known", "allowedMemberTypes": ["User"], "isEnabled": True},
        {"id": "2", "value": "new", "displayName": "New"},
        {"id": "3", "value": None, "displayName": "Nameless", "allowedMemberTypes": None, "isEnabled": None},
        {"id": "4", "value": "bare", "isEnabled": True},
    ]
    held = (
        holder("u1", "1", "User", "Alice"),
        holder("g1", "1", "Group", "Team"),
        holder("u2", "1", "User", "Bob"),
        holder("s1", "2", "ServicePrincipal", "Nightly"),
        holder("x1", "2", "Device", "Thing"),
    )
    assert seen(small, {"appRoles": roles}, details={HOLDERS: held}).roles == (
        SubjectRole(
            "Label",
            "known",
            ("User",),
            True,
            LINE["c"],
            {"users": (Placed("Alice", APP), Placed("Bob", APP)), "groups": (Placed("Team", APP),)},
        ),
        SubjectRole(
            "new",
            "new",
            (),
            False,
            APP,
            {"applications": (Placed("Nightly", APP), Placed("Thing", APP))},
            "New",
        ),
        SubjectRole("Nameless", None, (), False, APP, {}, "Nameless"),
        SubjectRole("Bare", "bare", (), True, APP, {}),
    )


def test_permissions_are_what_is_requested_and_what_is_granted(small: Manifest) -> None:
    """Hold each once, in order, by name; what one person consented to is granted to nobody else."""
    requested = [
        {
            "resourceAppId": API_ID,
            "resourceAccess": [{"id": "s1", "type": "Scope"}, {"id": "unnamed", "type": "Role"}],
        },
        {"resourceAppId": OTHER_ID, "resourceAccess": [{"id": "r1", "type": "Role"}]},
    ]
    details = {
        HOLDINGS: (
            holder("h1", "r1", "ServicePrincipal", "App", "p-other"),
            holder("h2", "unknown", "ServicePrincipal", "App", "p-nowhere"),
            holder("h3", "r1", "ServicePrincipal", "App", "p-lost"),
        ),
        CONSENTS: (
            DelegatedConsent("c1", "app", "p-api", True, "", " known  Named.Scope"),
            DelegatedConsent("c2", "app", "p-api", False, "alice", "only.alice"),
        ),
    }
    assert seen(small, {"requiredResourceAccess": requested}, details=details).permissions == (
        Permission("api", "application", "unnamed", True, API_ID, True, False, APP),
        Permission("api", "delegated", "Named.Scope", True, API_ID, True, True, APP),
        Permission("api", "delegated", "known", True, API_ID, False, True, LINE["d"]),
        Permission("Other API", "application", "Named.Role", False, OTHER_ID, True, True, APP),
        Permission("p-lost", "application", "Named.Role", False, "p-lost", False, True, APP),
        Permission("p-nowhere", "application", "unknown", False, "p-nowhere", False, True, APP),
    )


def test_workloads_stand_with_the_expressions_that_only_beta_knows(small: Manifest) -> None:
    """Hold that fields without a value are empty, and one that is known stands at its own lines."""
    responses = Responses()
    responses.add(
        tenant.expressions_of("app"),
        [{"id": "f2", "name": "new", "claimsMatchingExpression": {"value": "claims['sub'] eq 'a'"}}],
    )
    trusts = (
        FederatedTrust("f1", "known", "https://i", "s", ("api://a", "api://b"), None),
        FederatedTrust("f2", "new", None, None, (), None),
        FederatedTrust("f3", "own", None, None, (), None, "claims['sub'] eq 'b'"),
    )
    assert seen(small, details={FEDERATED: trusts}, responses=responses).federated == (
        Federated("known", "https://i", "s", "api://a", LINE["b"], {"subject": LINE["c"]}, ""),
        Federated("new", "", "", "", APP, {}, "claims['sub'] eq 'a'"),
        Federated("own", "", "", "", APP, {}, "claims['sub'] eq 'b'"),
    )


def test_credentials_bear_a_name_and_a_life(small: Manifest) -> None:
    """Hold that a secret without a name is called by its first letters, a certificate by its id; a secret
    whose first letters Graph does not keep was chosen by somebody.
    """
    secrets = [
        {"keyId": "1", "displayName": "ci", "hint": "abc", "startDateTime": "2026-01-01T00:00:00Z"},
        {"keyId": "2", "hint": "xyz", "endDateTime": "2026-01-02T00:00:00"},
        {"keyId": "3", "displayName": None, "hint": None, "endDateTime": "soon"},
        {"keyId": "4"},
    ]
    keys = [
        {"keyId": "5", "displayName": "CN=ci", "usage": "Encrypt", "key": "MII"},
        {"keyId": "6", "displayName": "", "usage": None, "key": None},
    ]
    expected = (
        Credential("secret", "ci", "1", datetime(2026, 1, 1, tzinfo=UTC), position=APP),
        Credential("secret", "xyz…", "2", end=datetime(2026, 1, 2, tzinfo=UTC), position=APP),
        Credential("secret", "…", "3", position=APP, chosen=True),
        Credential("secret", "…", "4", position=APP),
        Credential("certificate", "CN=ci", "5", der="MII", usage="Encrypt", position=APP),
        Credential("certificate", "6", "6", usage="Verify", position=APP),
    )
    both = {"passwordCredentials": secrets, "keyCredentials": keys}
    found = seen(small, both, principal={"keyCredentials": keys[1:]})

    assert (found.credentials, found.principal_credentials) == (expected, expected[-1:])


def test_owners_are_as_graph_knows_them(small: Manifest) -> None:
    """Hold that a type, a guest and a second factor are said only where Graph said them."""
    responses = Responses()
    responses.add(
        tenant.owners_of("app"),
        [
            {
                "id": "1",
                "userPrincipalName": "alice@contoso.com",
                "displayName": "Alice",
                "userType": "Guest",
            },
            {"id": "2", "displayName": "Bob", "userType": "Member"},
            {"id": "3", "@odata.type": "#microsoft.graph.servicePrincipal"},
        ],
    )
    responses.add(tenant.second_factor("1"), [{"isMfaRegistered": True}])
    responses.add(tenant.second_factor("2"), [{"isMfaRegistered": False}])

    assert seen(small, responses=responses).owners == (
        SubjectOwner("alice@contoso.com", "user", "1", True, True, APP),
        SubjectOwner("Bob", "user", "2", False, False, APP),
        SubjectOwner("3", "servicePrincipal", "3", None, None, APP),
    )
    assert seen(small, responses=responses, declared=None).owners == tuple(
        replace(each, position=None) for each in seen(small, responses=responses).owners or ()
    )


@pytest.mark.parametrize(
    ("restrictions", "limited"),
    [
        ({"allowedTenantIds": [OTHER_ID]}, True),
        ({"allowedTenantIds": []}, False),
        (None, False),
        ("not asked", None),
    ],
)
def test_a_list_of_tenants_limits_it(restrictions: Any, limited: bool | None, small: Manifest) -> None:
    """Hold that an empty list limits nobody, and that nothing is known where it was not read."""
    responses = Responses()
    if restrictions != "not asked":
        responses.add(tenant.tenants_of("app"), [{"signInAudienceRestrictions": restrictions}])

    assert seen(small, responses=responses).limited is limited


def test_the_settings_of_an_api_limit_it_too(tmp_path: Path) -> None:
    """Hold that what the API itself refuses is limited, whatever the registration says."""
    whole = manifest(
        tmp_path,
        f"settings:\n  apis:\n    app: {{ url: 'https://a.example.com', allowedTenants: [{OTHER_ID}] }}\n",
    )
    assert seen(whole).limited is True
