"""The resource `records`: who may read, write, delete and assign, as people and a job of the manifest."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.records.store import RecordStore
from api.tests.issuer import app_claims, sign

DRAFT = {"title": "First", "text": "of many"}
# What the manifest and the example's groups make of them in `dev`.
WRITER, READER, ADMIN = "erin", "dave", "carol"


def _created(client: TestClient, title: str = "First") -> dict[str, Any]:
    response = client.post("/records", json={"title": title})
    assert response.status_code == 201
    record: dict[str, Any] = response.json()
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


@pytest.mark.parametrize("blank", [" ", "\t\n", "\u0085", "\u2028", "\u3000", "\ufeff"])
def test_a_blank_title_is_none_for_every_reader_of_the_document(person: Any, blank: str) -> None:
    """The document's pattern finds nothing in what only JavaScript, or only this API, calls a space."""
    document = person(WRITER).get("/openapi.json").json()
    pattern = document["components"]["schemas"]["RecordInput"]["properties"]["title"]["pattern"]
    assert re.search(pattern, blank) is None
    assert person(WRITER).post("/records", json={"title": blank}).status_code == 422
    created = person(WRITER).post("/records", json={"title": f"{blank}First{blank}"})
    assert (created.status_code, "First" in created.json()["title"]) == (201, True)


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


def test_a_page_is_of_fifty_where_nobody_says(person: Any) -> None:
    """The rest comes with the next one."""
    writer = person(WRITER)
    for number in range(51):
        _created(writer, f"Record {number}")
    page = writer.get("/records").json()
    assert len(page["items"]) == 50
    assert len(writer.get("/records", params={"after": page["next"]}).json()["items"]) == 1


def test_an_administrator_gives_records_to_others(person: Any, job: TestClient, entra_tenant: Any) -> None:
    """Whoever wrote a record owns it, and is listed by name; an admin gives it to somebody who was here, and
    the record stays as it was written.
    """
    record = _created(person(WRITER))
    _created(job, "By night")
    assert record["owner"] == record["createdBy"]
    assert person(READER).get("/records").status_code == 200
    dave = entra_tenant.graph().get("users/dave@contoso.com?$select=id").json()["id"]

    given = person(ADMIN).put(f"/records/{record['id']}/owner", json={"owner": dave})
    assert given.json() == {**record, "owner": dave}
    assert [each["id"] for each in person(ADMIN).get("/records", params={"owner": dave}).json()["items"]] == [
        record["id"]
    ]

    seen = person(ADMIN).get("/admin/data").json()
    assert seen["records"] == 2
    assert {(each["username"], each["kind"], each["records"]) for each in seen["owners"]} == {
        ("carol@contoso.com", "user", 0),
        ("dave@contoso.com", "user", 1),
        ("erin@contoso.com", "user", 0),
        (None, "application", 1),
    }


def test_nobody_owns_what_nobody_knows(person: Any) -> None:
    """A record goes to nobody whom the API never saw, and one that is not there to nobody."""
    record = _created(person(WRITER))
    stranger = {"owner": "99999999-0000-4000-8000-000000000000"}
    assert person(ADMIN).put(f"/records/{record['id']}/owner", json=stranger).status_code == 422
    assert person(ADMIN).get(f"/records/{record['id']}").json() == record
    gone = f"/records/{stranger['owner']}/owner"
    assert person(ADMIN).put(gone, json={"owner": record["owner"]}).status_code == 404


@pytest.mark.parametrize("who", [READER, WRITER])
def test_who_is_no_administrator_gives_nothing_away(person: Any, who: str) -> None:
    """Neither a reader nor the record's owner assigns it, nor sees who owns what."""
    record = _created(person(WRITER))
    response = person(who).put(f"/records/{record['id']}/owner", json={"owner": record["owner"]})
    assert (response.status_code, person(who).get("/admin/data").status_code) == (403, 403)


def test_a_file_of_before_has_owners(tmp_path: Path) -> None:
    """A database without owners is taken as it is: whoever wrote a record owns it, and is listed by id."""
    file = tmp_path / "records.sqlite3"
    with closing(sqlite3.connect(file)) as before, before:
        before.execute(
            "CREATE TABLE records (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, "
            "title TEXT NOT NULL, text TEXT NOT NULL, createdAt TEXT NOT NULL, createdBy TEXT NOT NULL, "
            "updatedAt TEXT NOT NULL, updatedBy TEXT NOT NULL) STRICT"
        )
        before.execute("INSERT INTO records VALUES (1, 'r', 'Old', '', 't', 'erin', 't', 'dave')")
    for _ in range(2):
        with closing(RecordStore(file, now=lambda: datetime.now(UTC), new_id=str)) as store:
            assert [record.owner for record in store.page(9).items] == ["erin"]
            assert [(owner.id, owner.name, owner.records) for owner in store.owners()] == [("erin", None, 1)]
