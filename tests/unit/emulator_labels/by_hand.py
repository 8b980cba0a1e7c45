"""Changes of the worked example that people make by hand, through Graph: one of each kind."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from entra_config.pytest_plugin import base
from entra_emulator import seed
from entra_emulator.directory import Tenants
from tests.unit.emulator.portal.browsing import Browser, graph

ROOT = Path(__file__).parents[3]
Rows = dict[str, Any]
OBJECTS = "https://graph.microsoft.com/v1.0/directoryObjects"
BOB = "Bob Baker"
TEAM, WRITERS = "MyApp Developers", "MyApp Writers"


@cache
def example() -> Tenants:
    """Make the worked example's tenant, applied, once."""
    return base.make(ROOT, "manifests", "dev", "")


def app_of(browser: Browser, key: str) -> Rows:
    """Find a registration by its key in the manifest."""
    rows = browser.world.directory.default.applications
    return next(row for row in rows if f"entra-config:key={key}" in row["tags"])


def principal_of(browser: Browser, key: str) -> Rows:
    """Find its enterprise application."""
    found = browser.world.directory.default.service_principal_by_app_id(app_of(browser, key)["appId"])
    assert found
    return found


def id_of(browser: Browser, table: str, name: str) -> str:
    """Find a person or a group by name."""
    found = browser.world.directory.default.one(table, "displayName", name.casefold())
    assert found
    return str(found["id"])


def send(browser: Browser, method: str, path: str, body: Any = None) -> Any:
    """Change something through Graph."""
    response = graph(browser, method, path, body)
    assert response.status_code < 300, response.text
    return response.json() if response.content else {}


def role_id(browser: Browser, value: str) -> str:
    """Find a role of the API."""
    return str(next(role["id"] for role in app_of(browser, "api")["appRoles"] if role["value"] == value))


def assign(browser: Browser, holder: str, value: str) -> None:
    """Assign a role of the API by hand."""
    resource = principal_of(browser, "api")["id"]
    body = {"principalId": holder, "resourceId": resource, "appRoleId": role_id(browser, value)}
    send(browser, "POST", f"/servicePrincipals/{resource}/appRoleAssignedTo", body)


def unassign(browser: Browser, value: str) -> None:
    """Take the first assignment of a role away."""
    rows = browser.world.directory.default.app_role_assignments
    row = next(row for row in rows if row["appRoleId"] == role_id(browser, value))
    send(browser, "DELETE", f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}")


def patch(browser: Browser, key: str, body: Rows) -> None:
    """Change a registration."""
    send(browser, "PATCH", f"/applications/{app_of(browser, key)['id']}", body)


def with_role(browser: Browser, **changes: Any) -> None:
    """Add a role, or change the one that reads."""
    roles = app_of(browser, "api")["appRoles"]
    if changes:
        roles = [{**role, **changes} if role["value"] == "Reader" else role for role in roles]
    else:
        new = {
            "id": "9d000000-0000-4000-8000-00000000000a", "value": "Auditor", "displayName": "Auditor",
            "description": "Looks: into the books.", "isEnabled": True, "allowedMemberTypes": ["User"],
        }  # fmt: skip
        roles = [*roles, new]
    patch(browser, "api", {"appRoles": roles})


def with_scope(browser: Browser) -> None:
    """Add a scope."""
    api = app_of(browser, "api")["api"]
    new = {
        "id": "9d000000-0000-4000-8000-00000000000b", "value": "audit.read", "type": "Admin",
        "isEnabled": True, "adminConsentDisplayName": "Audit", "adminConsentDescription": "Looks into it.",
    }  # fmt: skip
    patch(browser, "api", {"api": {"oauth2PermissionScopes": [*api["oauth2PermissionScopes"], new]}})


def reworded(browser: Browser) -> None:
    """Change an enabled role in place: Graph wants it disabled meanwhile."""
    with_role(browser, isEnabled=False)
    with_role(browser, isEnabled=True, displayName="Looks", description="Only looks.")


def request_more(browser: Browser, key: str = "spa") -> None:
    """Request one more scope of an API; nobody consents."""
    if key == "devClient":
        graph_id, scope = seed.GRAPH_APP_ID, "User.Read"
        access = list(app_of(browser, key)["requiredResourceAccess"])
        principal = browser.world.directory.default.service_principal_by_app_id(graph_id)
        assert principal
        found = next(each for each in principal["oauth2PermissionScopes"] if each["value"] == scope)
        more = {"resourceAppId": graph_id, "resourceAccess": [{"id": found["id"], "type": "Scope"}]}
        patch(browser, key, {"requiredResourceAccess": [*access, more]})
        return
    api = app_of(browser, "api")
    scopes = {each["value"]: each["id"] for each in api["api"]["oauth2PermissionScopes"]}
    access = [
        {
            **each,
            "resourceAccess": [*each["resourceAccess"], {"id": scopes["user.admin"], "type": "Scope"}],
        }
        if each["resourceAppId"] == api["appId"]
        else each
        for each in app_of(browser, key)["requiredResourceAccess"]
    ]
    patch(browser, key, {"requiredResourceAccess": access})


def authorize_more(browser: Browser) -> None:
    """Authorize the page for one more scope."""
    api = app_of(browser, "api")
    scopes = {each["value"]: each["id"] for each in api["api"]["oauth2PermissionScopes"]}
    spa = app_of(browser, "spa")["appId"]
    clients = [
        {**each, "delegatedPermissionIds": [*each["delegatedPermissionIds"], scopes["user.admin"]]}
        if each["appId"] == spa
        else each
        for each in api["api"]["preAuthorizedApplications"]
    ]
    patch(browser, "api", {"api": {"preAuthorizedApplications": clients}})


