"""How a refusal is written, how an answer reaches a redirect URI, and whom a browser's session knows."""

import datetime as dt
from typing import Any

import pytest

from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.login import login_hints, redirects
from entra_emulator.login.errors import LoginError, RedirectError, TraceIds
from entra_emulator.login.session import Account, BrowserSession

TRACE = TraceIds(dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC), "trace", "correlation")
TAIL = "Trace ID: trace Correlation ID: correlation Timestamp: 2026-01-02 03:04:05Z"


@pytest.mark.parametrize(
    ("refusal", "status", "more"),
    [
        (
            LoginError(7000215, app_id="a"),
            401,
            {"error": "invalid_client", "error_uri": "https://o/error?code=7000215"},
        ),
        (
            LoginError(65001, app_id="a", name="n"),
            400,
            {"error": "invalid_grant", "suberror": "consent_required"},
        ),
        (LoginError(90002, tenant="t", error="invalid_tenant"), 400, {"error": "invalid_tenant"}),
        (LoginError(50058, claims="{}"), 400, {"claims": "{}"}),
    ],
)
def test_a_refusal_as_json(refusal: LoginError, status: int, more: dict[str, Any]) -> None:
    """Its code, its words and the ids that name it; claims only where they are asked for."""
    body = refusal.body(TRACE, "https://o")
    assert refusal.status == status
    assert list(body)[:6] == [
        "error",
        "error_description",
        "error_codes",
        "timestamp",
        "trace_id",
        "correlation_id",
    ]
    assert body["error_description"] == f"AADSTS{refusal.code}: {refusal.text} {TAIL}"
    assert (body["error_codes"], body["timestamp"]) == ([refusal.code], "2026-01-02 03:04:05Z")
    assert (body["trace_id"], body["correlation_id"]) == ("trace", "correlation")
    assert {name: body[name] for name in more} == more
    assert ("error_uri" in body) is bool(refusal.entry.uri)
    assert ("suberror" in body) is bool(refusal.entry.suberror)
    assert ("claims" in body) is (refusal.claims is not None)


@pytest.mark.parametrize("state", [None, "", "s"])
def test_a_refusal_by_redirect(state: str | None) -> None:
    """A state comes back, an empty one too; what else is given goes with it."""
    refusal = LoginError(65001, app_id="a", name="n")
    found = RedirectError(refusal, "https://a/", "query", state, {"more": "x"}).parameters(TRACE, "https://o")
    given = {} if state is None else {"state": state}
    assert found["error_description"].endswith(TAIL)
    assert {name: found[name] for name in found if name not in ("error_description", "error_uri")} == {
        "error": refusal.error,
        **({"suberror": refusal.entry.suberror} if refusal.entry.suberror else {}),
        **given,
        "more": "x",
    }
    assert found.get("error_uri", "") == (f"https://o/error?code={refusal.code}" if refusal.entry.uri else "")


def test_an_answer_by_form_posts_itself() -> None:
    """A page with the URI and the fields."""
    response = redirects.response("https://a.test/cb", "form_post", {"code": "x"})
    text = bytes(response.body).decode()
    assert response.status_code == 200
    assert "https://a.test/cb" in text
    assert 'name="code"' in text


def test_a_login_hint_names_its_user_and_other_text_is_what_it_is() -> None:
    """Also one of a tenant or of a user that is not there."""
    directory = Embedded.create(seed="hint", clock=ManualClock()).directory
    tenant = directory.default
    user = next(iter(tenant.users))
    hint = login_hints.write(tenant, user)
    assert hint.startswith("O.")
    assert "@" not in hint
    assert login_hints.read(directory, hint) == user["userPrincipalName"]
    gone = login_hints.write(tenant, {"id": "00000000-0000-0000-0000-000000000000"})
    for other in (gone, "a@b.test", "O.", "O.x", "O.____", hint.removeprefix("O."), hint[:40]):
        assert login_hints.read(directory, other) == other


def test_a_session_knows_each_user_once_and_each_application_once() -> None:
    """Who signs in again replaces who was there; those that are gone, disabled or of elsewhere are not in."""
    directory = Embedded.create(seed="session", clock=ManualClock()).directory
    tenant = directory.default
    one, two, *_ = [user for user in tenant.users if user.get("accountEnabled") is not False]
    early, late = (Account(tenant.tenant_id, one["id"], f"s{at}", at) for at in (1, 2))
    other = Account(tenant.tenant_id, two["id"], "s3", 3)
    session = BrowserSession().with_account(early).with_account(other).with_account(late)
    assert session.accounts == (other, late)
    assert session.with_app("a").with_app("b").with_app("a").apps == ("a", "b")
    assert session.with_app("a").accounts == session.accounts
    assert session.in_use(one) == late
    assert session.in_use({"id": "x"}) is None
    odd = session.with_account(Account("elsewhere", two["id"], "s", 4)).with_account(
        Account(tenant.tenant_id, "gone", "s", 5)
    )
    assert [(who.user["id"], who.session_id, who.auth_time) for who in odd.in_tenant(tenant)] == [
        (one["id"], "s2", 2)
    ]
    tenant.users.put({**one, "accountEnabled": False})
    assert session.in_tenant(tenant)[0].user["id"] == two["id"]
    assert len(session.in_tenant(tenant)) == 1
