"""Sign-in and the HTTP door: the transport is the only seam, tokens stay where they belong, broken calls
are answers.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from entra_config.errors import SignInError, UsageError
from entra_config.graph import clouds, credentials, endpoint
from entra_config.graph.connect import connect
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import retry_after
from entra_config.graph.token import FixedToken, Identity, Token, identify

ME = Identity("tenant", "object", "client", "ci")


def jwt(**claims: object) -> str:
    """Make a token that nobody signed."""
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.sig"


def talk(
    handler: Callable[[httpx.Request], httpx.Response], *requests: Request, source: object = None
) -> list[Response]:
    """Send to a handler."""

    async def run() -> list[Response]:
        async def no_wait(_: float) -> None:
            return None

        credential = source or FixedToken("secret-token", ME)
        async with await connect(
            "global", credential=credential, transport=httpx.MockTransport(handler), sleep=no_wait
        ) as graph:
            return await graph.send(requests)

    return asyncio.run(run())


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
    assert response.message == "no response came: cable"
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


def test_a_cloud_that_nobody_tried_says_so() -> None:
    """The three clouds by name; only the global one was tried."""
    assert [cloud.verified for cloud in clouds.CLOUDS.values()] == [True, False, False]
    with pytest.raises(UsageError, match="global, usgov, china, emulator"):
        clouds.named("mars")


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "cli"),
        ({"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"}, "environment"),
        (
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_CERTIFICATE_PATH": "c"},
            "environment",
        ),
        (
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": "f"},
            "workload-identity",
        ),
        ({"AZURE_CLIENT_SECRET": "s"}, "cli"),
        ({"IDENTITY_ENDPOINT": "http://169.254.169.254"}, "managed-identity"),
    ],
)
def test_the_environment_chooses_the_way_to_sign_in(environ: dict[str, str], name: str) -> None:
    """What a machine was prepared for is taken, else the Azure CLI."""
    assert credentials.offered(environ) == name


@pytest.mark.parametrize("name", [name for name in credentials.NAMES if name != "aws"])
def test_every_way_to_sign_in_can_be_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name is one of azure-identity's credentials, pointed at the cloud."""
    monkeypatch.setenv("AZURE_CLIENT_ID", "11111111-1111-1111-1111-111111111111")
    monkeypatch.setenv("AZURE_TENANT_ID", "11111111-1111-1111-1111-111111111111")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", "/nowhere")
    assert hasattr(credentials.azure(name, clouds.USGOV, "22222222-2222-2222-2222-222222222222"), "get_token")


def test_no_way_to_sign_in_is_an_error_that_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an Azure CLI the error names the ways there are."""
    monkeypatch.setenv("PATH", "/nowhere")
    source = credentials.source(clouds.GLOBAL, "cli", environ={}, now=lambda: 0.0)
    with pytest.raises(SignInError, match="az login"):
        asyncio.run(source.token())


def test_an_unknown_credential_is_a_usage_error() -> None:
    """The error lists the names."""
    with pytest.raises(UsageError, match="workload-identity"):
        credentials.source(clouds.GLOBAL, "magic", now=lambda: 0.0)


def write_run(state: Path, **other: object) -> None:
    """Write what a running emulator leaves in its folder."""
    data = {
        "pid": 1,
        "host": "127.0.0.1",
        "port": 8443,
        "tenantId": "t",
        "clientId": "c",
        "clientSecret": "hush",
        **other,
    }
    (state / "run.json").write_text(json.dumps(data))


def test_the_emulator_is_found_by_its_state_folder(tmp_path: Path) -> None:
    """Port, CA and deployer come of the run file, and the secret is not shown."""
    write_run(tmp_path)
    found = endpoint.read(tmp_path)
    assert (found.cloud.base_url, found.ca) == ("https://localhost:8443/v1.0", tmp_path / "ca.pem")
    assert "hush" not in repr(found)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"port": "x"}', '{"port": 1}'])
def test_a_broken_run_file_is_a_sign_in_error(tmp_path: Path, text: str) -> None:
    """Whatever stands in the file, the error names it."""
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(SignInError, match=r"run\.json"):
        endpoint.read(tmp_path)


def test_without_an_emulator_the_error_tells_how_to_start_one(tmp_path: Path) -> None:
    """The next command stands in the message."""
    with pytest.raises(SignInError, match="emulator start"):
        endpoint.read(tmp_path)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("https://localhost:8443", True),
        ("https://127.0.0.1:8443", True),
        ("https://[::1]:8443", True),
        ("https://api.localhost", True),
        ("http://localhost:8443", False),
        ("https://graph.microsoft.com", False),
        ("https://localhost.evil.example", False),
        ("https://127.0.0.1.evil.example", False),
        ("https://user@evil.example", False),
        ("localhost:8443", False),
    ],
)
def test_an_emulator_is_https_on_this_machine(url: str, local: bool) -> None:
    """Its tokens and secrets go nowhere else."""
    assert endpoint.is_loopback(url) is local


def test_secrets_of_the_environment_go_to_an_emulator_only_when_meant_for_it(tmp_path: Path) -> None:
    """A real client's secret is not posted to the emulator unless AZURE_AUTHORITY_HOST names it."""
    write_run(tmp_path)
    found = endpoint.read(tmp_path)
    real = {"AZURE_CLIENT_ID": "real", "AZURE_CLIENT_SECRET": "real-secret", "AZURE_TENANT_ID": "rt"}
    assert credentials._form(found, real, None)["client_id"] == "c"
    meant = {**real, "AZURE_AUTHORITY_HOST": "https://localhost:8443"}
    assert credentials._form(found, meant, None) == {
        "tenant": "rt",
        "client_id": "real",
        "client_secret": "real-secret",
    }
    assertion = tmp_path / "assertion"
    assertion.write_text("jwt\n")
    federated = {
        "AZURE_CLIENT_ID": "f",
        "AZURE_FEDERATED_TOKEN_FILE": str(assertion),
        "AZURE_AUTHORITY_HOST": "https://localhost:8443/",
    }
    form = credentials._form(found, federated, None)
    assert (form["tenant"], form["client_assertion"]) == ("t", "jwt")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("-3", 0.0),
        ("1.5", 1.5),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 50.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    """Both forms of the header are read; nonsense is ignored."""
    assert retry_after({"retry-after": text}, lambda: 10.0) == seconds


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
