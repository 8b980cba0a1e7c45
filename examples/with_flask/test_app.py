"""Who may do what, with tokens of a tenant that each test has to itself."""

import app as application
import httpx
import pytest


@pytest.fixture
def app(entra_tenant):
    """Start the application as it runs at Entra: with its issuer, and its keys over HTTP."""
    http = httpx.Client(transport=entra_tenant.transport)
    return application.create(entra_tenant.issuer, entra_tenant.jwks_url, entra_tenant.app_id("api"), http)


def test_a_reader_reads(app, entra_flask_client):
    client = entra_flask_client(app, "dave", "spa", "api/user.read")
    assert client.get("/notes").json == {"notes": [], "reader": "dave@contoso.com"}
    assert client.delete("/notes").status_code == 403


def test_an_administrator_clears(app, entra_flask_client):
    assert entra_flask_client(app, "alice", "spa", "api/user.write").delete("/notes").json == {
        "cleared": True
    }


def test_without_a_token(app, entra_token):
    assert app.test_client().get("/notes").status_code == 401
    basic = {"Authorization": f"Basic {entra_token('alice', 'spa', 'api/user.read')}"}
    assert app.test_client().get("/notes", headers=basic).status_code == 401


def test_who_is_disabled_gets_no_token(entra_tenant, entra_token):
    from entra_config.pytest_plugin.tenant import NoTokenError

    answer = entra_tenant.graph().patch("users/alice@contoso.com", json={"accountEnabled": False})
    assert answer.status_code == 204
    with pytest.raises(NoTokenError, match="AADSTS50057"):
        entra_token("alice", "spa", "api/user.read")


@pytest.mark.entra_clock(advance=-7200)
def test_a_token_of_two_hours_ago_is_none(app, entra_flask_client):
    assert entra_flask_client(app, "alice", "spa", "api/user.read").get("/notes").status_code == 401
