"""Who may do what, with tokens of a tenant that each test has to itself."""

import app as application
import httpx
import pytest


@pytest.fixture
def app(entra_tenant):
    """Start the application as it runs at Entra: with its issuer, and its keys over HTTP."""
    http = httpx.Client(transport=entra_tenant.transport)
    return application.create(entra_tenant.issuer, entra_tenant.jwks_url, entra_tenant.app_id("api"), http)


def test_a_reader_reads(app, entra_starlette_client):
    client = entra_starlette_client(app, "dave", "spa", "api/user.read")
    assert client.get("/notes").json()["for"] == "dave@contoso.com"
    assert client.delete("/notes").json() == {"detail": "Dave Diaz lacks the role Admin"}


def test_an_administrator_clears(app, entra_starlette_client):
    assert entra_starlette_client(app, "alice", "spa", "api/user.write").delete("/notes").status_code == 200


def test_she_leaves_the_group_and_loses_the_role(app, entra_tenant, entra_starlette_client):
    graph = entra_tenant.graph()
    (group,) = graph.get("groups?$filter=displayName eq 'MyApp Developers'").json()["value"]
    alice = graph.get("users/alice@contoso.com").json()["id"]
    assert graph.delete(f"groups/{group['id']}/members/{alice}/$ref").status_code == 204
    client = entra_starlette_client(app, "alice", "spa", "api/user.write")
    assert client.delete("/notes").json() == {"detail": "Alice Archer lacks the role Admin"}


def test_a_job_has_its_own_roles_alone(app, entra_starlette_client):
    client = entra_starlette_client(app, None, "nightly", "api")
    assert client.get("/notes").json() == {"detail": "the caller lacks the role Reader"}


@pytest.mark.entra_clock(advance=-7200)
def test_a_token_of_two_hours_ago_is_none(app, entra_starlette_client):
    assert entra_starlette_client(app, "alice", "spa", "api/user.read").get("/notes").status_code == 401


def test_a_token_for_another_api_is_none(app, entra_starlette_client):
    client = entra_starlette_client(app, None, "nightly", "https://graph.microsoft.com")
    assert client.get("/notes").status_code == 401


@pytest.mark.entra_faults(throttle_rate=1)
def test_graph_may_throttle(entra_tenant):
    assert entra_tenant.graph().get("users").status_code == 429


async def _get(client, path):
    async with client:
        return await client.get(path)


def test_httpx_is_signed_in_too(app, entra_httpx_client):
    import asyncio

    client = entra_httpx_client(app, "dave", "spa", "api/user.read")
    assert asyncio.run(_get(client, "/notes")).status_code == 200
