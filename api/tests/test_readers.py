"""Who calls: a reader looks at its own headers, and no header brings another way of knowing about."""

import asyncio
from typing import Any, NoReturn

import pytest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.testclient import TestClient

from api.auth.failures import NoTokenError
from api.auth.readers import BearerReader
from api.tests.issuer import sign, user_claims
from api.tests.verifying import new_verifier

SOMEBODY = "00000000-0000-0000-0000-0000000000aa"
#: What a load balancer or a proxy of another deployment would say of who calls.
FOREIGN = {
    "x-amzn-oidc-data": sign(user_claims(roles=["Admin"])),
    "x-amzn-oidc-identity": SOMEBODY,
    "x-amzn-oidc-accesstoken": sign(user_claims(roles=["Admin"])),
    "X-Auth-Subject": SOMEBODY,
    "X-Auth-Roles": "Admin",
    "OIDC_CLAIM_roles": "Admin",
    "OIDC-CLAIM-oid": SOMEBODY,
    "X-Forwarded-User": "alice@contoso.com",
    "X-Forwarded-Access-Token": sign(user_claims(roles=["Admin"])),
    "X-MS-TOKEN-AAD-ACCESS-TOKEN": sign(user_claims(roles=["Admin"])),
    "Cookie": "__Host-session=x; AWSELBAuthSessionCookie-0=x; mod_auth_openidc_session=x",
    "Proxy-Authorization": f"Bearer {sign(user_claims(roles=['Admin']))}",
}


class _Watched(Headers):
    """Headers that remember which of them were looked at."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def getlist(self, key: str) -> list[str]:
        self.read.add(key.lower())
        return super().getlist(key)

    def __getitem__(self, key: str) -> str:
        self.read.add(key.lower())
        return super().__getitem__(key)

    def _all(self) -> NoReturn:
        raise AssertionError("a reader looks at headers by name")

    keys = values = items = __iter__ = _all


def _request(headers: Headers) -> Request:
    request = Request({"type": "http", "headers": [], "query_string": b"", "method": "GET", "path": "/"})
    request._headers = headers
    return request


@pytest.mark.parametrize(
    "given", [{}, FOREIGN, {"Authorization": f"Bearer {sign(user_claims())}", **FOREIGN}]
)
def test_the_bearer_reader_looks_at_one_header(given: dict[str, str]) -> None:
    """Whatever a request has besides, `Authorization` alone is read."""

    async def run() -> set[str]:
        verifier, _, _ = await new_verifier(4)
        watched = _Watched(given)
        try:
            await BearerReader(verifier).user(_request(watched))
        except NoTokenError:
            assert "Authorization" not in given
        return watched.read

    assert asyncio.run(run()) == {"authorization"}


@pytest.mark.parametrize("path", ["/me", "/records", "/admin/data"])
@pytest.mark.parametrize("header", sorted(FOREIGN))
def test_a_way_that_is_not_configured_is_not_reached_by_its_headers(
    client: TestClient, path: str, header: str
) -> None:
    """The answer is that to a request without a token, word for word."""
    same = {"X-Correlation-ID": "the-same-of-both"}
    bare = client.get(path, headers=same)
    forged = client.get(path, headers={header: FOREIGN[header], **same})
    assert (forged.status_code, forged.json(), forged.headers["WWW-Authenticate"]) == (
        401,
        bare.json(),
        bare.headers["WWW-Authenticate"],
    )


def test_nor_is_what_a_token_says_changed_by_them(client: TestClient) -> None:
    """A Reader's token stays a Reader's."""
    own: dict[str, Any] = {"Authorization": f"Bearer {sign(user_claims(roles=['Reader']))}"}
    bare, forged = (client.get("/me", headers=each).json() for each in (own, {**FOREIGN, **own}))
    assert bare == forged
    assert bare["roles"] == ["Reader"]
    assert client.get("/admin/data", headers={**FOREIGN, **own}).status_code == 403
