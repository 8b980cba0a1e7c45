"""What is of no single application, out of what was read of a tenant: each fact whole."""

from __future__ import annotations

from typing import Any

from entra_config.actual.fetch import Responses
from entra_config.actual.question import APP_POLICIES, AUTHORIZATION_POLICY, DEFAULT_APP_POLICY
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.lint import facts, tenant
from entra_config.lint.tenant import TenantReading

APP = Subject("app", {"id": "o1", "appId": "a1", "createdDateTime": "2026-01-01T00:00:00Z"})
BARE = Subject("bare", {"id": "o2", "appId": "a2"})
GONE = Subject("gone", {"id": "o3", "appId": "a3"}, deleted=True)
OTHERS = Subject("others", {"id": "o4", "appId": "a4"}, others=True)


def read(
    answers: dict[Any, list[dict[str, Any]]],
    holders: tuple[RoleHolding, ...] = (),
    unread: tuple[str, ...] = (),
) -> TenantReading:
    """Return what was read of a tenant with two applications of ours, a deleted one and others'."""
    responses = Responses()
    for question, items in answers.items():
        responses.add(question, items)
    live = {each.key: Live(each) for each in (APP, BARE, GONE, OTHERS)} | {
        "app": Live(APP, {HOLDERS: holders})
    }
    directory = Directory(
        "https://graph.microsoft.com/v1.0", live=live, own_app_ids={"a1": "app", "a2": "bare"}
    )
    return TenantReading(directory, responses, unread)


def test_nothing_is_known_of_what_was_not_read() -> None:
    """Hold that each fact is there and empty, but for who consented, whom nobody counted."""
    found = facts.tenant(read({}, unread=("all registrations: it needs more",)))

    assert found.unread == ("all registrations: it needs more",)
    assert found.facts == {
        "authorizationPolicy": (),
        "defaultAppManagementPolicy": (),
        "restricted": (),
        "adminConsentRequestPolicy": (),
        "microsoft": (),
        "external": (),
        "nested": (),
        "consents": ({"application": "app", "people": 0}, {"application": "bare", "people": 0}),
        "used": (),
        "recommended": (),
        "verifiedDomains": (),
    }


def test_policies_are_as_graph_has_them() -> None:
    """Hold that each stands under its name."""
    found = facts.tenant(
        read(
            {
                AUTHORIZATION_POLICY: [{"a": 1}],
                DEFAULT_APP_POLICY: [{"d": 1}],
                tenant.CONSENT_REQUESTS: [{"c": 1}],
            }
        )
    ).facts

    assert [
        found[name]
        for name in ("authorizationPolicy", "defaultAppManagementPolicy", "adminConsentRequestPolicy")
    ] == [({"a": 1},), ({"d": 1},), ({"c": 1},)]


def test_microsoft_s_own_principals_are_told_with_credentials() -> None:
    """Hold that one with either kind is, and one without is not."""
    secret, key = {"passwordCredentials": [{}]}, {"keyCredentials": [{}]}
    bare: dict[str, Any] = {"passwordCredentials": [], "keyCredentials": None}
    found = facts.tenant(read({tenant.MICROSOFT_PRINCIPALS: [secret, bare, key]}))

    assert found.facts["microsoft"] == (secret, key)


def test_registrations_of_nobody_are_those_that_no_manifest_marks() -> None:
    """Hold that ours are none, nor those of another manifest."""
    marked = {"appId": "m", "tags": ["entra-config:owner=shop/dev"]}
    nobody, tagged = {"appId": "n"}, {"appId": "t", "tags": ["other"]}
    found = facts.tenant(read({tenant.REGISTRATIONS: [{"appId": "a1"}, marked, nobody, tagged]}))

    assert found.facts["external"] == (nobody, tagged)


def holding(principal: str, type_: str = "Group") -> RoleHolding:
    """Return that somebody holds a role."""
    return RoleHolding(f"h-{principal}", "r", principal, type_, f"Name of {principal}", "o1", "App")


def test_a_group_with_groups_in_it_is_told_by_name() -> None:
    """Hold that people in it are not reported, nor a group without others in it."""
    inside = [
        {"@odata.type": "#microsoft.graph.user", "displayName": "Alice"},
        {"@odata.type": "#microsoft.graph.group", "displayName": "Inner"},
        {"@odata.type": "#microsoft.graph.group", "displayName": None},
    ]
    found = facts.tenant(
        read(
            {tenant.members("g1"): inside, tenant.members("g2"): inside[:1]},
            (holding("g1"), holding("g2"), holding("g3")),
        )
    )
    assert found.facts["nested"] == (
        {"application": "app", "group": "Name of g1", "inside": ["Inner", "None"]},
    )


