"""Logos, what is known of tenants, names that would do, and paths that only Graph serves."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World, records

PNG = b"\x89PNG rest"


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (PNG, "image/png", "204"),
        (b"GIF89a", "image/gif", "204"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "204"),
        (b"else", "image/*", "204"),
        (b"", "",
         "400 Request_BadRequest: Invalid value specified for property 'logo' of resource 'Application'."),
        (b"x" * 100 * 1024, "image/*", "204"),
        (b"x" * (100 * 1024 + 1), "",
         "400 Request_BadRequest: Invalid value specified for property 'logo' of resource 'Application'."),
        ({"a": 1}, "", ("400 BadRequest: Unsupported media type: a logo is image/gif, image/jpeg or "
                       "image/png.")),
        (None, "", "400 BadRequest: Unsupported media type: a logo is image/gif, image/jpeg or image/png."),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_logos(content: Any, kind: str, expected: str) -> None:
    """Hold that a picture is kept, shown with its type, and has an address among the properties."""
    made = World()
    app = made.app("App")
    path = f"/applications/{app['id']}/logo"
    assert made.short("GET", path).startswith("404 Request_ResourceNotFound: Resource 'logo'")
    assert made.short("PUT", path, content) == expected
    if expected == "204":
        assert made.get(path) == CollectionResponse(200, picture=(content, kind))
        row = made.tenant.applications.rows[app["id"]]
        ticks = int(made.clock.now().timestamp() * 1000)
        where = f"https://aadcdn.msftauthimages.net/{seed.CONTOSO}/{app['appId']}/logo?ts={ticks}"
        assert (row["info"]["logoUrl"], base64.b64decode(row["_logo"])) == (where, content)
        assert [each[0] for each in records(made)] == ["Update application"]


NAMES = {"entityType": "Group", "displayName": "n", "mailNickname": "n"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, []),
        ({"displayName": None, "mailNickname": None}, []),
        ({"displayName": "x" * 256, "mailNickname": "x" * 64}, []),
        ({"displayName": ""}, [("displayName", "InvalidLength")]),
        ({"displayName": "x" * 257, "mailNickname": "x" * 65},
         [("displayName", "InvalidLength"), ("mailNickname", "InvalidLength")]),
        ({"mailNickname": "a b"}, [("mailNickname", "InvalidCharacters")]),
        ({"displayName": "a b"}, []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of_group", [True, False])
def test_names_that_would_do(*, of_group: bool, body: Row, expected: list[tuple[str, str]]) -> None:
    """Hold that what is wrong with each is said."""
    made = World()
    base = f"/groups/{made.group('All Staff')['id']}" if of_group else "/directoryObjects"
    sent = {name: value for name, value in (NAMES | body).items() if name != "entityType" or not of_group}
    response = made.send("POST", f"{base}/validateProperties", sent)
    error = (response.body or {}).get("error", {})
    wrong = [(each["target"], each["code"]) for each in error.get("details", ())]
    assert (response.status, wrong) == (422 if expected else 204, expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"entityType": "User"}, ("400 Request_BadRequest: Invalid value specified for parameter "
                                 "'entityType'.")),
        ({"displayName": 1}, ("400 Request_BadRequest: Cannot convert a primitive value to the "
                             "expected type 'Edm.String'.")),
        ({"onBehalfOfUserId": "none"}, ("404 Request_ResourceNotFound: Resource 'none' does not "
                                       "exist or one of its "
                                       "queried reference-property objects are not present.")),
        ({"onBehalfOfUserId": None}, "204"),
    ],
)  # fmt: skip
def test_on_whose_behalf(body: Row, expected: str) -> None:
    """Hold that a user who is named is there."""
    made = World()
    assert made.short("POST", "/directoryObjects/validateProperties", NAMES | body) == expected
    nobody = "/groups/eeeeeeee-0000-4000-8000-000000000001/validateProperties"
    assert made.short("POST", nobody, {}).startswith("404 Request_ResourceNotFound: Resource 'eeeeeeee-")
    sent = {**NAMES, "onBehalfOfUserId": made.user("alice")["id"].upper()}
    assert made.short("POST", "/directoryObjects/validateProperties", sent) == "204"
