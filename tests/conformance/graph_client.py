"""A Graph client for the conformance tests: requests in, httpx responses out; it knows nothing but HTTP."""

import asyncio
import uuid
from typing import Any

import httpx

EMULATED = "https://graph.microsoft.com"
# Where references point to, whatever tenant the tests run against.
BASE = f"{EMULATED}/v1.0"
# An id that no object has.
NOBODY = "99999999-9999-4999-8999-999999999999"


class Graph:
    """Sends requests to one Graph, as one caller."""

    def __init__(self, http: httpx.AsyncClient, runner: asyncio.Runner, *, fresh: bool) -> None:
        self.http = http
        self._runner = runner
        # Whether the tenant is made anew for each test; otherwise what is created is named at random and
        # removed.
        self.fresh = fresh
        self._made: list[str] = []

    def send(
        self, method: str, path: str, json: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Send one request; a path without a version is v1.0's."""
        url = path if path.startswith(("http", "/v1.0", "/beta", "/_emulator")) else f"/v1.0{path}"
        return self._runner.run(self.http.request(method, url, json=json, headers=headers, **more))

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Read; header names are written with underscores."""
        return self.send("GET", path, headers=_headers(headers))

    def advanced(self, path: str) -> httpx.Response:
        """Read with an advanced query."""
        return self.send("GET", path, headers={"ConsistencyLevel": "eventual"})

    def post(self, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """Create, or run an action."""
        return self.send("POST", path, {} if json is None else json, _headers(headers))

    def patch(self, path: str, json: Any, **headers: str) -> httpx.Response:
        """Change."""
        return self.send("PATCH", path, json, _headers(headers))

    def delete(self, path: str) -> httpx.Response:
        """Delete."""
        return self.send("DELETE", path)

    def batch(self, *parts: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Send a batch and give its answers by id."""
        requests = [
            {"id": str(n), "headers": {"Content-Type": "application/json"}, **part}
            for n, part in enumerate(parts, 1)
        ]
        response = self.post("/$batch", {"requests": requests})
        assert response.status_code == 200, response.text
        return {item["id"]: item for item in response.json()["responses"]}

    def application(self, **properties: Any) -> dict[str, Any]:
        """Create an application and give what the create answered."""
        response = self.post(
            "/applications", {"displayName": f"conformance {uuid.uuid4().hex[:8]}", **properties}
        )
        assert response.status_code == 201, response.text
        self._made.append(f"/applications/{response.json()['id']}")
        return dict(response.json())

    def principal(self, app: dict[str, Any], **properties: Any) -> dict[str, Any]:
        """Create the service principal of an application."""
        response = self.post("/servicePrincipals", {"appId": app["appId"], **properties})
        assert response.status_code == 201, response.text
        return dict(response.json())

    def group(self, **properties: Any) -> dict[str, Any]:
        """Create a security group."""
        name = f"conformance {uuid.uuid4().hex[:8]}"
        body = {
            "displayName": name,
            "mailEnabled": False,
            "mailNickname": "conformance",
            "securityEnabled": True,
        }
        response = self.post("/groups", {**body, **properties})
        assert response.status_code == 201, response.text
        self._made.append(f"/groups/{response.json()['id']}")
        return dict(response.json())

    def clean(self) -> None:
        """Remove what the test made, in a tenant that stays."""
        if not self.fresh:
            for path in reversed(self._made):
                self.delete(path)


def role(
    value: str | None = "Reader", *, members: tuple[str, ...] = ("User",), **properties: Any
) -> dict[str, Any]:
    """Write an app role as clients send it."""
    return {
        "id": str(uuid.uuid4()),
        "value": value,
        "displayName": value or "Default",
        "description": "Described.",
        "allowedMemberTypes": list(members),
        "isEnabled": True,
        **properties,
    }


def scope(value: str = "user.read", **properties: Any) -> dict[str, Any]:
    """Write a delegated permission as clients send it."""
    return {
        "id": str(uuid.uuid4()),
        "value": value,
        "adminConsentDisplayName": value,
        "adminConsentDescription": "Described.",
        "userConsentDisplayName": value,
        "userConsentDescription": "Described.",
        "type": "User",
        "isEnabled": True,
        **properties,
    }


def resource(graph: Graph, *roles: dict[str, Any]) -> dict[str, Any]:
    """Make an API with roles and a scope, and give its service principal."""
    app = graph.application(appRoles=list(roles), api={"oauth2PermissionScopes": [scope()]})
    return graph.principal(app)


def user_id(graph: Graph) -> str:
    """Give the object id of some user."""
    return str(graph.get("/users?$top=1&$select=id").json()["value"][0]["id"])


def refused(response: httpx.Response, status: int, code: str, text: str = "") -> dict[str, Any]:
    """Assert a refusal by status, code and a part of its message, and give the error."""
    assert response.status_code == status, response.text
    error = dict(response.json()["error"])
    assert error["code"] == code, error
    assert text in error["message"], error
    return error


def _headers(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}
