"""The OpenAPI document against the running API: every answer is documented, every documented status is
real.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from starlette.testclient import TestClient

from api.app import create
from api.tests import conftest
from api.tests.issuer import Clock, KeyServer, app_claims, sign, user_claims

ALL_SCOPES = "user.read user.write user.admin"
CALLERS: dict[str, str | None] = {
    "nobody": None,
    "a stranger": sign(user_claims(), "attacker"),
    "a reader": sign(user_claims(roles=["Reader"], scp="user.read")),
    "an application": sign(app_claims()),
    "everything": sign(user_claims(roles=["Admin", "Reader", "Writer"], scp=ALL_SCOPES)),
}
BOUNDED = hypothesis_settings(
    max_examples=50,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


CLOCK = Clock()
API = create(
    conftest.settings(Path(), database=":memory:"),
    transport=KeyServer().transport(),
    now=CLOCK,
    monotonic=CLOCK,
    sleep=CLOCK.sleep,
)


OPERATIONS = [
    f"{method.upper()} {path}" for path, methods in API.openapi()["paths"].items() for method in methods
]


@BOUNDED
def responded(case: Any) -> None:
    """Send one request as every caller."""
    for caller, token in CALLERS.items():
        try:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"} if token else {})
        except Exception as error:  # raised again, with the caller in its note
            error.add_note(f"sent by {caller}")
            raise


@cache
def requests() -> dict[str, Callable[[], None]]:
    """Return what sends each operation's requests: made where the tests run, not when they are collected."""
    import schemathesis
    from schemathesis.core.result import Ok
    from schemathesis.pytest.lazy import get_all_tests

    schema = schemathesis.openapi.from_asgi("/openapi.json", API)
    made = get_all_tests(schema=schema, test_func=responded, settings=None, given_kwargs=None)
    # One that the document describes wrongly is not among them: its test fails for it.
    sound = (each.ok() for each in made if isinstance(each, Ok))
    return {operation.label: send for operation, send in sound}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_generated_requests(operation: str) -> None:
    """Whatever is sent, by whomever, is answered as the document says, and never with a 500."""
    requests()[operation]()


def _documented() -> set[tuple[str, str, int]]:
    paths = API.openapi()["paths"]
    return {
        (method, path, int(status))
        for path, operations in paths.items()
        for method, operation in operations.items()
        for status in operation["responses"]
    }


def _provoked(client: TestClient) -> Iterator[tuple[str, str, int]]:
    """Send to each operation what provokes each of its answers."""
    bearer = {caller: {"Authorization": f"Bearer {token}"} for caller, token in CALLERS.items() if token}
    good, poor, malformed = bearer["everything"], bearer["a stranger"], {"Authorization": "Bearer"}
    powerless = {"Authorization": f"Bearer {sign(app_claims(roles=[]))}"}
    for path, operations in API.openapi()["paths"].items():
        for method in operations:
            made = client.post("/records", json={"title": "A"}, headers=good)
            body = {"title": "B"} if method in {"post", "put"} else None
            if path.endswith("/owner"):
                body = {"owner": made.json().get("owner", str(UUID(int=0)))}
            target = path.replace("{record_id}", made.json().get("id", str(UUID(int=0))))
            missing = path.replace("{record_id}", str(UUID(int=1)))
            invalid = path.replace("{record_id}", "x") + ("?limit=0" if path == "/records" else "")
            huge = dict.fromkeys(body, "a" * 100_000) if body else None
            attempts: list[tuple[str, dict[str, str], Any]] = [
                *((target, headers, body) for headers in (malformed, poor, powerless)),
                (invalid, good, {} if body else None),
                (missing, good, body),
                (target, good, huge),
                (target, good, body),
            ]
            for url, headers, content in attempts:
                yield method, path, client.request(method, url, headers=headers, json=content).status_code


def test_every_documented_status_is_real(tmp_path: Path) -> None:
    """Each status of the document can be provoked, and no other one comes."""
    seen: set[tuple[str, str, int]] = set()
    for folder, failing in (("works", False), ("fails", True)):
        (tmp_path / folder).mkdir()
        server, clock = KeyServer(failing=failing), Clock()
        settings = conftest.settings(tmp_path / folder)
        app = create(settings, transport=server.transport(), now=clock, monotonic=clock, sleep=clock.sleep)
        with TestClient(app) as client:
            seen |= set(_provoked(client))
    assert seen == _documented()


def test_a_resource_names_all_its_methods() -> None:
    """A method that a resource lacks is answered with those it has."""
    response = TestClient(API).patch(f"/records/{UUID(int=0)}")
    assert (response.status_code, response.headers["Allow"]) == (405, "DELETE, GET, PUT")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_document_says_what_each_operation_requires() -> None:
    """Scopes stand in the operation's security, roles in its description."""
    uri = conftest.V2["API_APP_ID_URI"]
    paths = API.openapi()["paths"]
    assert paths["/records"]["post"]["security"] == [{"entra": [f"{uri}/user.write"]}]
    assert "`Writer`" in paths["/records"]["post"]["description"]
    assert paths["/admin/data"]["get"]["security"] == [
        {"entra": [f"{uri}/user.read"]},
        {"entra": [f"{uri}/user.admin"]},
    ]
    assert "`Admin`" in paths["/admin/data"]["get"]["description"]
    assert "security" not in paths["/healthz"]["get"]
