"""Which identifier URIs, redirect URIs and page URLs an application may have."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from entra_emulator.graph import validation_uris as rules
from entra_emulator.graph.errors import ODataError

OURS, TENANT, OTHER = (str(UUID(int=number)) for number in (1, 2, 3))
SINGLE, MULTIPLE = "AzureADMyOrg", "AzureADMultipleOrgs"
BOTH, PERSONAL = "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"
FREE = SimpleNamespace(find=lambda *_: [])
CALL: Any = SimpleNamespace(
    tenant=SimpleNamespace(
        tenant_id=TENANT,
        tables={"applications": FREE, "deletedItems": FREE},
        verifies=lambda host: host == "ours.test",
    )
)


def refused(*, taken: bool) -> Any:
    """Return the context in which a rule is checked."""
    return nullcontext() if taken else pytest.raises(ODataError)


@pytest.mark.parametrize(
    ("uri", "organizations", "personal"),
    [
        ("https://ours.test", True, True),
        ("http://ours.test/a", True, True),
        ("https://ours.test/", False, False),
        ("https://theirs.test", False, False),
        ("https:///a", False, False),
        ("https://[", False, False),
        ("ours.test", False, False),
        ("https://ours.test?a=1", True, False),
        ("https://ours.test#a", True, False),
        ("api://any/*", True, False),
        ("urn:any", True, False),
        ("api://" + "a" * 114, True, True),
        ("api://" + "a" * 115, True, False),
        ("api://" + "a" * 249, True, False),
        ("api://" + "a" * 250, False, False),
        (f"api://{OURS}", True, True),
        (f"api://{TENANT}", True, True),
        (f"api://{OTHER}", False, False),
        (f"API://{OTHER}", False, False),
        (f"ms:{OTHER}", True, True),
        (f"api://{OTHER}/a", True, True),
        ("api://any", True, True),
    ],
)
def test_identifier_uris(uri: str, *, organizations: bool, personal: bool) -> None:
    """Those of applications for personal accounts have a plainer form."""
    for audience in (SINGLE, MULTIPLE, BOTH, PERSONAL):
        app = {"id": "1", "appId": OURS, "signInAudience": audience}
        with refused(taken=organizations if audience in {SINGLE, MULTIPLE} else personal):
            rules._check_identifier(CALL.tenant, app, uri)


@pytest.mark.parametrize(
    ("audience", "uris", "taken"),
    [
        (SINGLE, [f"api://{number}" for number in range(51)], True),
        (PERSONAL, [f"api://{number}" for number in range(50)], True),
        (PERSONAL, [f"api://{number}" for number in range(51)], False),
        (SINGLE, ["api://a"] * 2, False),
    ],
)
def test_how_many_identifier_uris(audience: str, uris: list[str], *, taken: bool) -> None:
    """Fifty where personal accounts sign in, and none twice, though they were there before."""
    app = {"signInAudience": audience, "identifierUris": uris}
    with refused(taken=taken):
        rules.check_identifier_uris(CALL, app, app)


def platforms(audience: str = SINGLE, page: dict[str, Any] | None = None, **uris: list[str]) -> Any:
    """Return an application with these redirect URIs."""
    app: dict[str, Any] = {
        platform: {"redirectUris": uris.get(platform, [])} for platform in ("web", "spa", "publicClient")
    }
    app["web"] |= {"homePageUrl": None, "logoutUrl": None} | (page or {})
    return app | {"signInAudience": audience}


def many(number: int) -> list[str]:
    """Return so many redirect URIs."""
    return [f"https://a.test/{each}" for each in range(number)]


ODD = ["https://a.test/a b"]


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        (None, platforms(web=many(200), spa=many(56)), True),
        (None, platforms(web=many(200), spa=many(57)), False),
        (None, platforms(MULTIPLE, web=many(256)), True),
        (None, platforms(BOTH, web=many(60), publicClient=many(40)), True),
        (None, platforms(PERSONAL, web=many(60), publicClient=many(41)), False),
        (None, platforms(web=["https://a.test/1"] * 2), False),
        (None, platforms(spa=ODD), False),
        (platforms(spa=ODD), platforms(spa=[*ODD, "https://a.test/c"]), True),  # it was there before
        (platforms(web=ODD), platforms(spa=ODD), False),
        (None, platforms(page={"homePageUrl": ""}), False),
        (None, platforms(page={"homePageUrl": "https://a.test"}), True),
        (None, platforms(page={"logoutUrl": ""}), False),
        (None, platforms(page={"logoutUrl": "http://a.test"}), False),
        (None, platforms(page={"logoutUrl": "https://" + "a" * 247}), True),
        (None, platforms(page={"logoutUrl": "https://" + "a" * 248}), False),
    ],
)
def test_redirect_uris_of_all_platforms(old: Any, new: Any, *, taken: bool) -> None:
    """They count together; each is checked when it comes."""
    with refused(taken=taken):
        rules.check_redirect_uris(old, new)


@pytest.mark.parametrize(
    ("uri", "where"),
    [
        ("https://a.test/a", "web spa publicClient"),
        ("ms-appx-web://a.test", "web spa publicClient"),
        ("HTTPS://a.test/a", "web spa publicClient"),
        ("https://a.test/" + "a" * 241, "web spa publicClient"),
        ("https://a.test/" + "a" * 242, ""),
        ("https://a.test/a b", ""),
        ("", ""),
        ("a.test", ""),
        ("https://[", ""),
        ("https:///a", ""),
        ("https://a.test/#", ""),
        ("https://a.test/#a", ""),
        ("https://a.test/!", ""),
        ("https://[::1]/a", ""),
        ("http://localhost:8080/a", "web spa publicClient"),
        ("http://127.0.0.1/a", "web spa publicClient"),
        ("http://a.test/a", ""),
        ("urn:ietf:wg:oauth:2.0:oob", "web publicClient"),
        ("brk-multihub://a.test", "spa publicClient"),
        ("myapp://auth", "publicClient"),
    ],
)
def test_on_which_platforms_a_redirect_uri_may_stand(uri: str, where: str) -> None:
    """Custom schemes are for public clients."""
    found = [each for each in ("web", "spa", "publicClient") if rules._is_redirect_uri(uri, each, SINGLE)]
    assert found == where.split()
