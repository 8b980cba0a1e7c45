"""Requirements: scopes and roles, any and all, combined, per route and per router; groups."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.testclient import TestClient

from api.app import create
from api.auth.requirements import require, require_groups, require_proof, require_roles, require_scopes
from api.auth.route import GuardedRoute
from api.auth.user import CurrentUser
from api.generated.authorization import GUARDS, Operation, Role, Scope
from api.tests.conftest import settings
from api.tests.issuer import Clock, KeyServer, app_claims, sign, user_claims

READ, WRITE = Scope.USER_READ, Scope.USER_WRITE
REQUIREMENTS = {
    "all-scopes": require_scopes(READ, WRITE),
    "any-scope": require_scopes(READ, WRITE, match="any"),
    "any-role": require_roles(Role.READER, Role.ADMIN),
    "all-roles": require_roles(Role.READER, Role.ADMIN, match="all"),
    "scope-and-role": require_scopes(READ) & require_roles(Role.ADMIN),
    "three": require_scopes(READ) & require_roles(Role.ADMIN) & require_scopes(WRITE),
    "scope-or-app-role": require_scopes(READ, or_app_roles=(Role.WRITER,)),
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Start the API with one route per requirement, and one router with a requirement of its own."""
    clock = Clock()
    folder = tmp_path_factory.mktemp("requirements")
    app = create(
        settings(folder), transport=KeyServer().transport(), now=clock, monotonic=clock, sleep=clock.sleep
    )
    for name, requirement in REQUIREMENTS.items():
        _add_route(app, name, requirement)
    _add_route(app, "group", require_groups("g1", "g2"))
    router = APIRouter(
        prefix="/router", dependencies=[Depends(require_roles(Role.ADMIN))], route_class=GuardedRoute
    )

    @router.post("/scope")
    async def both(body: dict[str, str], user: Annotated[CurrentUser, Depends(require_scopes(READ))]) -> str:
        return f"{user.object_id}{body}"

    app.include_router(router)
    with TestClient(app) as client:
        yield client


def _add_route(app: FastAPI, name: str, requirement: Any) -> None:
    async def route(user: Annotated[CurrentUser, Depends(requirement)]) -> str:
        return user.object_id

    app.add_api_route(f"/{name}", route)


def _status(client: TestClient, path: str, claims: dict[str, Any], **request: Any) -> int:
    headers = {"Authorization": f"Bearer {sign(claims)}"}
    return client.request(request.pop("method", "GET"), path, headers=headers, **request).status_code


@pytest.mark.parametrize(
    ("path", "scp", "roles", "status"),
    [
        ("all-scopes", "user.read user.write", [], 200),
        ("all-scopes", "user.read", [], 403),
        ("any-scope", "user.write", [], 200),
        ("any-scope", "user.admin", ["Admin"], 403),
        ("any-role", "none", ["Admin"], 200),
        ("any-role", "none", ["Writer"], 403),
        ("all-roles", "none", ["Admin", "Reader"], 200),
        ("all-roles", "none", ["Admin"], 403),
        ("scope-and-role", "user.read", ["Admin"], 200),
        ("scope-and-role", "user.read", ["Reader"], 403),
        ("scope-and-role", "user.write", ["Admin"], 403),
        ("three", "user.read user.write", ["Admin"], 200),
        ("three", "user.read", ["Admin"], 403),
        ("three", "user.write", ["Admin"], 403),
        ("three", "user.read user.write", ["Writer"], 403),
        ("scope-or-app-role", "user.read", [], 200),
        ("scope-or-app-role", "user.write", ["Writer"], 403),
    ],
)
def test_people(guarded: TestClient, path: str, scp: str, roles: list[str], status: int) -> None:
    """A person's token needs the scopes and the roles, any or all, as declared."""
    assert _status(guarded, path, user_claims(scp=scp, roles=roles)) == status


@pytest.mark.parametrize(
    ("path", "roles", "status"),
    [
        ("any-scope", ["Writer"], 403),
        ("scope-or-app-role", ["Writer"], 200),
        ("scope-or-app-role", ["Reader"], 403),
        ("any-role", ["Admin"], 200),
        ("any-role", ["Writer"], 403),
        ("any-role", [], 403),
    ],
)
def test_applications(guarded: TestClient, path: str, roles: list[str], status: int) -> None:
    """An application has no scopes: its roles decide, where the route lets applications in."""
    assert _status(guarded, path, app_claims(roles=roles)) == status


@pytest.mark.parametrize(
    ("scp", "roles", "status"),
    [("user.read", ["Admin"], 200), ("user.read", ["Reader"], 403), ("user.write", ["Admin"], 403)],
)
def test_a_router_guards_its_routes(guarded: TestClient, scp: str, roles: list[str], status: int) -> None:
    """A route needs what its router requires and what it requires itself."""
    claims = user_claims(scp=scp, roles=roles)
    assert _status(guarded, "/router/scope", claims, method="POST", json={"a": "b"}) == status


