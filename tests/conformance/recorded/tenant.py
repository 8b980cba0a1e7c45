"""Build the objects that a recorded answer shows, and send the recorded request."""

from collections.abc import Callable
from typing import Any

import httpx

from entra_emulator import seed
from entra_emulator.graph.entities.service_principal import make_service_principal
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant
from tests.conformance.graph_client import Graph
from tests.conformance.recorded.shapes import Shape
from tests.conformance.recorded.values import fill, guid

# What no client may set, or what a create answers by itself.
_READ_ONLY = {
    "application": {
        "id", "appId", "createdDateTime", "createdByAppId", "publisherDomain", "passwordCredentials",
        "verifiedPublisher", "certification", "isDisabled",
    },
    "group": {"id", "createdDateTime", "renewedDateTime", "securityIdentifier"},
    "federatedIdentityCredential": {"id"},
    "passwordCredential": {"hint", "keyId", "secretText"},
}  # fmt: skip
_PRINCIPALS_OWN = ("accountEnabled", "appRoleAssignmentRequired", "tags")
# Reads answer these in the reverse of the order in which they were sent.
_REVERSED = (
    "appRoles",
    "requiredResourceAccess",
    "preAuthorizedApplications",
    "servicePrincipalNames",
    "tags",
)
# Graph writes these by itself.
_MIRRORS = {"redirectUriSettings"}
_DUPLICATE = "https://duplicate.example.org/"
_BLUEPRINT = "Microsoft.Graph.AgentIdentityBlueprint"
# Bodies of refused requests, which were not recorded: by the code and the end of the path.
_REFUSED_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("Request_BadRequest", "applications"): {"@odata.type": _BLUEPRINT, "displayName": "recorded"},
    ("Authorization_RequestDenied", "applications"): {"@odata.type": _BLUEPRINT, "displayName": "recorded"},
    ("InvalidFederatedIdentityCredentialValue", "federatedIdentityCredentials"): {"name": "another"},
    ("Request_MultipleObjectsWithSameKeyValue", "federatedIdentityCredentials"): {"subject": "another"},
}