def member(browser: Browser, method: str, group: str, who: str) -> None:
    """Put somebody into a group, or take her out."""
    group_id, user = id_of(browser, "groups", group), id_of(browser, "users", who)
    if method == "POST":
        target = {"@odata.id": f"{OBJECTS}/{user}"}
        send(browser, "POST", f"/groups/{group_id}/members/$ref", target)
    else:
        send(browser, "DELETE", f"/groups/{group_id}/members/{user}/$ref")


def federate(browser: Browser) -> None:
    """Let another workload sign in as the daemon."""
    body = {
        "name": "by-hand", "issuer": "https://issuer.example", "subject": "a:b: c", "description": "by hand",
        "audiences": ["api://AzureADTokenExchange"],
    }  # fmt: skip
    app = app_of(browser, "nightly")["id"]
    send(browser, "POST", f"/applications/{app}/federatedIdentityCredentials", body)


def consent(browser: Browser) -> None:
    """Consent the development client to a scope, for everybody."""
    client, api = (principal_of(browser, key)["id"] for key in ("devClient", "api"))
    body = {"clientId": client, "consentType": "AllPrincipals", "resourceId": api, "scope": "user.admin"}
    send(browser, "POST", "/oauth2PermissionGrants", body)


def consent_more(browser: Browser) -> None:
    """Widen the consent of the page."""
    client, api = (principal_of(browser, key)["id"] for key in ("spa", "api"))
    rows = browser.world.directory.default.oauth2_permission_grants
    row = next(row for row in rows if (row["clientId"], row["resourceId"]) == (client, api))
    send(browser, "PATCH", f"/oauth2PermissionGrants/{row['id']}", {"scope": f"{row['scope']} user.admin"})


def withdraw(browser: Browser) -> None:
    """Withdraw the consent of the page."""
    client = principal_of(browser, "spa")["id"]
    row = next(
        row for row in browser.world.directory.default.oauth2_permission_grants if row["clientId"] == client
    )
    send(browser, "DELETE", f"/oauth2PermissionGrants/{row['id']}")


def redirect(browser: Browser, key: str, platform: str, uri: str) -> None:
    """Add a redirect URI."""
    uris = [*app_of(browser, key)[platform]["redirectUris"], uri]
    patch(browser, key, {platform: {"redirectUris": uris}})


def drop_redirect(browser: Browser) -> None:
    """Remove a redirect URI of the page."""
    patch(browser, "spa", {"spa": {"redirectUris": app_of(browser, "spa")["spa"]["redirectUris"][1:]}})


def own(browser: Browser) -> None:
    """Make a person the owner of the page."""
    target = {"@odata.id": f"{OBJECTS}/{id_of(browser, 'users', BOB)}"}
    send(browser, "POST", f"/applications/{app_of(browser, 'spa')['id']}/owners/$ref", target)


def secret(browser: Browser) -> None:
    """Make a secret by hand."""
    body = {"passwordCredential": {"displayName": "quick fix"}}
    send(browser, "POST", f"/applications/{app_of(browser, 'nightly')['id']}/addPassword", body)


# What is changed by hand, and whether lines that declare it stand beside it.
CHANGES: dict[str, tuple[Callable[[Browser], None], bool]] = {
    "a person gets a role": (lambda b: assign(b, id_of(b, "users", BOB), "Writer"), True),
    "a group gets a role": (lambda b: assign(b, id_of(b, "groups", TEAM), "Writer"), True),
    "a holder loses a role": (lambda b: unassign(b, "Writer"), False),
    "somebody comes into a group": (lambda b: member(b, "POST", WRITERS, "Mallory Moore"), False),
    "somebody leaves a group": (lambda b: member(b, "DELETE", TEAM, "Alice Archer"), False),
    "a secret": (secret, False),
    "a redirect URI of its own platform": (
        lambda b: redirect(b, "spa", "spa", "https://preview.example/#no: one"[:23]), True,
    ),
    "a redirect URI of another platform": (
        lambda b: redirect(b, "api", "web", "https://localhost:9999/cb"), True,
    ),
    "a redirect URI is gone": (drop_redirect, False),
    "another name": (lambda b: patch(b, "spa", {"displayName": 'Page: "yes" ${x} # no'}), True),
    "notes": (lambda b: patch(b, "api", {"notes": "two\nlines\u2028three"}), True),
    "a tag": (lambda b: patch(b, "api", {"tags": [*app_of(b, "api")["tags"], "team"]}), True),
    "a role": (with_role, True),
    "a role that says something else": (reworded, True),
    "a role is disabled": (lambda b: with_role(b, isEnabled=False), True),
    "a scope": (with_scope, True),
    "more is asked for": (request_more, True),
    "another API is asked": (lambda b: request_more(b, "devClient"), True),
    "nothing is asked for": (lambda b: patch(b, "spa", {"requiredResourceAccess": []}), False),
    "a client is authorized for more": (authorize_more, True),
    "a client is authorized no longer": (
        lambda b: patch(b, "api", {"api": {"preAuthorizedApplications": []}}), False,
    ),
    "a federated credential": (federate, True),
    "a consent": (consent, True),
    "a wider consent": (consent_more, True),
    "a withdrawn consent": (withdraw, False),
    "an owner": (own, True),
    "assignments are not required any more": (
        lambda b: send(b, "PATCH", f"/servicePrincipals/{principal_of(b, 'api')['id']}",
                      {"appRoleAssignmentRequired": False}), True,
    ),
    "a person who may not sign in": (
        lambda b: send(b, "PATCH", f"/users/{id_of(b, 'users', BOB)}", {"accountEnabled": False}), False,
    ),
    "a registration is gone": (
        lambda b: send(b, "DELETE", f"/applications/{app_of(b, 'devClient')['id']}"), False,
    ),
}  # fmt: skip
