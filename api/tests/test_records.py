"""The resource `records`: who may read, write and delete, as people and a job of the applied manifest."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.tests.issuer import app_claims, sign

DRAFT = {"title": "First", "text": "of many"}
# What the manifest and the example's groups make of them in `dev`.
WRITER, READER, ADMIN = "erin", "dave", "carol"


def _created(client: TestClient, title: str = "First") -> dict[str, Any]:
    answer = client.post("/records", json={"title": title})
    assert answer.status_code == 201
    record: dict[str, Any] = answer.json()
    return record


@pytest.fixture
def person(entra_api: TestClient, entra_starlette_client: Callable[..., TestClient]) -> Any:
    """Give `person(name)`: the API as somebody calls it from the page."""

    def calling(name: str, scopes: str = "api/user.read api/user.write") -> TestClient:
        return entra_starlette_client(entra_api.app, name, "spa", scopes)

    return calling


@pytest.fixture
def job(entra_api: TestClient, entra_starlette_client: Callable[..., TestClient]) -> TestClient:
    """Give the API as the nightly job calls it, by itself."""
    return entra_starlette_client(entra_api.app, None, "nightly", "api")


def test_a_record_lives(person: Any) -> None:
    """A writer creates and changes a record, anyone with user.read reads it, an admin deletes it."""
    created = person(WRITER).post("/records", json=DRAFT)
    path = created.headers["Location"]
    assert created.status_code == 201
    changed = person(WRITER).put(path, json={"title": "Second"}).json()
    assert (changed["title"], changed["text"], changed["createdAt"]) == (
        "Second",
        "",
        created.json()["createdAt"],
    )
    assert person(READER).get(path).json() == changed
    assert person(ADMIN).delete(path).status_code == 204
    assert person(READER).get(path).status_code == 404


def test_who_writes_is_the_author(person: Any, job: TestClient, entra_tenant: Any) -> None:
    """What a person or an application writes bears their object id."""
    graph = entra_tenant.graph()
    erin = graph.get("users/erin@contoso.com?$select=id").json()["id"]
    assert person(WRITER).post("/records", json=DRAFT).json()["createdBy"] == erin
    itself = graph.get(f"servicePrincipals(appId='{entra_tenant.app_id('nightly')}')").json()["id"]
    assert job.post("/records", json=DRAFT).json()["createdBy"] == itself


@pytest.mark.parametrize(
    ("method", "who", "status"),
    [
        ("GET", READER, 200),
        ("POST", WRITER, 201),
        ("POST", READER, 403),
        ("POST", ADMIN, 403),
        ("DELETE", WRITER, 403),
        ("DELETE", ADMIN, 204),
    ],
)
def test_what_a_role_is_good_for(person: Any, method: str, who: str, status: int) -> None:
    """Each action needs the person's role."""
    path = f"/records/{_created(person(WRITER))['id']}" if method == "DELETE" else "/records"
    body = DRAFT if method == "POST" else None
    assert person(who).request(method, path, json=body).status_code == status


def test_the_job_reads_and_writes(job: TestClient) -> None:
    """An application with Writer does both by itself."""
    assert (job.get("/records").status_code, job.post("/records", json=DRAFT).status_code) == (200, 201)


@pytest.mark.parametrize(
    ("consented", "method", "who"),
    [("user.write", "GET", READER), ("user.read", "POST", WRITER), ("user.read", "DELETE", ADMIN)],
)
def test_what_a_page_was_not_consented(
    person: Any, entra_tenant: Any, consented: str, method: str, who: str
) -> None:
    """Each action needs the client's scope, whatever role the person has."""
    path = f"/records/{_created(person(WRITER))['id']}" if method == "DELETE" else "/records"
    graph, app_id = entra_tenant.graph(), entra_tenant.app_id
    page, api = (
        graph.get(f"servicePrincipals(appId='{app_id(key)}')").json()["id"] for key in ("spa", "api")
    )
    grants = graph.get(f"oauth2PermissionGrants?$filter=clientId eq '{page}'").json()["value"]
    app = f"applications(appId='{app_id('api')}')"
    # Nobody is asked for what the API gives its own page beforehand.
    assert graph.patch(app, json={"api": {"preAuthorizedApplications": []}}).status_code == 204
    given = next(grant["id"] for grant in grants if grant["resourceId"] == api)
    assert graph.patch(f"oauth2PermissionGrants/{given}", json={"scope": consented}).status_code == 204
    caller = person(who, f"api/{consented}")
    assert caller.request(method, path, json=DRAFT if method == "POST" else None).status_code == 403


@pytest.mark.parametrize(
    ("method", "roles", "status"),
    [("GET", ["Other"], 403), ("GET", ..., 403), ("DELETE", ["Admin"], 403), ("GET", ["Writer"], 200)],
)
def test_tokens_of_applications_that_entra_would_not_give(
    client: TestClient, method: str, roles: Any, status: int
) -> None:
    """Another role than Writer opens nothing to an application, were it ever in a token."""
    headers = {"Authorization": f"Bearer {sign(app_claims(roles=roles))}"}
    path = "/records/00000000-0000-4000-8000-000000000000" if method == "DELETE" else "/records"
    assert client.request(method, path, headers=headers).status_code == status


def test_pages(person: Any) -> None:
    """Pages follow each other, newest first, without gap or double."""
    writer, reader = person(WRITER), person(READER)
    made = [_created(writer, f"Record {number}")["id"] for number in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": "2", **({"after": cursor} if cursor else {})}
        page = reader.get("/records", params=query).json()
        seen += [record["id"] for record in page["items"]]
        cursor = page["next"]
    assert (seen, cursor) == (made[::-1], None)
