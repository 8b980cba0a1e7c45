"""The authorize endpoint: redirect URIs, response modes, prompts, single sign-on, consent."""

import html

import pytest

from entra_config.emulator import seed
from tests.conformance.login.login_world import REDIRECTS, SECRET, SPA_ORIGIN, Outcome, World, hidden

fact = pytest.mark.fact
SCOPE = "openid profile api://api/user.read"


@fact("redirect URIs", source="ED:reply-url", grade="R")
@pytest.mark.parametrize(
    ("client", "uri", "accepted"),
    [
        ("spa", f"{SPA_ORIGIN}/", True),
        ("spa", SPA_ORIGIN, True),
        ("spa", f"{SPA_ORIGIN}/other", False),
        ("spa", "https://LOCALHOST:5173/x", False),
        ("spa", "http://localhost:5173/", False),
        ("public", "http://localhost:12345", True),
        ("public", "http://localhost:12345/", True),
        ("public", "http://127.0.0.1:12345", False),
        ("public", "http://localhost:12345/path", False),
        ("web", "https://web.localhost/callback", True),
        ("web", "https://web.localhost/Callback", False),
        ("web", "https://web.localhost:444/callback", False),
        ("web", "https://evil.example/callback", False),
    ],
)
def test_redirect_uris(world: World, client: str, uri: str, accepted: bool) -> None:
    """A redirect URI matches exactly; only a loopback one may differ, and only in its port."""
    outcome = world.read(world.authorize(client, SCOPE, redirect_uri=uri))
    assert (outcome.kind, outcome.code) == (("sign-in", 0) if accepted else ("page", 50011))


@fact(
    "errors that stay on the page",
    source="msgraph-sdk-python-core#50",
    grade="R",
)
@pytest.mark.parametrize(
    ("client", "change", "tenant", "code"),
    [
        ("daemon", {}, "", 500113),
        ("spa", {"client_id": "99999999-9999-9999-9999-999999999999"}, "", 700016),
        ("spa", {"client_id": "00000000-0000-0000-0000-000000000000"}, "", 700038),
        ("spa", {}, "common", 50194),
        ("spa", {}, "organizations", 50194),
        ("spa", {}, "99999999-9999-9999-9999-999999999999", 90002),
        ("spa", {}, "nonsense", 900023),
    ],
)
def test_errors_on_the_page(
    world: World, client: str, change: dict[str, str], tenant: str, code: int
) -> None:
    """What is wrong with tenant, client or redirect URI is never sent to a redirect URI."""
    response = world.authorize(client, SCOPE, **change)
    if tenant:
        response = world.browser.get(
            f"/{tenant}/oauth2/v2.0/authorize",
            params={
                "client_id": world.app_ids[client],
                "redirect_uri": REDIRECTS[client],
                "scope": SCOPE,
                "response_type": "code",
            },
        )
    outcome = world.read(response)
    assert (outcome.kind, outcome.code) == ("page", code)
    assert all(word in outcome.text for word in ("Request Id", "Correlation Id", "Timestamp"))


@fact("errors that go back to the client", source="msal-js#766, azure-docs#37280", grade="R")
@pytest.mark.parametrize(
    ("change", "error", "code", "part"),
    [
        ({"response_type": "id_token"}, "unsupported_response_type", 700054, "fragment"),
        ({"response_type": "code id_token"}, "unsupported_response_type", 700054, "fragment"),
        ({"response_type": "token"}, "unsupported_response_type", 700051, "fragment"),
        ({"response_type": "nonsense"}, "unsupported_response_type", 70005, "query"),
        ({"scope": "api://api/nothing"}, "invalid_client", 650053, "query"),
        ({"scope": "api://nowhere/user.read"}, "invalid_resource", 500011, "query"),
        ({"prompt": "select_account", "login_hint": "bob@contoso.com"}, "invalid_request", 90023, "query"),
        ({"scope": ""}, "invalid_request", 900144, "query"),
    ],
)
def test_errors_in_the_redirect(
    world: World, change: dict[str, str], error: str, code: int, part: str
) -> None:
    """What is wrong with the rest goes back, with the state and in the mode of the response."""
    response = world.authorize("spa", change.pop("scope", SCOPE), **change)
    outcome = world.read(response)
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", error, code)
    assert outcome.body["state"] == "the state"
    assert ("#" in response.headers["location"]) is (part == "fragment")


@fact("response modes", source="ED:v2-oauth2-auth-code-flow", grade="D")
@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_response_modes(world: World, mode: str) -> None:
    """Code, state and session_state come by query, by fragment, or by a form that posts itself."""
    world.grant("web", "api", "user.read")
    response = world.choose(world.authorize("web", SCOPE, response_mode=mode), "bob")
    if mode == "form_post":
        assert response.status_code == 200
        assert f'action="{REDIRECTS["web"]}"' in response.text
        found = {name: hidden(response, name) for name in ("code", "state", "session_state")}
    else:
        separator = {"query": "?", "fragment": "#"}[mode]
        assert response.headers["location"].startswith(REDIRECTS["web"] + separator)
        found = world.read(response).body
    assert found["state"] == "the state"
    assert world.redeem_code("web", found["code"]).kind == "token"


