"""How a refusal is written, how an answer reaches a redirect URI, and whom a browser's session knows."""

import datetime as dt

import pytest

from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.login.errors import LoginError, RedirectError, TraceIds
from entra_emulator.login.session import Account, BrowserSession

TRACE = TraceIds(dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC), "trace", "correlation")
TAIL = "Trace ID: trace Correlation ID: correlation Timestamp: 2026-01-02 03:04:05Z"


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
