"""Consent: given, declined, for everybody, by an administrator, combined, and its audit records."""

import pytest

from tests.conformance.login.login_outcomes import hidden
from tests.conformance.login.login_world import REDIRECTS, World
from tests.conformance.login.signing_in import SCOPE

fact = pytest.mark.fact


@fact("prompt=none without a session", source="msal-js#1880", grade="R")
def test_consent_without_session(world: World) -> None:
    """Whoever signed out while the consent page was open is nobody any more: 50058, and nothing is
    consented to.
    """
    page = world.choose(world.authorize("spa", SCOPE), "bob")
    before = list(world.tenant.oauth2_permission_grants)
    assert "<h1>Permissions requested</h1>" in page.text
    world.browser.cookies.clear()
    outcome = world.read(world.response_consent(page))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "login_required", 50058)
    assert list(world.tenant.oauth2_permission_grants) == before


@fact("declined consent", source="ED:reference-error-codes", grade="D")
@pytest.mark.parametrize("decision", ["cancel", "", "nonsense"])
def test_declined_consent(world: World, decision: str) -> None:
    """Who cancels, or does anything but accept, sends `access_denied` 65004 back."""
    page = world.choose(world.authorize("spa", SCOPE), "bob")
    fields = {"flow": hidden(page, "flow"), "user": hidden(page, "user"), "decision": decision}
    outcome = world.read(world.browser.post(f"/{world.tenant.tenant_id}/consent", data=fields))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "access_denied", 65004)
    assert not world.tenant.oauth2_permission_grants.find("principalId", world.user("bob")["id"])


@fact("consent on behalf of the organization", source="ED:application-consent-experience", grade="D")
def test_consent_for_everybody(world: World) -> None:
    """An administrator's checkbox makes a tenant-wide grant; a user who forges it makes his own only."""
    page = world.choose(world.authorize("spa", SCOPE), "bob")
    assert "Consent on behalf of your organization" not in page.text
    world.response_consent(page, everyone=True)
    assert world.read(world.choose(world.authorize("spa", SCOPE, prompt="login"), "alice")).kind == "consent"
    page = world.choose(world.authorize("spa", SCOPE, prompt="login"), "grace")
    assert "Consent on behalf of your organization" in page.text
    world.response_consent(page, everyone=True)
    assert "code" in world.read(world.choose(world.authorize("spa", SCOPE, prompt="login"), "alice")).body


@fact("admin consent", source="ED:permissions-consent-overview", grade="D")
def test_admin_consent(world: World) -> None:
    """The admin consent endpoint grants what is registered, scopes and roles, and says so in the redirect."""
    access = [{"id": world.application("api")["api"]["oauth2PermissionScopes"][0]["id"], "type": "Scope"}]
    access.append({"id": world.application("api")["appRoles"][0]["id"], "type": "Role"})
    world.set(
        "web", requiredResourceAccess=[{"resourceAppId": world.app_ids["api"], "resourceAccess": access}]
    )
    query = {"client_id": world.app_ids["web"], "redirect_uri": REDIRECTS["web"], "state": "s"}
    path = f"/{world.tenant.tenant_id}/adminconsent"
    assert "user.read" in world.browser.get(path, params=query).text
    cancelled = world.read(world.browser.post(path, data={**query, "decision": "cancel"}))
    assert cancelled.error == "permission_denied"
    bob = world.browser.post(path, data={**query, "decision": "accept", "user": world.user("bob")["id"]})
    assert world.read(bob).code == 90094
    form = {**query, "decision": "accept", "user": world.user("grace")["id"]}
    forged = world.browser.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert world.read(forged).kind == "consent"
    done = world.browser.post(path, data=form)
    assert world.read(done).body == {"tenant": world.tenant.tenant_id, "admin_consent": "True", "state": "s"}
    assert world.sign_in("web", "bob", SCOPE, accept=False).claims["scp"] == "user.read"
    assert world.app_only("web", "api://api/.default").claims["roles"] == ["Reader"]
    grant, role, consent = (record["activityDisplayName"] for record in world.tenant.audit[-3:])
    assert (grant[:4], role, consent[:7]) == (
        "Add ",
        "Add app role assignment to service principal",
        "Consent",
    )
    assert len({record["correlationId"] for record in world.tenant.audit[-3:]}) == 1


@fact("admin consent to named scopes", source="ED:permissions-consent-overview", grade="D")
def test_admin_consent_to_named_scopes(world: World) -> None:
    """A request that names scopes grants them alone, not the roles that are registered."""
    access = [{"id": world.application("api")["appRoles"][0]["id"], "type": "Role"}]
    world.set(
        "web", requiredResourceAccess=[{"resourceAppId": world.app_ids["api"], "resourceAccess": access}]
    )
    form = {
        "client_id": world.app_ids["web"],
        "redirect_uri": REDIRECTS["web"],
        "scope": "api://api/user.read",
    }
    form |= {"decision": "accept", "user": world.user("grace")["id"]}
    done = world.browser.post(f"/{world.tenant.tenant_id}/v2.0/adminconsent", data=form)
    assert world.read(done).body == {
        "tenant": world.tenant.tenant_id,
        "admin_consent": "True",
        "scope": "api://api/user.read",
    }
    assert world.sign_in("web", "bob", SCOPE, accept=False).claims["scp"] == "user.read"
    assert "roles" not in world.app_only("web", "api://api/.default").claims


