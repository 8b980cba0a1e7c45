"""The entry of one registration, whole: what differs from its type's defaults, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.importing.application import Placeholder
from entra_config.manifest.model import ApplicationType
from tests.unit.importing.export_entries import TENANT, entry


def test_of_a_bare_registration_there_is_its_type_and_name() -> None:
    """Everything that is nothing is left out."""
    empty: dict[str, Any] = {
        "tags": [], "notes": None, "description": "", "api": None, "appRoles": [], "optionalClaims": None,
        "web": {"redirectUris": [], "homePageUrl": None, "logoutUrl": ""},
        "info": {"logoUrl": "x", "marketingUrl": None},
        "groupMembershipClaims": None, "samlMetadataUrl": None, "signInAudienceRestrictions": None,
    }  # fmt: skip
    assert entry(empty) == {}
    assert entry({}) == {}
    assert entry({}, principal=None) == {"enterpriseApplication": None}


PLAIN = {"description": "D", "samlMetadataUrl": "https://m"}


LOCKED = {"isEnabled": True, "allProperties": True}
LOCKED_PARTS = ("credentialsWithUsageSign", "credentialsWithUsageVerify", "tokenEncryptionKeyId")


@pytest.mark.parametrize(
    ("body", "made"),
    [
        (
            {"signInAudience": "AzureADMultipleOrgs"},
            {
                "signInAudience": "AzureADMultipleOrgs",
                "properties": {"servicePrincipalLockConfiguration": None},
            },
        ),
        ({"notes": "N", "tags": ["x"]}, {"notes": "N", "tags": ["x"]}),
        ({"groupMembershipClaims": "All"}, {"groupMembershipClaims": "All"}),
        (
            {"web": {"homePageUrl": "https://a", "logoutUrl": "https://b"}},
            {"homePageUrl": "https://a", "logoutUrl": "https://b"},
        ),
        ({"identifierUris": ["api://a1", "api://x"]}, {"identifierUris": ["api://${appId}", "api://x"]}),
        ({"identifierUris": ["api://a1/${x}"]}, {"identifierUris": ["api://${appId}/$${x}"]}),
        (
            {"signInAudienceRestrictions": {"allowedTenantIds": [TENANT.upper(), "T2"]}},
            {"signInAudienceRestrictions": {"allowedTenants": ["t2"]}},
        ),
        (
            {"signInAudienceRestrictions": {"allowedTenantIds": [TENANT]}},
            {"signInAudienceRestrictions": {"allowedTenants": [TENANT]}},
        ),
        ({"signInAudienceRestrictions": {"allowedTenantIds": None}}, {}),
        (PLAIN, {"properties": PLAIN}),
        ({"info": {"logoUrl": "l", "marketingUrl": "m"}}, {"properties": {"info": {"marketingUrl": "m"}}}),
        ({"api": {"acceptMappedClaims": True}}, {"properties": {"api": {"acceptMappedClaims": True}}}),
        (
            {"api": {"acceptMappedClaims": False}},
            {"properties": {"api": {"acceptMappedClaims": False}}},
        ),
        (
            {
                "servicePrincipalLockConfiguration": {
                    **LOCKED,
                    **dict.fromkeys(LOCKED_PARTS, True),
                    "x": False,
                }
            },
            {"properties": {"servicePrincipalLockConfiguration": LOCKED}},
        ),
        (
            {"servicePrincipalLockConfiguration": LOCKED},
            {"properties": {"servicePrincipalLockConfiguration": {**LOCKED, **dict.fromkeys(LOCKED_PARTS)}}},
        ),
        (
            {
                "optionalClaims": {
                    "@odata.type": ["x"],
                    "idToken": [
                        {"name": "email", "source": None, "essential": False, "additionalProperties": []}
                    ],
                    "accessToken": [{"name": "aud", "essential": True}],
                    "saml2Token": [],
                }
            },
            {"optionalClaims": {"idToken": ["email"], "accessToken": [{"name": "aud", "essential": True}]}},
        ),
    ],
)
def test_what_differs_is_written(body: dict[str, Any], made: dict[str, Any]) -> None:
    """Fields under their keys, other properties apart."""
    assert entry(body) == made


def test_its_own_id_is_a_placeholder_and_no_other_text_is() -> None:
    """So that it is not escaped."""
    uris = entry({"identifierUris": ["api://a1", "api://x"]})["identifierUris"]
    assert [isinstance(each, Placeholder) for each in uris] == [True, False]


def besides_defaults(body: dict[str, Any], kind: ApplicationType) -> dict[str, Any]:
    """Return the entry without what every type but the widest has a default of its own for."""
    made = entry(body, kind)
    own = {name: made.pop(name, "") for name in ("accessTokenVersion", "allowPublicClientFlows")}
    assert own == dict.fromkeys(own, "" if kind == "application" else None)
    return made


IMPLICIT = {
    "web": {"implicitGrantSettings": {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": False}}
}
WRITTEN = {"properties": {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}}}


@pytest.mark.parametrize("kind", ["web", "application"])
def test_implicit_grants_are_written_of_types_that_have_them(kind: ApplicationType) -> None:
    """No registration that has one gets another type."""
    assert besides_defaults(IMPLICIT, kind) == WRITTEN


URIS = {"web": {"redirectUris": ["https://w"]}, "spa": {"redirectUris": ["https://s"]}}


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("application", {"platforms": {"web": ["https://w"], "spa": ["https://s"]}}),
        ("web", {"redirectUris": ["https://w"], "platforms": {"spa": ["https://s"]}}),
        ("spa", {"redirectUris": ["https://s"], "platforms": {"web": ["https://w"]}}),
        ("publicClient", {"platforms": {"web": ["https://w"], "spa": ["https://s"]}}),
    ],
)
def test_redirect_uris_stand_at_the_type_s_own_platform(kind: ApplicationType, made: dict[str, Any]) -> None:
    """Those of others are listed by platform."""
    assert besides_defaults(URIS, kind) == made


def test_of_one_platform_there_are_no_others() -> None:
    """The type says it."""
    assert besides_defaults({"spa": URIS["spa"]}, "spa") == {"redirectUris": ["https://s"]}


PRINCIPAL = {
    "id": "p1", "accountEnabled": True, "appRoleAssignmentRequired": False, "notes": "",
    "tags": ["entra-config:owner=a/b"],
    "notificationEmailAddresses": [], "description": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({}, {}),
        ({"accountEnabled": False}, {"enterpriseApplication": {"enabled": False}}),
        ({"appRoleAssignmentRequired": True}, {"enterpriseApplication": {"assignmentRequired": True}}),
        (
            {"notes": "N", "loginUrl": "https://l"},
            {"enterpriseApplication": {"notes": "N", "loginUrl": "https://l"}},
        ),
        ({"tags": ["HideApp"]}, {"enterpriseApplication": {"tags": ["HideApp"]}}),
        (
            {"alternativeNames": ["a"], "samlSingleSignOnSettings": {"relayState": "r"}},
            {
                "enterpriseApplication": {
                    "properties": {
                        "alternativeNames": ["a"],
                        "samlSingleSignOnSettings": {"relayState": "r"},
                    }
                }
            },
        ),
    ],
)
def test_a_service_principal_is_written_where_it_is_unusual(
    changes: dict[str, Any], made: dict[str, Any]
) -> None:
    """Its ownership tags are not."""
    assert entry({}, principal=PRINCIPAL | changes) == made
