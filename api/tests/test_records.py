"""The resource `records`: who may read, write and delete."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.tests.issuer import ALICE, ROBOT, app_claims, sign, user_claims

DRAFT = {"title": "First", "text": "of many"}


def _as(claims: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign(claims)}"}


WRITER = _as(user_claims())
READER = _as(user_claims(roles=["Reader"]))
ADMIN = _as(user_claims(roles=["Admin"]))
ROBOT_WRITER = _as(app_claims())


def _created(client: TestClient, title: str = "First") -> dict[str, Any]:
    answer = client.post("/records", json={"title": title}, headers=WRITER)
    assert answer.status_code == 201
    record: dict[str, Any] = answer.json()
    return record


def test_a_record_lives(client: TestClient) -> None:
    """A writer creates and changes a record, anyone with user.read reads it, an admin deletes it."""
    created = client.post("/records", json=DRAFT, headers=WRITER)
    path = created.headers["Location"]
    assert (created.status_code, created.json()["createdBy"]) == (201, ALICE)
    changed = client.put(path, json={"title": "Second"}, headers=WRITER).json()
    assert (changed["title"], changed["text"], changed["createdAt"]) == (
        "Second",
        "",
        created.json()["createdAt"],
    )
    assert client.get(path, headers=READER).json() == changed
    assert client.delete(path, headers=ADMIN).status_code == 204
    assert client.get(path, headers=READER).status_code == 404


@pytest.mark.parametrize(
    ("method", "who", "claims", "status"),
    [
        ("GET", "a person without user.read", user_claims(scp="user.write"), 403),
        ("GET", "an application with Writer", app_claims(), 200),
        ("GET", "an application with another role", app_claims(roles=["Other"]), 403),
        ("GET", "an application without a role", app_claims(roles=...), 403),
        ("POST", "a person with the role but not the scope", user_claims(scp="user.read"), 403),
        ("POST", "a person with the scope but not the role", user_claims(roles=["Reader"]), 403),
        ("POST", "a person without any role", user_claims(roles=...), 403),
        ("POST", "an administrator who is no writer", user_claims(roles=["Admin"]), 403),
        ("POST", "an application with Writer", app_claims(), 201),
        ("DELETE", "a writer", user_claims(), 403),
        (
            "DELETE",
            "an administrator whose client may only read",
            user_claims(roles=["Admin"], scp="user.read"),
            403,
        ),
        ("DELETE", "an application that calls itself Admin", app_claims(roles=["Admin"]), 403),
    ],
)
def test_rights(client: TestClient, method: str, who: str, claims: dict[str, Any], status: int) -> None:
    """Each action needs the client's scope and the person's role, or the application's role."""
    path = f"/records/{_created(client)['id']}" if method == "DELETE" else "/records"
    body = DRAFT if method == "POST" else None
    assert client.request(method, path, json=body, headers=_as(claims)).status_code == status, who


def test_an_application_is_the_author(client: TestClient) -> None:
    """What an application writes bears its object id."""
    answer = client.post("/records", json=DRAFT, headers=ROBOT_WRITER)
    assert answer.json()["createdBy"] == ROBOT


def test_pages(client: TestClient) -> None:
    """Pages follow each other, newest first, without gap or double."""
    made = [_created(client, f"Record {number}")["id"] for number in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": "2", **({"after": cursor} if cursor else {})}
        page = client.get("/records", params=query, headers=READER).json()
        seen += [record["id"] for record in page["items"]]
        cursor = page["next"]
    assert (seen, cursor) == (made[::-1], None)