@fact("a consent in the audit log", source="UAL21", grade="R")
@pytest.mark.parametrize(("user", "everyone"), [("bob", False), ("grace", True)])
def test_consent_is_logged(world: World, user: str, everyone: bool) -> None:
    """A consent leaves a record per grant and one of its own, by the user, under one correlation id."""
    world.response_consent(
        world.choose(world.authorize("spa", "api://api/user.read"), user), everyone=everyone
    )
    grant, consent = world.tenant.audit[-2:]
    assert (grant["activityDisplayName"], consent["activityDisplayName"]) == (
        "Add delegated permission grant",
        "Consent to application",
    )
    assert grant["correlationId"] == consent["correlationId"]
    assert (grant["operationType"], consent["operationType"]) == ("Assign", "Assign")
    for record in (grant, consent):
        actor = record["initiatedBy"]["user"]
        assert (actor["id"], actor["displayName"]) == (world.user(user)["id"], "Azure ESTS Service")
        assert {"key": "User-Agent", "value": "EvoSTS"} in record["additionalDetails"]
    changes = {
        change["displayName"]: change["newValue"]
        for change in consent["targetResources"][0]["modifiedProperties"]
    }
    assert changes["ConsentContext.OnBehalfOfAll"] == f'"{everyone}"'
    assert "Scope:  user.read" in changes["ConsentAction.Permissions"]
    assert consent["targetResources"][0]["id"] == world.principal("spa")["id"]
    assert grant["targetResources"][0]["id"] == world.principal("api")["id"]


@fact("a widened consent is an addition and a removal", source="UAL21", grade="R")
def test_a_widened_consent_is_a_pair(world: World) -> None:
    """Both records have the same values before and after: such a removal took nothing away."""
    world.response_consent(world.choose(world.authorize("spa", "api://api/user.read"), "bob"))
    world.response_consent(world.choose(world.authorize("spa", "api://api/user.write"), "bob"))
    added, removed, _ = world.tenant.audit[-3:]
    assert (added["operationType"], removed["operationType"]) == ("Assign", "Unassign")
    assert [each["activityDisplayName"].split()[0] for each in (added, removed)] == ["Add", "Remove"]
    values = {
        each["displayName"]: (each["oldValue"], each["newValue"])
        for each in removed["targetResources"][0]["modifiedProperties"]
    }
    assert values["DelegatedPermissionGrant.Scope"] == ('"user.read"', '" user.read user.write"')
    assert added["targetResources"] == removed["targetResources"]
    assert len({each["correlationId"] for each in (added, removed)}) == 1


@fact("knownClientApplications: one combined prompt", source="ED:permissions-consent-overview", grade="D")
def test_combined_consent(world: World) -> None:
    """A client that the API knows gets consent for itself and for what the API calls, on one page."""
    world.set("middle", api={"knownClientApplications": [world.app_ids["spa"]]})
    for client, resource in (("spa", "middle"), ("middle", "api")):
        scope = world.application(resource)["api"]["oauth2PermissionScopes"][0]["id"]
        access = [{"id": scope, "type": "Scope"}]
        world.set(
            client,
            requiredResourceAccess=[{"resourceAppId": world.app_ids[resource], "resourceAccess": access}],
        )
    page = world.choose(world.authorize("spa", "api://middle/.default"), "bob")
    assert page.text.count("<h2>") == 2
    found = world.redeem_code("spa", world.read(world.response_consent(page)).body["code"])
    assert found.claims["scp"] == "user.read"
    exchanged = world.on_behalf_of("middle", found.body["access_token"], "api://api/user.read")
    assert (exchanged.claims["scp"], exchanged.claims["azp"]) == ("user.read", world.app_ids["middle"])


@fact(
    "`.default` without a grant asks for all that the client lists",
    source="ED:permissions-consent-overview",
    grade="D",
)
def test_preauthorization_is_no_grant(world: World) -> None:
    """A client that is pre-authorized for one of two scopes that it lists is asked for the other one; once
    for both, for none.
    """
    scopes = {
        scope["value"]: scope["id"] for scope in world.application("api")["api"]["oauth2PermissionScopes"]
    }
    access = [{"id": scopes[value], "type": "Scope"} for value in ("user.read", "user.write")]
    world.set(
        "spa", requiredResourceAccess=[{"resourceAppId": world.app_ids["api"], "resourceAccess": access}]
    )
    world.preauthorize("api", "spa", "user.read")
    page = world.choose(world.authorize("spa", "api://api/.default"), "bob")
    assert world.read(page).kind == "consent"
    assert world.read(world.authorize("spa", "api://api/.default", prompt="none")).code == 65001
    world.preauthorize("api", "spa", "user.write")
    assert world.sign_in("spa", "bob", "api://api/.default").claims["scp"] == "user.read user.write"


@fact("users may not consent", source="ED:permissions-consent-overview", grade="D")
def test_users_may_not_consent(world: World) -> None:
    """Where users may not consent they get the page that asks for an administrator, who may; what is
    granted stays.
    """
    world.directory.choose({"contoso.com": {"usersMayConsent": False}})
    refused = world.sign_in("spa", "bob", SCOPE)
    assert (refused.kind, refused.code) == ("approval", 90094)
    assert world.sign_in("spa", "alice", SCOPE, prompt="login").kind == "token"
    world.grant("spa", "api", "user.read")
    assert world.sign_in("spa", "bob", SCOPE, prompt="login").kind == "token"
    assert world.read(world.choose(world.authorize("spa", SCOPE, prompt="consent"), "bob")).kind == "approval"
