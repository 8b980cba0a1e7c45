"""What lint asks of a tenant beside what a plan reads, and what it says where something was refused."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.actual import policies
from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    APP_POLICIES,
    AUTHORIZATION_POLICY,
    DEFAULT_APP_POLICY,
    AppPolicyObjects,
)
from entra_config.graph.request import Request
from entra_config.kinds.details import HOLDERS, OWNERS, FederatedTrust, ObjectOwner, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.federated_credential import FEDERATED
from entra_config.lint import tenant

GRAPH = "https://graph.microsoft.com/v1.0"
ALWAYS = {
    tenant.REGISTRATIONS: "/applications?$select=id,appId,displayName,tags&$top=999",
    AUTHORIZATION_POLICY: "/policies/authorizationPolicy",
    tenant.CONSENT_REQUESTS: "/policies/adminConsentRequestPolicy",
    tenant.SIGN_INS: "beta /reports/servicePrincipalSignInActivities",
    tenant.RECOMMENDATIONS: "beta /directory/recommendations",
    tenant.MICROSOFT_PRINCIPALS: "/servicePrincipals?$filter=appOwnerOrganizationId%20eq%20"
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a&$count=true"
    "&$select=id,appId,displayName,passwordCredentials,keyCredentials&$top=999",
    DEFAULT_APP_POLICY: "beta /policies/defaultAppManagementPolicy",
    APP_POLICIES: "beta /policies/appManagementPolicies",
}


def asked(*live: Live) -> dict[Any, str]:
    """Return what is asked about a tenant with these, as paths, those of the beta endpoint marked."""
    found = tenant.questions(Directory(GRAPH, live={each.subject.key: each for each in live}))
    assert all(each.method == "GET" and each.body is None for each in found.values())
    return {question: f"{'beta ' if each.beta else ''}{each.path}" for question, each in found.items()}


def test_a_tenant_is_asked_what_is_of_no_application() -> None:
    """Hold every question of it, and that those on many objects come with what lets Graph count them."""
    found = asked()
    requests = tenant.questions(Directory(GRAPH))

    assert {question: path.partition("?")[0] for question, path in found.items()} == {
        question: path.partition("?")[0] for question, path in ALWAYS.items()
    }
    for question in (tenant.REGISTRATIONS, tenant.MICROSOFT_PRINCIPALS):
        assert found[question] == ALWAYS[question]
    assert requests[tenant.MICROSOFT_PRINCIPALS].headers == {"ConsistencyLevel": "eventual"}


def of_application(*live: Live) -> dict[Any, str]:
    """Return what is asked about applications alone."""
    return {question: path for question, path in asked(*live).items() if question not in ALWAYS}


def test_an_application_is_asked_for_what_lists_leave_out() -> None:
    """Hold owners, behaviours and consents; no more where nothing calls for it."""
    body, principal = {"id": "o1", "appId": "a1", "signInAudience": "AzureADMyOrg"}, {"id": "p1"}

    assert of_application(Live(Subject("app", body, principal))) == {
        tenant.owners_of("app"): "/applications/o1/owners?$select=id,displayName,userPrincipalName,userType",
        tenant.behaviours("app"): "/applications/o1?$select=id,authenticationBehaviors,"
        "servicePrincipalLockConfiguration",
        tenant.consents_to("app"): "/oauth2PermissionGrants?$filter=resourceId%20eq%20'p1'&$top=999",
    }
    assert set(of_application(Live(Subject("app", body)))) == {
        tenant.owners_of("app"),
        tenant.behaviours("app"),
    }


@pytest.mark.parametrize(
    "subject",
    [
        Subject("app", None, {"id": "p1"}),
        Subject("app", {"id": "o1"}, {"id": "p1"}, deleted=True),
        Subject("app", {"id": "o1"}, {"id": "p1"}, others=True),
    ],
    ids=["no registration", "deleted", "of others"],
)
def test_what_is_not_ours_is_not_asked_about(subject: Subject) -> None:
    """Hold that only live registrations of the manifest are."""
    assert of_application(Live(subject)) == {}


def trust(subject: str | None = None, expression: str | None = None) -> FederatedTrust:
    """Return a federated credential."""
    return FederatedTrust("f", "f", "i", subject, (), None, expression)


@pytest.mark.parametrize(
    ("trusts", "beta"),
    [
        ((), False),
        ((trust("s"),), False),
        ((trust(None, "claims"),), False),
        ((trust("s"), trust()), True),
    ],
)
def test_expressions_are_asked_for_where_one_is_unknown(
    trusts: tuple[FederatedTrust, ...], beta: bool
) -> None:
    """Hold that a subject, or an expression that is known, asks for nothing."""
    found = of_application(Live(Subject("app", {"id": "o1"}), {FEDERATED: trusts}))
    path = "beta /applications/o1/federatedIdentityCredentials"

    assert found.get(tenant.expressions_of("app")) == (path if beta else None)


def test_which_tenants_may_use_it_is_asked_of_one_for_several() -> None:
    """Hold that it is read of the beta endpoint."""
    found = of_application(Live(Subject("app", {"id": "o1", "signInAudience": "AzureADMultipleOrgs"})))
    assert found[tenant.tenants_of("app")] == "beta /applications/o1?$select=id,signInAudienceRestrictions"


def test_people_are_asked_for_a_second_factor_and_groups_for_members() -> None:
    """Hold that an owner that is an application has none, and a person that holds a role no members."""
    details = {
        OWNERS: (ObjectOwner("u1", "user", "Alice"), ObjectOwner("s1", "servicePrincipal", "CI")),
        HOLDERS: (
            RoleHolding("h1", "r", "g1", "Group", "Team", "p", "App"),
            RoleHolding("h2", "r", "u1", "User", "Alice", "p", "App"),
        ),
    }
    found = of_application(Live(Subject("app", {"id": "o1"}), details))

    assert {question: path for question, path in found.items() if "o1" not in path} == {
        tenant.second_factor("u1"): "/reports/authenticationMethods/userRegistrationDetails/u1",
        tenant.members("g1"): "/groups/g1/members?$select=id,displayName&$top=999",
    }


def test_ours_are_in_the_order_of_the_tenant() -> None:
    """Hold that live registrations of the manifest are, by key."""
    first, second = Live(Subject("b", {"id": "1"})), Live(Subject("a", {"id": "2"}))
    gone = Live(Subject("c", {"id": "3"}, deleted=True))

    assert list(tenant.ours(Directory(GRAPH, live={"b": first, "c": gone, "a": second})).items()) == [
        ("b", first),
        ("a", second),
    ]


def test_only_active_recommendations_are_asked_about() -> None:
    """Hold that their ids are quoted in the path."""
    responses = Responses()
    responses.add(
        tenant.RECOMMENDATIONS,
        [{"id": "a b", "status": "active"}, {"id": "c", "status": "completedByUser"}, {"id": "d"}],
    )
    assert tenant._impacted(responses) == {
        tenant.impacted("a b"): Request(
            "GET", "/directory/recommendations/a%20b/impactedResources", beta=True
        )
    }


def test_certificates_are_asked_for_in_full_where_there_are_some() -> None:
    """Hold that one without is not asked about."""
    some = Live(Subject("some", {"id": "o1", "keyCredentials": [{}]}))
    none = Live(Subject("none", {"id": "o2", "keyCredentials": []}))

    assert tenant._certificates(Directory(GRAPH, live={"some": some, "none": none})) == {
        tenant.certificates_of("some"): Request("GET", "/applications/o1?$select=id,keyCredentials")
    }


@pytest.mark.parametrize(
    ("default", "own", "matter"),
    [
        ({}, {}, False),
        ({"restrictionType": "trustedCertificateAuthority"}, {}, True),
        ({}, {"restrictionType": "trustedCertificateAuthority"}, True),
    ],
)
def test_keys_matter_where_a_policy_names_authorities(default: Any, own: Any, matter: bool) -> None:
    """Hold that either policy does."""
    responses = Responses()
    default_question, own_question = policies.app_policies(beta=True)
    responses.add(default_question, [default])
    responses.add(own_question, [own])

    assert tenant._keys_matter(responses) is matter


def test_what_was_refused_is_said_once_with_what_it_needs() -> None:
    """Hold that what many questions share is one sentence, in order, and what has an answer is none."""
    requests: dict[Any, Request] = {
        tenant.second_factor("u1"): Request(
            "GET", "/reports/authenticationMethods/userRegistrationDetails/u1"
        ),
        tenant.second_factor("u2"): Request(
            "GET", "/reports/authenticationMethods/userRegistrationDetails/u2"
        ),
        tenant.REGISTRATIONS: Request("GET", "/applications"),
        AUTHORIZATION_POLICY: Request("GET", "/policies/authorizationPolicy"),
        AppPolicyObjects("p"): Request("GET", "/policies/appManagementPolicies/p/appliesTo", beta=True),
        tenant.owners_of("app"): Request("GET", "/applications/o1/owners"),
        tenant.CONSENT_REQUESTS: Request("GET", "/policies/adminConsentRequestPolicy"),
    }
    responses = Responses()
    responses.add(tenant.CONSENT_REQUESTS, [])

    assert tenant._unread(requests, responses) == [
        "all registrations: it needs Application.Read.All (or Directory.Read.All)",
        "the authorization policy: it needs Policy.Read.All",
        "whether owners are guests: it needs Application.Read.All (or Directory.Read.All)",
        "whether owners have a second factor: it needs AuditLog.Read.All",
        "which applications have app management policies of their own: it needs Policy.Read.All",
    ]