class RecordedTenant:
    """A tenant with the objects of one recorded answer."""

    def __init__(
        self,
        shape: Shape,
        tenant: Tenant,
        admin: Graph,
        as_user: Callable[..., Graph],
        as_app: Callable[..., Graph],
    ) -> None:
        self.shape = shape
        self.tenant = tenant
        self.admin = admin
        self.as_user = as_user
        self.as_app = as_app

    def respond(self) -> httpx.Response:
        """Send the recorded request, to a tenant that has what its answer shows."""
        if self.shape.kind == "error":
            return self._refuse()
        if self.shape.recorded["method"] == "POST":
            return self._post()
        return self._read()

    # -- requests ------------------------------------------------------------------------------

    def _read(self) -> httpx.Response:
        made = [self.make(item, self.shape.kind) for item in self.shape.items]
        path = self.shape.path
        if path.startswith("/v1.0/me"):
            return self.as_user(made[0]["userPrincipalName"], "User.Read").get(path)
        found = made[0] if made else {}
        if not made and "/{id}/" in path:
            found = self.application({})
        for mark, name in (
            ("appId eq '{x}'", "appId"),
            ("(displayName,'{x}')", "displayName"),
            ("displayName eq '{x}'", "displayName"),
            ("c eq '{x}'", "appId"),
            ("userPrincipalName eq '{x}'", "userPrincipalName"),
            ("('{upn}')", "userPrincipalName"),
            ("/me-token-to-replace", "id"),
        ):
            if mark in path:
                value = found.get(name) or guid()
                path = path.replace(mark, mark.replace("{x}", value).replace("{upn}", value))
                path = path.replace("/me-token-to-replace", f"/{value}")
        if "{id}" in path:
            path = path.replace("{id}", found.get("_parent", found.get("id", guid())), 1)
            path = path.replace("{id}", found.get("id", ""), 1)
        return self.admin.get(path)

    def _post(self) -> httpx.Response:
        path, item, user = self.shape.path, self.shape.items[0] if self.shape.items else {}, self._azure_cli()
        last = path.rstrip("/").rpartition("/")[2].casefold()
        if last == "getbyids":
            made = [self.make(each, "user") for each in self.shape.items]
            kinds = [str(each["@odata.type"]).rpartition(".")[2] for each in self.shape.items]
            return user.post(path, {"ids": [each["id"] for each in made], "types": kinds})
        if last == "serviceprincipals":
            app = self.application(self._application_of(item))
            request = self.shape.recorded.get("request", {})
            return user.post(path, {**request, "appId": app["appId"]})
        request = self.shape.recorded.get("request") or self._writable(item, self.shape.kind)
        if last == "addpassword":
            owner = self.application({})
            if "applications" not in path:
                owner = self.admin.principal(owner)
            wanted = request if "passwordCredential" in request else {"passwordCredential": request}
            return user.post(path.replace("{id}", owner["id"]), fill(wanted))
        if last == "federatedidentitycredentials":
            return user.post(path.replace("{id}", self.application({})["id"]), fill(request))
        if last == "oauth2permissiongrants":
            client = self.admin.principal(self.application({}))
            resource = self._graph_principal()
            return user.post(path, fill(request, clientId=client["id"], resourceId=resource["id"]))
        if last == "getmembergroups":
            made = self.make({"userPrincipalName": "<string>", "displayName": "<string>"}, "user")
            return user.post(path.replace("{upn}", made["userPrincipalName"]), request)
        return user.post(path, fill(request))

    def _refuse(self) -> httpx.Response:
        error, path = self.shape.body["error"], self.shape.path
        path = path.replace("{x}", guid())
        caller = self.admin
        if error["code"] == "Authorization_RequestDenied":
            caller = self.as_app()
        if self.shape.recorded["method"] == "GET":
            return caller.get(path.replace("{id}", guid()))
        body = _REFUSED_BODIES.get((error["code"], path.rpartition("/")[2]), {})
        if path.endswith("/federatedIdentityCredentials"):
            app = self.application({})
            path = path.replace("{id}", app["id"])
            first = {"name": "first", "issuer": _DUPLICATE, "subject": "first", "audiences": ["recorded"]}
            assert self.admin.post(path, first).status_code == 201
            body = {**first, **body}
        if path.endswith("/graph.agentIdentityBlueprintPrincipal"):
            app = self.application({})
            self.admin.principal(app)
            body = {"appId": app["appId"]}
        return caller.post(path, body)

    # -- objects -------------------------------------------------------------------------------

    def make(self, item: dict[str, Any], kind: str) -> Row:
        """Make the object that a recorded item shows."""
        match str(item.get("@odata.type", kind)).removeprefix("#microsoft.graph."):
            case "application":
                return self.application(item)
            case "servicePrincipal":
                return self.principal(item)
            case "group":
                body = fill(self._writable(item, "group"))
                return self.admin.group(**body)
            case "federatedIdentityCredential":
                app = self.application({})
                body = fill(self._writable(item, kind))
                made = self.admin.post(f"/applications/{app['id']}/federatedIdentityCredentials", body)
                return {**made.json(), "_parent": app["id"]}
            case "appRoleAssignment":
                return self.assignment(item)
        return self.user(item)

    def application(self, item: dict[str, Any]) -> Row:
        """Make an application by Graph's own requests."""
        body = fill(self._writable(item, "application"))
        authorized = body.get("api", {}).pop("preAuthorizedApplications", [])
        made = self.admin.application(**body)
        path = f"/applications/{made['id']}"
        if authorized:
            (scope,) = made["api"]["oauth2PermissionScopes"]
            masked = item["api"]["preAuthorizedApplications"][::-1]
            clients = [
                each["appId"] if each["appId"] != "<guid>" else self.admin.application()["appId"]
                for each in masked
            ]
            api = [{"appId": client, "delegatedPermissionIds": [scope["id"]]} for client in clients]
            changed = self.admin.patch(path, {"api": {"preAuthorizedApplications": api}})
            assert changed.status_code == 204, changed.text
        for secret in item.get("passwordCredentials", []):
            added = {"passwordCredential": {"displayName": fill(secret["displayName"])}}
            assert self.admin.post(f"{path}/addPassword", added).status_code == 200
        return made

    def principal(self, item: dict[str, Any]) -> Row:
        """Make a service principal: by Graph's requests, or as Azure and Microsoft make theirs."""
        if item["servicePrincipalType"] == "Application" and item["appOwnerOrganizationId"] == "<guid>":
            made = self.admin.principal(self.application(self._application_of(item)))
            own = {name: item[name] for name in _PRINCIPALS_OWN if name in item}
            own["tags"] = own["tags"][::-1]
            changed = self.admin.patch(f"/servicePrincipals/{made['id']}", own)
            assert changed.status_code == 204, changed.text
            return made
        known = self.tenant.service_principal_by_app_id(item["appId"])
        app_id = known["appId"] if known else guid()
        blank = known or make_service_principal(guid(), app_id, None, guid())
        row = {
            name: fill(value, name)
            for name, value in item.items()
            if name in blank and name not in ("id", "appId")
        }
        names = [app_id if name == "<guid>" else fill(name) for name in item["servicePrincipalNames"]]
        row |= {"servicePrincipalNames": names[::-1], "tags": row["tags"][::-1]}
        self.tenant.service_principals.put({**blank, **row})
        return {**blank, **row}

    def user(self, item: dict[str, Any]) -> Row:
        """Make a user with what the recorded one has."""
        name = f"recorded{len(self.tenant.users.rows)}@contoso.com"
        row = seed.add_user(self.tenant, name, "recorded")
        own = {key: value for key, value in item.items() if key[0] != "@" and key != "id"}
        row = {**row, **fill(own, userPrincipalName=name)}
        self.tenant.users.put(row)
        return row

    def assignment(self, item: dict[str, Any]) -> Row:
        """Assign a role of Microsoft Graph to a service principal, the same for all."""
        principals = [row for row in self.tenant.service_principals if row["displayName"] == "assigned"]
        principal = (
            principals[0]
            if principals
            else self.admin.principal(self.admin.application(displayName="assigned"))
        )
        resource = self._graph_principal()
        body = {"principalId": principal["id"], "resourceId": resource["id"], "appRoleId": item["appRoleId"]}
        made = self.admin.post(f"/servicePrincipals/{principal['id']}/appRoleAssignments", body)
        assert made.status_code == 201, made.text
        return {**made.json(), "_parent": principal["id"]}

    # -- what an object is made of ------------------------------------------------------------

    def _writable(self, item: dict[str, Any], kind: str) -> dict[str, Any]:
        """Return the part of a recorded object that a client sends to make it."""
        fixed = _READ_ONLY.get(kind, set())
        sent = {
            name: _without_nulls(value, name)
            for name, value in item.items()
            if name[0] != "@" and name not in fixed and value not in (None, [], {})
        }
        sent = {name: value for name, value in sent.items() if value not in ({}, [])}
        for name in _REVERSED:
            if name in sent:
                sent[name] = sent[name][::-1]
        if "keyCredentials" in sent:
            sent["keyCredentials"] = [
                {"type": key["type"], "usage": key["usage"], "key": "<string>"}
                for key in sent["keyCredentials"]
            ]
        return sent

    def _application_of(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return the application that a recorded service principal follows."""
        app = {name: item[name] for name in ("displayName", "appRoles", "tags") if item.get(name)}
        app["signInAudience"] = item.get("signInAudience", "AzureADMyOrg")
        app["identifierUris"] = [name for name in item["servicePrincipalNames"] if name == "<url>"]
        if item["replyUrls"]:
            app["web"] = {"redirectUris": item["replyUrls"]}
        if item.get("tags"):
            del app["tags"]
        return app

    def _graph_principal(self) -> Row:
        row = self.tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
        assert row is not None
        return row

    def _azure_cli(self) -> Graph:
        """Return the caller of most recordings: an administrator, through azure-cli."""
        return self.as_user("grace@contoso.com", "Directory.AccessAsUser.All")


def _without_nulls(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        found = {key: _without_nulls(item, key) for key, item in value.items() if key not in _MIRRORS}
        return {key: item for key, item in found.items() if item not in (None, [], {})}
    if isinstance(value, list):
        return [_without_nulls(item, name) for item in value]
    return value