@fact("a URI without path comes back with a slash", source="ED:reply-url", grade="D")
def test_a_uri_without_path_comes_back_with_a_slash(world: World) -> None:
    """`http://localhost:1234` is answered at `http://localhost:1234/`."""
    world.grant("public", "api", "user.read")
    response = world.choose(world.authorize("public", SCOPE, redirect_uri="http://localhost:1234"), "bob")
    assert response.headers["location"].startswith("http://localhost:1234/?code=")


@fact("implicit and hybrid need the app's switches and a nonce", source="msal-js#766", grade="R")
def test_hybrid(world: World) -> None:
    """Without its switch each is refused; with both on, `code id_token` answers both, bound by c_hash and
    nonce.
    """
    for response_type, code in (("id_token", 700054), ("code id_token", 700054), ("token", 700051)):
        without = world.read(world.authorize("web", SCOPE, response_type=response_type))
        assert (without.kind, without.code) == ("redirect", code)
    world.set(
        "web",
        web={"implicitGrantSettings": {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}},
    )
    world.grant("web", "api", "user.read")
    response = world.choose(world.authorize("web", SCOPE, response_type="code id_token"), "bob")
    found = world.read(response).body
    claims = world.service.keys.verify(found["id_token"])
    assert "#" in response.headers["location"]
    assert (claims["nonce"], len(claims["c_hash"])) == ("the nonce", 22)
    refused = world.read(world.authorize("web", SCOPE, response_type="id_token", nonce=""))
    assert (refused.kind, refused.code) == ("redirect", 900144)


@fact("one resource at the token endpoint", source="aad_oauth#328", grade="R")
def test_implicit_one_resource_per_token(world: World) -> None:
    """An access token straight from /authorize is for one resource: 28000; an ID token alone may collect
    consent for two.
    """
    world.set(
        "web",
        web={"implicitGrantSettings": {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}},
    )
    for resource in ("api", "other"):
        world.grant("web", resource, "user.read")
    both = "openid api://api/user.read api://other/user.read"
    refused = world.read(world.choose(world.authorize("web", both, response_type="id_token token"), "bob"))
    assert (refused.kind, refused.error, refused.code) == ("redirect", "invalid_scope", 28000)
    assert (
        "id_token"
        in world.read(world.choose(world.authorize("web", both, response_type="id_token"), "bob")).body
    )


@fact("overage in the implicit flow", source="ED:access-token-claims-reference", grade="D")
@pytest.mark.parametrize(("groups", "claims"), [(2, {"groups"}), (3, {"hasgroups"})])
def test_implicit_groups(world: World, groups: int, claims: set[str]) -> None:
    """A token by URL holds at most five groups (bob has three), then only says that there are some; no
    refresh token.
    """
    switches = {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True}
    world.set("web", web={"implicitGrantSettings": switches}, groupMembershipClaims="SecurityGroup")
    world.set("api", groupMembershipClaims="SecurityGroup")
    world.grant("web", "api", "user.read")
    for number in range(groups):
        group = seed.add_group(world.tenant, f"Group {number}")
        world.tenant.members.add(group["id"], world.user("bob")["id"])
    found = world.read(
        world.choose(world.authorize("web", SCOPE, response_type="id_token token"), "bob")
    ).body
    for name in ("access_token", "id_token"):
        assert {"groups", "hasgroups"} & set(world.service.keys.verify(found[name])) == claims
    assert found["scope"] == "api://api/user.read"
    assert "refresh_token" not in found


@fact("prompt=none without a session", source="msal-js#1880", grade="R")
def test_silent_without_session(world: World) -> None:
    """Nobody signed in: `login_required` 50058 goes back, and no page is shown."""
    outcome = world.read(world.authorize("spa", SCOPE, prompt="none", response_mode="fragment"))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "login_required", 50058)


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


