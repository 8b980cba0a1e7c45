"""The HTTP door: the transport is the only seam, tokens stay at home, broken calls are responses."""

from __future__ import annotations

import asyncio
import base64
import json
import sys

import httpx
import pytest

from entra_config.errors import UsageError
from entra_config.graph.connect import connect
from entra_config.graph.request import Request
from entra_config.graph.token import FixedToken, Identity, Token, identify
from tests.unit.graph.doors import ME, talk


def jwt(**claims: object) -> str:
    """Make a token that nobody signed."""
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.sig"


def test_requests_go_to_the_cloud_signed_in_and_named() -> None:
    """URL, token, user agent and an id for support are all on the wire; null and [] stay what they are."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    talk(
        handler,
        Request("PATCH", "/applications(uniqueName='a%27b')", {"web": {"homePageUrl": None}, "tags": []}),
    )
    (request,) = seen
    assert str(request.url) == "https://graph.microsoft.com/v1.0/applications(uniqueName='a%27b')"
    assert request.headers["authorization"] == "Bearer secret-token"
    assert request.headers["user-agent"].startswith("entra-config/")
    assert request.headers["client-request-id"]
    assert json.loads(request.content) == {"web": {"homePageUrl": None}, "tags": []}


def test_nothing_below_repeats_a_post() -> None:
    """503 to a POST reaches us after one call."""
    calls: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request.method)
        return httpx.Response(503, headers={"Retry-After": "1"})

    (response,) = talk(handler, Request("POST", "/applications", {}))
    assert (response.status, calls) == (503, ["POST"])


def test_a_redirect_does_not_take_the_token_along() -> None:
    """A 302 is not followed."""
    hosts: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://evil.example/"})

    (response,) = talk(handler, Request("GET", "/organization"))
    assert (response.status, hosts) == (302, ["graph.microsoft.com"])


@pytest.mark.parametrize("broken", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_a_broken_connection_is_an_unanswered_request(broken: type[httpx.TransportError]) -> None:
    """Whether Graph did it is not known: status 0, with the reason and the id that the call was sent with."""
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["client-request-id"])
        raise broken("cable", request=request)

    (response,) = talk(handler, Request("POST", "/applications", {}))
    assert response.status == 0
    assert response.message == "no response came from graph.microsoft.com: cable"
    assert response.request_id == sent[0]


def test_a_proxy_s_page_is_a_refusal_with_its_text() -> None:
    """An error that is no JSON keeps its first words."""
    (response,) = talk(
        lambda _: httpx.Response(407, text="<html>\n Proxy says no"), Request("GET", "/organization")
    )
    assert (response.status, response.message) == (407, "<html> Proxy says no")


def test_a_challenge_for_claims_is_answered_with_a_new_token() -> None:
    """Continuous access evaluation: 401 with claims leads to one new token that carries them."""
    requested: list[str | None] = []

    class Source:
        async def token(self, *, claims: str | None = None) -> Token:
            requested.append(claims)
            return Token(f"token-{len(requested)}", float("inf"), ME)

    claims = base64.b64encode(b'{"access_token":{}}').decode()

    def handler(request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] == "Bearer token-1":
            return httpx.Response(
                401,
                headers={
                    "WWW-Authenticate": f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
                },
            )
        return httpx.Response(200, json={})

    (response,) = talk(handler, Request("GET", "/organization"), source=Source())
    assert response.ok
    assert requested == [None, '{"access_token":{}}']


def test_a_token_is_kept_until_it_is_about_to_end() -> None:
    """Ten calls, one token; a token with less than five minutes to live is not sent."""
    now = [1000.0]
    given: list[float] = []

    class Source:
        async def token(self, *, claims: str | None = None) -> Token:
            given.append(now[0])
            return Token("t", now[0] + 3600, ME)

    async def run() -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
        async with await connect(
            "global", credential=Source(), transport=transport, now=lambda: now[0]
        ) as graph:
            for _ in range(10):
                await graph.send([Request("GET", "/organization")])
            now[0] += 3400
            await graph.send([Request("GET", "/organization")])

    asyncio.run(run())
    assert given == [1000.0, 4400.0]


def test_a_token_tells_whom_it_is_about_and_never_shows_itself() -> None:
    """Tenant, object and application come of the claims; an opaque token tells nothing; repr hides the
    value.
    """
    value = jwt(tid="t", oid="o", appid="a", app_displayname="Deployer")
    assert identify(value) == Identity("t", "o", "a", "Deployer")
    assert identify(jwt(tid="t", roles=["A.Read", "B.Read"])).permissions == {"A.Read", "B.Read"}
    assert identify(jwt(tid="t", scp="A.Read B.Read")).permissions == {"A.Read", "B.Read"}
    assert identify("opaque") == Identity()
    assert identify("a.!!!.c") == Identity()
    assert value not in repr(Token(value, 0.0))
    assert value not in repr(FixedToken(value))


def test_without_the_extra_the_typed_client_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`graph.service_client()` needs the SDK, which the base does not bring."""
    for name in (
        "kiota_abstractions",
        *[name for name in sys.modules if name.startswith("kiota_abstractions.")],
    ):
        monkeypatch.setitem(sys.modules, name, None)
    unused = httpx.MockTransport(lambda _: httpx.Response(204))

    async def run() -> None:
        async with await connect("global", credential=FixedToken("t", ME), transport=unused) as graph:
            graph.service_client()

    with pytest.raises(UsageError, match=r"pip install .*\[sdk\]"):
        asyncio.run(run())
