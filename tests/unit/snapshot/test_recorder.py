"""What a recorder keeps of Graph's answers, and what it knows that it does not know."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.graph.client import ResponseReceived
from entra_config.graph.request import Request, Response
from entra_config.properties import SNAPSHOT
from entra_config.snapshot.recorder import Read, Recorder, find_read, keep

BASE = "https://graph.microsoft.com/v1.0"
OWNERS = "/applications/a1/owners?$select=id"


def heard(*answers: tuple[str, int, Any]) -> dict[str, dict[str, list[Any]]]:
    """Return what a recorder has after some answers, by path, status and body."""
    recorder = Recorder()
    for path, status, body in answers:
        recorder.responded(ResponseReceived(Request("GET", path), Response(status, body), 0.0))
    return recorder.collections()


def listed(*items: dict[str, Any], following: str = "") -> dict[str, Any]:
    """Return a page of a list."""
    return {"value": [*items], **({"@odata.nextLink": BASE + following} if following else {})}


def ids(collection: dict[str, list[Any]]) -> list[str]:
    """Return the ids of the items."""
    return [item["id"] for item in collection["items"]]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "/applications?$filter=tags/any(t:t%20eq%20'entra-config%3Aowner%3Dm%2Fd')",
            "tags=entra-config:owner=m/d",
        ),
        ("/applications(appId='a')?$select=id", "appId=a"),
        (
            "/users?$filter=userPrincipalName%20eq%20'o''neil@contoso.com'",
            "userPrincipalName=o'neil@contoso.com",
        ),
        ("/users/alice%40contoso.com?$select=id", "userPrincipalName=alice@contoso.com"),
        ("/groups/g1", "id=g1"),
        ("/groups/g1/members?$select=id", "of=g1"),
        ("/servicePrincipals/s1/appRoleAssignedTo", "resourceId=s1"),
        ("/servicePrincipals/s1/appRoleAssignments", "principalId=s1"),
        (
            "/oauth2PermissionGrants?$filter=clientId%20eq%20's1'%20and%20consentType%20eq%20'AllPrincipals'",
            "clientId=s1",
        ),
        ("/oauth2PermissionGrants?$filter=consentType%20eq%20'AllPrincipals'", "consentType=AllPrincipals"),
        ("/policies/authorizationPolicy", "*"),
    ],
)
def test_a_request_is_the_name_of_a_read(path: str, expected: str) -> None:
    """Each read of a plan has a collection and a name, whatever it selects."""
    assert str(find_read(path)) == expected


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "read"), (404, "read"), (403, "not_permitted"), (401, "not_permitted"), (503, "failed")],
)
def test_what_was_not_read_is_unknown(status: int, state: str) -> None:
    """A refused read has no items and is not among those that were read; nothing there is an answer."""
    found = heard((OWNERS, status, listed() if status == 200 else {}))["applicationOwners"]
    assert {name: found[name] for name in ("read", "partly", "not_permitted", "failed") if found[name]} == {
        state: ["of=a1"]
    }


def test_a_list_is_read_when_its_last_page_is() -> None:
    """Until then there may be more."""
    following = "/applications/a1/owners?$select=id&$skiptoken=2"
    first = (OWNERS, 200, listed({"id": "u1"}, following=following))
    begun = heard(first)["applicationOwners"]
    ended = heard(first, (following, 200, listed({"id": "u2"})))["applicationOwners"]
    cut = heard(first, (following, 403, {}))["applicationOwners"]
    assert (ids(begun), begun["partly"], begun["read"]) == (["u1"], ["of=a1"], [])
    assert (ids(ended), ended["partly"], ended["read"]) == (["u1", "u2"], [], ["of=a1"])
    assert (cut["not_permitted"], cut["read"]) == (["of=a1"], [])


def test_the_last_answer_counts() -> None:
    """What is gone when the same is asked again is not kept, and a retry replaces a refusal."""
    found = heard((OWNERS, 503, {}), (OWNERS, 200, listed({"id": "u1"})), (OWNERS, 200, listed({"id": "u2"})))
    assert (ids(found["applicationOwners"]), found["applicationOwners"]["failed"]) == (["u2"], [])


def test_what_a_list_expands_is_read_up_to_twenty() -> None:
    """Graph expands 20 at most and does not say that there are more; a read by key after it decides."""
    path = "/applications?$filter=tags/any(t:t%20eq%20'x')&$select=id&$expand=owners($select=id)"
    few, many = ([{"id": f"u{number}"} for number in range(count)] for count in (2, 20))
    expanded = (path, 200, listed({"id": "a1", "owners": few}, {"id": "a2", "owners": many}))
    found = heard(expanded)["applicationOwners"]
    assert (found["read"], found["partly"]) == (["of=a1"], ["of=a2"])
    again = heard(expanded, (OWNERS, 200, listed({"id": "u9"})))["applicationOwners"]
    assert [item["id"] for item in again["items"] if item["of"] == "a1"] == ["u9"]


def test_what_nobody_asked_is_listed() -> None:
    """An application of which only the body was read has unknown owners, and its tenant unknown policies."""
    found = heard(("/applications/a1", 200, {"id": "a1"}))
    assert found["applicationOwners"]["not_asked"] == ["of=a1"]
    assert found["federatedIdentityCredentials"]["not_asked"] == ["of=a1"]
    assert found["authorizationPolicy"]["not_asked"] == ["*"]
    assert found["oauth2PermissionGrants"]["not_asked"] == ["consentType=Principal"]


def test_ids_of_one_request_are_reads_of_their_own() -> None:
    """An id that no object has was looked for among users, groups and service principals."""
    recorder = Recorder()
    request = Request("POST", "/directoryObjects/getByIds", {"ids": ["u1", "gone"]})
    body = listed({"id": "u1", "@odata.type": "#microsoft.graph.user", "mail": "a@b", "accountEnabled": True})
    recorder.responded(ResponseReceived(request, Response(200, body), 0.0))
    found = recorder.collections()
    assert found["users"]["items"] == [{"id": "u1", "accountEnabled": True}]
    assert (found["users"]["read"], found["groups"]["read"]) == (["id=gone", "id=u1"], ["id=gone"])


def test_a_path_that_is_not_kept_is_named_without_ids() -> None:
    """Nothing of its answer is in the file, and the file says that it was read."""
    recorder = Recorder()
    path = "/applications/d0000000-0000-4000-8000-000000000001/logo"
    recorder.responded(ResponseReceived(Request("GET", path), Response(200, b"png"), 0.0))
    assert recorder.not_kept == ["/applications/ID/logo"]


@pytest.mark.parametrize("type_", SNAPSHOT)
def test_only_what_the_table_lists_is_kept(type_: str) -> None:
    """No hint, key, notes or info, at whatever depth Graph adds them."""
    hostile = {
        "hint": "abc",
        "key": "abc",
        "notes": "abc",
        "info": {"a": "abc"},
        "secretText": "abc",
        "new": "abc",
    }
    item: dict[str, Any] = {**hostile, "id": "1"}
    for path in SNAPSHOT[type_]:
        name, _, rest = path.partition(".")
        if rest and "*" not in rest:
            item[name] = [hostile]
    assert "abc" not in str(keep(item, type_))


def test_a_credential_is_its_key_id_dates_and_name() -> None:
    """Nothing else of a secret or a certificate is kept."""
    secret = dict.fromkeys(("keyId", "displayName", "startDateTime", "endDateTime"), "x")
    more = dict.fromkeys(("hint", "key", "secretText", "customKeyIdentifier", "usage", "type"), "y")
    for type_ in ("application", "servicePrincipal"):
        for name in ("passwordCredentials", "keyCredentials"):
            assert keep({name: [secret | more]}, type_) == {name: [secret]}
    assert set(SNAPSHOT["user"]) == {"id", "displayName", "userPrincipalName", "accountEnabled"}


def test_writes_are_not_reads() -> None:
    """A recorder that hears a write keeps nothing."""
    recorder = Recorder()
    request = Request("POST", "/applications", {"displayName": "x"})
    recorder.responded(ResponseReceived(request, Response(201, {"id": "a1"}), 0.0))
    assert recorder.collections()["applications"]["items"] == []
    assert find_read("/auditLogs/directoryAudits?$filter=x") is None
    assert find_read("/applications/a1/owners") == Read("applicationOwners", "directoryObject", "of", "a1")