def test_people_who_consented_are_counted_once_each() -> None:
    """Hold that a consent for everybody is nobody's own."""
    grants = [
        {
            "id": str(number),
            "clientId": f"c{number}",
            "resourceId": "p",
            "consentType": kind,
            "principalId": who,
        }
        for number, (kind, who) in enumerate(
            [("Principal", "alice"), ("Principal", "alice"), ("Principal", "bob"), ("AllPrincipals", None)]
        )
    ]
    found = facts.tenant(read({tenant.consents_to("app"): grants}))

    assert found.facts["consents"] == (
        {"application": "app", "people": 2},
        {"application": "bare", "people": 0},
    )


def test_when_an_application_was_made_and_last_used() -> None:
    """Hold that one which the report does not have was never used, and that of others' nothing is said."""
    activity = [
        {"appId": "a1", "lastSignInActivity": {"lastSignInDateTime": "2026-02-02T00:00:00Z"}},
        {"appId": "a4", "lastSignInActivity": None},
    ]
    found = facts.tenant(read({tenant.SIGN_INS: activity}))

    assert found.facts["used"] == (
        {"application": "app", "created": "2026-01-01T00:00:00Z", "last": "2026-02-02T00:00:00Z"},
        {"application": "bare", "created": None, "last": None},
    )


def test_what_microsoft_recommends_is_told_of_ours() -> None:
    """Hold that what is done already is not reported, nor what is about others."""
    recommendation = {"id": "r", "recommendationType": "unusedApps", "displayName": "Remove unused ones."}
    impacted = [
        {"subjectId": "a1"},
        {"subjectId": "a2", "status": "completedByUser"},
        {"subjectId": "a2", "status": "active"},
        {"subjectId": "a4", "status": "active"},
    ]
    found = facts.tenant(read({tenant.RECOMMENDATIONS: [recommendation], tenant.impacted("r"): impacted}))
    said = {"type": "unusedApps", "says": "Remove unused ones."}
    assert found.facts["recommended"] == ({"application": "app", **said}, {"application": "bare", **said})


def restriction(kind: str, type_: str) -> dict[str, Any]:
    """Return an app management policy with one restriction."""
    return {"isEnabled": True, "applicationRestrictions": {kind: [{"restrictionType": type_}]}}


def test_what_policies_hold_an_application_to() -> None:
    """Hold that certificates and secrets are apart, and that nothing is said without all policies."""
    authorities = restriction("keyCredentials", "trustedCertificateAuthority")
    custom = restriction("passwordCredentials", "customPasswordAddition")
    for policy, said in ((authorities, (True, False)), (custom, (False, True))):
        found = facts.tenant(read({DEFAULT_APP_POLICY: [policy], APP_POLICIES: []}))
        assert found.facts["restricted"] == tuple(
            {"application": key, "authorities": said[0], "custom": said[1]} for key in ("app", "bare")
        )
        own = {"id": "p", "displayName": "P", "isEnabled": True, "restrictions": {}}
        assert (
            facts.tenant(read({DEFAULT_APP_POLICY: [policy], APP_POLICIES: [own]})).facts["restricted"] == ()
        )
        assert facts.tenant(read({APP_POLICIES: []})).facts["restricted"] == ()
        assert facts.tenant(read({DEFAULT_APP_POLICY: [policy]})).facts["restricted"] == ()


def test_an_application_without_a_date_is_as_old_as_can_be() -> None:
    """Hold that what holds from a day on holds for one that was made later, not for one of unknown age."""
    late = {
        "restrictionType": "customPasswordAddition",
        "restrictForAppsCreatedAfterDateTime": "2025-01-01T00:00:00Z",
    }
    policy = {"isEnabled": True, "applicationRestrictions": {"passwordCredentials": [late]}}
    found = facts.tenant(read({DEFAULT_APP_POLICY: [policy], APP_POLICIES: []}))

    assert [(each["application"], each["custom"]) for each in found.facts["restricted"]] == [
        ("app", True),
        ("bare", False),
    ]
