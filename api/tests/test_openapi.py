"""What the OpenAPI document says of each route: how to sign in, which scopes are enough, and in words."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.auth.requirements import Requirement
from api.generated.authorization import Role, Scope
from api.openapi import SCHEME, _require, problem
from api.settings import EntraSettings
from api.tests.conftest import V2

SETTINGS = EntraSettings(**V2)
READ, WRITE, ADMIN = (f"{SETTINGS.api_app_id_uri}/{scope.value}" for scope in
                      (Scope.USER_READ, Scope.USER_WRITE, Scope.USER_ADMIN))  # fmt: skip


@pytest.mark.parametrize(
    ("needed", "alternatives", "words"),
    [
        ([Requirement()], [[]], "Requires a token."),
        ([Requirement((Scope.USER_READ,))], [[READ]], "Requires scope `user.read`."),
        (
            [Requirement((Scope.USER_READ, Scope.USER_WRITE))],
            [[READ, WRITE]],
            "Requires scope `user.read` and `user.write`.",
        ),
        (
            [Requirement((Scope.USER_READ, Scope.USER_WRITE), "any")],
            [[READ], [WRITE]],
            "Requires scope `user.read` or `user.write`.",
        ),
        ([Requirement(roles=(Role.ADMIN,))], [[]], "Requires app role `Admin`."),
        ([Requirement((), "any", roles=(Role.ADMIN,))], [[]], "Requires app role `Admin`."),
        (
            [Requirement(roles=(Role.ADMIN, Role.WRITER))],
            [[]],
            "Requires app role `Admin` or `Writer`.",
        ),
        (
            [Requirement(roles=(Role.ADMIN, Role.WRITER), match_roles="all")],
            [[]],
            "Requires app role `Admin` and `Writer`.",
        ),
        (
            [Requirement((Scope.USER_READ,), or_app_roles=(Role.WRITER, Role.READER, Role.ADMIN))],
            [[READ]],
            (
                "Requires scope `user.read`. An application requires the app role Admin or Reader or Writer "
                "in place of a scope."
            ),
        ),
        (
            [
                Requirement((Scope.USER_READ, Scope.USER_WRITE), "any"),
                Requirement((Scope.USER_ADMIN,), roles=(Role.ADMIN,)),
            ],
            [[READ, ADMIN], [WRITE, ADMIN]],
            "Requires scope `user.read` or `user.write` and scope `user.admin` and app role `Admin`.",
        ),
    ],
)
def test_what_a_route_requires(needed: list[Requirement], alternatives: list[list[str]], words: str) -> None:
    """Of several scopes of which one is enough each is a way of its own; the route's own words come first."""
    for own in ("", "Lists records."):
        operation: dict[str, Any] = {"description": own} if own else {}
        _require(operation, needed, SETTINGS)
        assert operation["security"] == [{SCHEME: scopes} for scopes in alternatives]
        assert operation["description"] == f"{own}\n\n{words}".strip()


def test_the_document_says_how_to_sign_in_and_is_made_once(client: TestClient) -> None:
    """By code with PKCE at the tenant, for the API's own scopes; what no route answers is not in it."""
    document = client.get("/openapi.json").json()
    (flow,) = document["components"]["securitySchemes"][SCHEME]["flows"].items()
    assert flow[0] == "authorizationCode"
    endpoints = f"{SETTINGS.authority.rstrip('/')}/oauth2/v2.0"
    assert flow[1]["authorizationUrl"] == f"{endpoints}/authorize"
    assert flow[1]["tokenUrl"] == f"{endpoints}/token"
    assert flow[1]["scopes"] == {f"{SETTINGS.api_app_id_uri}/{scope.value}": scope.value for scope in Scope}
    assert "Problem" in document["components"]["schemas"]
    assert not {"HTTPValidationError", "ValidationError"} & document["components"]["schemas"].keys()
    app: Any = client.app
    assert app.openapi() is app.openapi()


def test_each_documented_route_says_what_it_requires_and_an_open_one_nothing(client: TestClient) -> None:
    """The root is for people, and not in the document."""
    paths = client.get("/openapi.json").json()["paths"]
    found = {
        (path, method): operation.get("security")
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    one = "/records/{record_id}"
    assert found == {
        ("/healthz", "get"): None,
        ("/readyz", "get"): None,
        ("/me", "get"): [{SCHEME: []}],
        ("/admin/data", "get"): [{SCHEME: [READ]}, {SCHEME: [ADMIN]}],
        ("/records", "get"): [{SCHEME: [READ]}],
        ("/records", "post"): [{SCHEME: [WRITE]}],
        (one, "get"): [{SCHEME: [READ]}],
        (one, "put"): [{SCHEME: [WRITE]}],
        (one, "delete"): [{SCHEME: [WRITE]}],
        (f"{one}/owner", "put"): [{SCHEME: [WRITE]}],
    }


def test_what_only_a_load_balancer_calls_is_not_in_the_document(behind: TestClient) -> None:
    """Nor is the page's session: both are guarded, and no program's."""
    response = behind.get("/openapi.json", headers={"Host": "api.example.com"})
    assert response.status_code == 200
    assert not {"/userinfo", "/session", "/auth/renew"} & response.json()["paths"].keys()


def test_a_problem_names_its_headers_where_it_has_any() -> None:
    """As texts; a problem without them says nothing of headers."""
    assert "headers" not in problem("Gone.")
    assert problem("Wait.", "Retry-After")["headers"] == {"Retry-After": {"schema": {"type": "string"}}}