@fact("single sign-on", source="ED:refresh-tokens", grade="D")
def test_single_sign_on(world: World) -> None:
    """The second application in a browser needs no sign-in, and a silent request gets a code."""
    for client in ("spa", "web"):
        world.grant(client, "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    assert "code" in world.read(world.authorize("web", SCOPE)).body
    assert "code" in world.read(world.authorize("web", SCOPE, prompt="none")).body
    assert world.read(world.authorize("web", SCOPE, prompt="login")).kind == "sign-in"
    assert world.read(world.authorize("web", SCOPE, prompt="select_account")).kind == "sign-in"


@fact("prompt=none with consent or assignment missing", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_silent_with_something_missing(world: World) -> None:
    """With a session, what would need a page is `interaction_required`."""
    world.sign_in("spa", "bob", "openid")
    missing = world.read(world.authorize("spa", SCOPE, prompt="none"))
    assert (missing.error, missing.code) == ("interaction_required", 65001)
    world.grant("spa", "api", "user.read")
    world.set_principal("api", appRoleAssignmentRequired=True)
    unassigned = world.read(world.authorize("spa", SCOPE, prompt="none"))
    assert (unassigned.error, unassigned.code) == ("interaction_required", 50105)


@fact("several sessions", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_two_accounts_in_one_browser(world: World) -> None:
    """Two accounts and no hint need a choice; `login_hint` or `sid` of one resolves silently."""
    world.grant("spa", "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    world.sign_in("spa", "alice", SCOPE, prompt="select_account")
    assert world.read(world.authorize("spa", SCOPE)).kind == "sign-in"
    assert world.read(world.authorize("spa", SCOPE, prompt="none")).code == 16000
    found = world.read(world.authorize("spa", SCOPE, prompt="none", login_hint="alice@contoso.com"))
    assert world.redeem_code("spa", found.body["code"]).claims["preferred_username"] == "alice@contoso.com"


@fact("50034 and 50057 are shown inline", source="Microsoft365DSC#801", grade="R")
def test_wrong_and_disabled_users(world: World) -> None:
    """An unknown or disabled user stays on the sign-in page with the reason."""
    flow = hidden(world.authorize("spa", SCOPE), "flow")
    unknown = world.browser.post(
        f"/{world.tenant.tenant_id}/login", data={"flow": flow, "username": "nobody@contoso.com"}
    )
    assert "nobody@contoso.com does not exist in the Contoso directory" in html.unescape(unknown.text)
    world.set_user("bob", accountEnabled=False)
    disabled = world.browser.post(
        f"/{world.tenant.tenant_id}/login", data={"flow": flow, "username": "bob@contoso.com"}
    )
    assert "The user account is disabled." in disabled.text
    assert world.read(disabled).kind == "sign-in"


@fact("declined consent", source="ED:reference-error-codes", grade="D")
def test_declined_consent(world: World) -> None:
    """Who cancels sends `access_denied` 65004 back."""
    page = world.choose(world.authorize("spa", SCOPE), "bob")
    fields = {"flow": hidden(page, "flow"), "user": hidden(page, "user"), "decision": "cancel"}
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


@fact("login hints on the page", source="clients", grade="R")
def test_the_sign_in_page_lists_the_users(world: World) -> None:
    """The page lists the directory's users, the hinted one first, and says that it is the emulator."""
    page = world.authorize("spa", SCOPE, login_hint="mallory@contoso.com")
    text = page.text
    assert "entra-config emulator" in text
    assert text.index("mallory@contoso.com") < text.index("alice@contoso.com")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action" not in policy


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


@fact(
    "users of other tenants; tid is the user's tenant",
    source="firecrawl#2374, ED:access-tokens",
    grade="R",
)
def test_users_of_other_tenants(world: World) -> None:
    """On /common a multi-tenant application takes users of every tenant, elsewhere they get 50020."""
    other = world.directory.find("fabrikam.com")
    assert other is not None
    query = {
        "client_id": world.app_ids["web"],
        "redirect_uri": REDIRECTS["web"],
        "response_type": "code",
        "scope": "openid profile",
    }

    def sign_in(tenant: str) -> Outcome:
        page = world.browser.get(f"/{tenant}/oauth2/v2.0/authorize", params=query)
        fields = {"flow": hidden(page, "flow"), "username": "bob@fabrikam.com"}
        return world.read(world.response_consent(world.browser.post(f"/{tenant}/login", data=fields)))

    refused = sign_in(world.tenant.tenant_id)
    assert (refused.kind, refused.code) == ("page", 50020)
    world.set("web", signInAudience="AzureADMultipleOrgs")
    form = {
        "grant_type": "authorization_code",
        "client_id": world.app_ids["web"],
        "client_secret": SECRET,
        "code": sign_in("common").body["code"],
        "redirect_uri": REDIRECTS["web"],
        "scope": "openid profile offline_access",
    }
    response = world.read(world.browser.post("/common/oauth2/v2.0/token", data=form))
    assert response.claims["tid"] == response.id_claims["tid"] == other.tenant_id
    assert response.id_claims["iss"] == f"https://localhost:8443/{other.tenant_id}/v2.0"
    again = {**form, "grant_type": "refresh_token", "refresh_token": response.body["refresh_token"]}
    assert (
        world.read(world.browser.post("/organizations/oauth2/v2.0/token", data=again)).claims["tid"]
        == other.tenant_id
    )
    assert world.read(world.browser.post(world.path("token"), data=again)).code == 50020


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
