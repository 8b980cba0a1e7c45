"""The tenants of a snapshot file: every part of the form that they have, and nothing that dangles."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from entra_emulator.directory import FORMAT
from entra_emulator.snapshots import tenants
from entra_emulator.snapshots.bounds import SnapshotFileError

TENANT = "0d000000-0000-4000-8000-00000000000a"
APP, KEY, CERTIFICATE = (f"0d000000-0000-4000-8000-00000000000{digit}" for digit in "bcd")
HASH = "0123456789abcdef" * 4
WHERE = "directory.tenants[0]"
GRANT = {
    "id": "g", "clientId": APP, "consentType": "AllPrincipals", "principalId": None, "resourceId": APP,
    "scope": "",
}  # fmt: skip
Data = dict[str, Any]


def file() -> Data:
    """Return a file's directory with one tenant, and one application that has a secret."""
    app: Data = {
        "id": APP, "appId": APP, "displayName": "A", "passwordCredentials": [{"keyId": KEY}],
        "keyCredentials": [{"keyId": CERTIFICATE}],
    }  # fmt: skip
    tenant = {
        "tenantId": TENANT, "displayName": "T", "choices": {"verifiedDomains": ["t.example"]},
        "applications": [app], "secrets": {KEY: HASH},
    }  # fmt: skip
    return {
        "format": FORMAT, "default": TENANT, "ids": {"seed": "s", "counter": 0}, "tenants": [tenant],
    }  # fmt: skip


def given(*path: Any, value: Any) -> Callable[[Data], None]:
    """Return what puts a value at a place: of the tenant, or of the whole where it begins with `/`."""

    def put(data: Data) -> None:
        steps = path[1:] if path[0] == "/" else ("tenants", 0, *path)
        at: Any = data
        for step in steps[:-1]:
            at = at[step]
        at[steps[-1]] = value

    return put


