"""References to objects: which links name one, and how many a body may have."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph import references
from entra_emulator.graph.errors import ODataError
from entra_emulator.table import Row
from tests.unit.emulator.graph.linked import Linked
from tests.unit.emulator.graph.sending import BASE, V1, World, refusal

NOBODY = "eeeeeeee-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{V1}/directoryObjects/{{alice}}", "alice"),
        (f"{BASE}/BETA/USERS/{{alice}}", "alice"),
        ("http://graph.microsoft.us/v1.0/users/alice@contoso.com", "alice"),
        (f"{V1}/users('{{alice}}')", "alice"),
        (f"{V1}/users({{alice}})", "alice"),
        (f"{BASE}/v2/{seed.CONTOSO}/directoryObjects/{{alice}}/Microsoft.DirectoryServices.User", "alice"),
        (f"{BASE}/v1.0/contoso.com/users/{{alice}}", "alice"),
        (f"{BASE}/v2/{seed.CONTOSO}/users('{{alice}}')", "alice"),
        (f"{V1}/servicePrincipals/{{client}}", "client"),
        (f"{V1}/groups/{{inner}}", "inner"),
        (f"{V1}/users/{{inner}}", "404 Request_ResourceNotFound: Resource '{inner}'"),
        (f"{V1}/directoryObjects/{NOBODY}", f"404 Request_ResourceNotFound: Resource '{NOBODY}'"),
        (f"{V1}/users/nobody@contoso.com", "404 Request_ResourceNotFound: Resource 'nobody@contoso.com'"),
        (f"{V1}/groups/name", "400 Request_BadRequest: Invalid object identifier 'name'."),
        (f"{V1}/contacts/{{alice}}", "url"),
        (f"{BASE}/v3/users/{{alice}}", "url"),
        (f"{BASE}/users/{{alice}}", "url"),
        (f"{BASE}/v1.0", "url"),
        (BASE, "url"),
        ("https://a.test/v1.0/users/{alice}", "url"),
        ("ftp://graph.microsoft.com/v1.0/users/{alice}", "url"),
        ("/v1.0/users/{alice}", "url"),
        (f"{V1}/users/{{alice}}?a=b", "url"),
        (f"{V1}/users/{{alice}}#a", "url"),
        ("https://[a", "url"),
        (f"{BASE}/v1.0/fabrikam.com/users/{{alice}}", "url"),
    ],
)
def test_references(url: str, expected: str) -> None:
    """Hold which links name an object."""
    made = Linked()
    body = {"@odata.id": url.format(**made.ends), "@odata.type": "x"}
    try:
        found = references.referenced(made.call("POST", "/groups/x/members/$ref", body), "members")
    except ODataError as error:
        found = refusal(error)
    if expected == "url":
        expected = "400 BadRequest: Invalid URL format specified in payload."
    assert found.startswith(made.ends.get(expected, expected.format(**made.ends)))


BIND = "members@odata.bind"
NO_URL = "400 BadRequest: Invalid URL format specified in @odata.bind for members."


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["alice", "inner"], ["alice", "inner"]),
        ([], ("400 Request_BadRequest: The value of 'odata.bind' property annotation is an empty array. The "
             "'odata.bind' property annotation must have a non-empty array as its value.")),
        ("alice", NO_URL),
        (None, NO_URL),
        (["alice", 1], NO_URL),
        (["no link"], NO_URL),
        (["alice"] * 21, "400 Request_BadRequest: One or more property values specified are invalid."),
        (["alice"] * 20, ("400 Request_BadRequest: One or more added object references already exist for the "
                         "following modified properties: 'members'.")),
        (["app"], ("400 Request_BadRequest: The reference target 'Application_{app}' of type "
                  "'Application' is invalid "
                  "for the 'members' reference.")),
        ([NOBODY], (f"404 Request_ResourceNotFound: Resource '{NOBODY}' does not exist or one of its queried "
                   "reference-property objects are not present.")),
    ],
)  # fmt: skip
def test_bound_references(links: Any, expected: list[str] | str) -> None:
    """Hold how many a body may have, each once, and of which kinds."""
    made = Linked()
    ids = {**made.ends, "app": made.app("App")["id"], NOBODY: NOBODY}
    sent = [f"{V1}/directoryObjects/{ids[each]}" if each in ids else each for each in links] if isinstance(
        links, list) else links  # fmt: skip
    call = made.call("POST", "/groups")
    assert references.bound(call, {}, "members") == []
    try:
        found: Any = references.bound(call, {BIND: sent}, "members")
    except ODataError as error:
        found = refusal(error)
    assert found == (
        expected.format(**ids) if isinstance(expected, str) else [ids[each] for each in expected]
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "400 BadRequest: The request body must contain '@odata.id'."),
        ({"@ODATA.ID": "x", "@odata.id": "y"}, "400 BadRequest: The request body must contain '@odata.id'."),
        ({"@odata.id": 1}, "400 BadRequest: Invalid URL format specified in payload."),
        ({"@odata.id": "x", "id": "y"}, "400 Request_BadRequest: Invalid property 'id'."),
        ({"@odata.type": "t", "@Odata.Id": "x"}, "x"),
    ],
)
def test_the_link_of_a_body(body: Row, expected: str) -> None:
    """Hold that it has one, and nothing else but notes."""
    try:
        found = references.link(World().call("POST", "/x", body))
    except ODataError as error:
        found = refusal(error)
    assert found == expected