def test_a_stranger_is_refused_before_the_body_is_read(guarded: TestClient) -> None:
    """Who may not call is told so, not what is wrong with the body."""
    as_json = {"Content-Type": "application/json"}
    for role, status in ((None, 401), ("Reader", 403), ("Admin", 422)):
        token = {"Authorization": f"Bearer {sign(user_claims(roles=[role]))}"} if role else {}
        response = guarded.post("/router/scope", content=b"{", headers=as_json | token)
        assert response.status_code == status


@pytest.mark.parametrize(
    ("claims", "status", "detail"),
    [
        (user_claims(groups=["g0", "g2"]), 200, ""),
        (user_claims(groups=["g0"]), 403, "another group"),
        (user_claims(), 403, "another group"),
        (
            user_claims(_claim_names={"groups": "src1"}, _claim_sources={"src1": {}}),
            403,
            "more groups than a token can hold",
        ),
        (user_claims(hasgroups=True), 403, "more groups than a token can hold"),
        (user_claims(hasgroups="true"), 403, "more groups than a token can hold"),
    ],
)
def test_groups(guarded: TestClient, claims: dict[str, Any], status: int, detail: str) -> None:
    """Membership counts by object id; in an overage it is unknown, which is not membership."""
    response = guarded.get("/group", headers={"Authorization": f"Bearer {sign(claims)}"})
    assert (response.status_code, detail in response.text) == (status, True)


def test_a_missing_scope_is_named(guarded: TestClient) -> None:
    """A developer reads which scope to request, in the body and in the challenge."""
    response = guarded.get(
        "/all-scopes", headers={"Authorization": f"Bearer {sign(user_claims(scp='user.read'))}"}
    )
    assert response.json()["requiredScopes"] == ["user.read", "user.write"]
    assert 'scope="api://' in response.headers["WWW-Authenticate"]
    assert "user.write" in response.headers["WWW-Authenticate"]


def test_overage_is_shown_in_me(tmp_path: Path, client: TestClient) -> None:
    """`groups` is null when the token holds a pointer in their place, and a list otherwise."""
    for claims, groups in (
        (user_claims(_claim_names={"groups": "src1"}), None),
        (user_claims(groups=["b", "a"]), ["a", "b"]),
        (user_claims(), []),
    ):
        response = client.get("/me", headers={"Authorization": f"Bearer {sign(claims)}"})
        assert response.json()["groups"] == groups


@pytest.mark.parametrize(
    ("path", "claims", "detail"),
    [
        ("all-scopes", user_claims(scp="x"), "This needs the scope user.read and user.write."),
        ("any-scope", user_claims(scp="x"), "This needs the scope user.read or user.write."),
        ("any-role", user_claims(roles=[]), "This needs the app role Reader or Admin. Roles are assigned"),
        ("all-roles", user_claims(roles=[]), "This needs the app role Reader and Admin. Roles are assigned"),
        ("any-role", app_claims(roles=[]), "The application has no app role of this API."),
        ("scope-or-app-role", app_claims(roles=["Reader"]), "An application needs the app role Writer for"),
        ("all-scopes", app_claims(roles=["Writer"]), "This is for people; a token of an application"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(
    guarded: TestClient, path: str, claims: dict[str, Any], detail: str
) -> None:
    """To a person's client what the person lacks, to an application what it lacks, if anything would do."""
    response = guarded.get(f"/{path}", headers={"Authorization": f"Bearer {sign(claims)}"})
    assert response.status_code == 403
    assert response.json()["detail"].startswith(detail)


def test_each_operation_requires_what_the_table_says() -> None:
    """One of its scopes where one is enough, or all of them."""
    one = require(Operation.ADMINISTER)
    assert (one.scopes, one.match_scopes, one.roles) == ((READ, Scope.USER_ADMIN), "any", (Role.ADMIN,))
    every = require(Operation.CREATE_RECORD)
    assert (every.scopes, every.match_scopes, every.or_app_roles) == ((WRITE,), "all", (Role.WRITER,))
    assert {operation for operation in GUARDS if require(operation).match_scopes == "any"} == {
        Operation.ADMINISTER
    }


def test_what_is_joined_is_required_part_by_part() -> None:
    """In order, and the token itself where a part asks for that, and nowhere else."""
    joined = require_scopes(READ) & require_roles(Role.ADMIN) & require_proof()
    assert [(each.scopes, each.roles, each.proof) for each in joined.parts()] == [
        ((READ,), (), False),
        ((), (Role.ADMIN,), False),
        ((), (), True),
    ]