@pytest.mark.parametrize(
    "change",
    [
        given("displayName", value=""),
        given("/", "ids", "seed", value="x" * 200),
        given("/", "ids", "counter", value=2**53 - 1),
        given("secrets", value={CERTIFICATE: HASH}),
        given("secrets", value={}),
        given("signIn", value=None),
        given("owners", value={APP: []}),
        given("owners", value={APP: [APP]}),
        given("directoryRoles", value={APP: ["a role"]}),
        given("groups", value=[{"id": KEY, "displayName": "G"}]),
        given("oauth2PermissionGrants", value=[GRANT]),
        given("deletedItems", value=[{
            "_type": "group", "id": KEY, "displayName": "G", "deletedDateTime": "2026-01-01T00:00:00Z",
        }]),
    ],
)  # fmt: skip
def test_what_has_the_right_form_is_taken(change: Callable[[Data], None]) -> None:
    """Up to each bound."""
    data = file()
    change(data)
    secrets = data["tenants"][0]["secrets"]
    (found,) = tenants.directory(data).dump()["tenants"]
    assert (found["tenantId"], found["secrets"]) == (TENANT, secrets)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (given("/", "format", value=0), "directory.format: is '0', expected 1"),
        (given("/", "b", value=0), "directory: has 'b', which is no part of it"),
        (given("/", "ids", value={}), "directory.ids: lacks counter, seed"),
        (
            given("/", "ids", value={"d": 1, "c": 1, "b": 1, "a": 1}),
            "directory.ids: has 'a', which is no part",
        ),
        (given("/", "ids", value=[]), "directory.ids: is no object"),
        (given("/", "ids", "seed", value=5), "directory.ids.seed: is no text of at most 200"),
        (given("/", "ids", "seed", value="x" * 201), "directory.ids.seed: is no text of at most 200"),
        (given("/", "ids", "counter", value=True), "directory.ids.counter: cannot be 'True'"),
        (given("/", "ids", "counter", value="1"), "directory.ids.counter: cannot be '1'"),
        (given("/", "ids", "counter", value=-1), "directory.ids.counter: cannot be '-1'"),
        (given("/", "ids", "counter", value=2**53), "directory.ids.counter: cannot be '9007199254740992'"),
        (given("/", "tenants", value={}), "directory.tenants: is no list"),
        (given("/", "default", value=APP), "directory.default: is none of the tenants"),
        (given("x", value=5), f"{WHERE}: has 'x', which is no part of it"),
        (given("tenantId", value=5), f"{WHERE}.tenantId: is no id: '5'"),
        (given("tenantId", value="t"), f"{WHERE}.tenantId: is no id: 't'"),
        (given("tenantId", value=TENANT.upper()), f"{WHERE}.tenantId: is no id: '0D"),
        (given("displayName", value=5), f"{WHERE}.displayName: is no text"),
        (given("choices", value={}), f"{WHERE}.choices.verifiedDomains: is empty"),
        (given("choices", value={"usersMayConsent": 1}), f"{WHERE}.choices: usersMayConsent"),
        (given("signIn", value={"a": 1}), f"{WHERE}.signIn: is not empty"),
        (given("secrets", value={KEY: 5}), f"{WHERE}.secrets.{KEY}: is no hash"),
        (given("secrets", value={KEY: HASH + "0"}), f"{WHERE}.secrets.{KEY}: is no hash"),
        (given("secrets", value={APP: HASH}), f"{WHERE}.secrets.{APP}: is the secret of no application"),
        (given("owners", value={APP: [5]}), f"{WHERE}.owners.{APP}: is no list of different texts"),
        (given("owners", value={APP: [APP, APP]}), f"{WHERE}.owners.{APP}: is no list of different texts"),
        (given("owners", value={APP: APP}), f"{WHERE}.owners.{APP}: is no list"),
        (given("owners", value={KEY: []}), f"{WHERE}.owners.{KEY}: names '{KEY}', which is not in this"),
        (given("owners", value={APP: [KEY]}), f"{WHERE}.owners.{APP}: names '{KEY}', which is not in this"),
        (given("directoryRoles", value={KEY: []}), f"{WHERE}.directoryRoles.{KEY}: names '{KEY}'"),
        (given("groups", value=[{"id": APP, "displayName": "G"}]), f"{WHERE}.groups: has the id of another"),
        (given("groups", value={}), f"{WHERE}.groups: is no list"),
        (given("groups", value=[7]), f"{WHERE}.groups[0]: is no object"),
        (
            given("oauth2PermissionGrants", value=[GRANT | {"clientId": KEY}]),
            f"{WHERE}.oauth2PermissionGrants[0].clientId: names '{KEY}'",
        ),
    ],
)
def test_what_has_another_form_is_refused(change: Callable[[Data], None], message: str) -> None:
    """Where it stands, and what is wrong there; of several strange names the first."""
    data = file()
    change(data)
    with pytest.raises(SnapshotFileError) as refused:
        tenants.directory(data)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": KEY}, f"has '{APP}' twice"),
        ({"id": KEY, "appId": APP.upper()}, f"has '{APP}' twice"),
        ({"appId": KEY}, f"has '{APP}' twice"),
    ],
)
def test_no_two_objects_share_what_is_unique(changes: Data, message: str) -> None:
    """The id and the appId; of several values it is the one that is there twice."""
    data = file()
    apps: list[Data] = data["tenants"][0]["applications"]
    apps.insert(0, {**copy.deepcopy(apps[0]), "id": CERTIFICATE, "appId": CERTIFICATE})
    apps.append({**copy.deepcopy(apps[1]), **changes})
    with pytest.raises(SnapshotFileError) as refused:
        tenants.directory(data)
    assert str(refused.value) == f"{WHERE}.applications: {message}"


def test_a_tenant_is_there_once() -> None:
    """Its id is the directory's key."""
    data = file()
    data["tenants"] *= 2
    with pytest.raises(SnapshotFileError, match=r"directory\.tenants: has a tenant twice"):
        tenants.directory(data)
