"""Tokens for managed identities: which identity is meant, what each endpoint answers, and who is refused."""

from pathlib import Path
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.login.keys import KeyRing
from entra_emulator.login.seal import Seal
from entra_emulator.login.service import SignIn
from entra_emulator.managed_identity import APP_SERVICE_PATH, MACHINE_PATH, ManagedIdentities
from entra_emulator.site import assemble, create_emulator
from entra_emulator.snapshots import files
from entra_emulator.table import Row

_CLOCK = ManualClock()
_KEYS = KeyRing.generate(_CLOCK.now)
_GROUP = "/subscriptions/s/resourcegroups/g/providers"
_GRAPH = {"resource": "https://graph.microsoft.com", "api-version": "2018-02-01"}


class _Azure:
    """Two endpoints on a port, over a directory with identities."""

    def __init__(self, *identities: str) -> None:
        self.directory = seed.contoso(clock=ManualClock(), seed="identities")
        self.service = SignIn(self.directory, _KEYS, Seal(b"k" * 32), origin="https://localhost:8443")
        self.endpoints = ManagedIdentities(self.service)
        self.endpoints.open(4711, "secret")
        self.rows = {name: self._add(name) for name in identities}
        self.client = TestClient(self.endpoints, base_url="http://127.0.0.1:4711")

    def _add(self, name: str) -> Row:
        kind = "Microsoft.Compute/virtualMachines" if name.startswith("vm") else ""
        path = f"{_GROUP}/{kind or 'Microsoft.ManagedIdentity/userAssignedIdentities'}/{name}"
        return seed.add_managed_identity(self.directory, self.directory.default, name, path)

    def machine(self, **parameters: str) -> Any:
        """Ask as a virtual machine's client does."""
        return self.client.get(MACHINE_PATH, params=_GRAPH | parameters, headers={"Metadata": "true"})

    def app(self, name: str, **parameters: str) -> Any:
        """Ask as the client of an app that has the identity."""
        header = self.endpoints.variables(name, machine=False)["IDENTITY_HEADER"]
        return self.client.get(
            APP_SERVICE_PATH, params=_GRAPH | parameters, headers={"X-IDENTITY-HEADER": header}
        )


def _subject(response: Any) -> str:
    assert response.status_code == 200, response.text
    claims = jwt.decode(response.json()["access_token"], options={"verify_signature": False})
    return str(claims["oid"])


@pytest.mark.parametrize(
    ("identities", "found"),
    [(["vm-1"], "vm-1"), (["one"], "one"), (["one", "two", "vm-1"], "vm-1"), (["one", "vm-1"], "vm-1")],
)
def test_whose_token_a_machine_gets_that_names_nobody(identities: list[str], found: str) -> None:
    """The system-assigned identity, else the only one."""
    azure = _Azure(*identities)
    assert _subject(azure.machine()) == azure.rows[found]["id"]


@pytest.mark.parametrize("endpoint", ["machine", "app"])
@pytest.mark.parametrize("name", ["client_id", "object_id", "principal_id", "mi_res_id", "msi_res_id"])
def test_an_identity_is_named_by_each_of_its_ids(endpoint: str, name: str) -> None:
    """Client id, object id, and the path of the Azure resource in any case."""
    azure = _Azure("vm-1", "one", "two")
    row = azure.rows["two"]
    ids = {"client_id": row["appId"], "object_id": row["id"], "principal_id": row["id"]}
    chosen = {name: ids.get(name, row["alternativeNames"][1].upper())}
    found = azure.machine(**chosen) if endpoint == "machine" else azure.app("vm-1", **chosen)
    assert _subject(found) == row["id"]


def test_what_the_answers_have() -> None:
    """Numbers are texts, and times are those of the token."""
    azure = _Azure("vm-1")
    on_machine, in_app = azure.machine().json(), azure.app("vm-1").json()
    now = int(azure.service.now().timestamp())
    names = "access_token client_id expires_in expires_on ext_expires_in not_before resource token_type"
    assert list(on_machine) == names.split()
    assert (on_machine["expires_in"], on_machine["resource"]) == ("3599", _GRAPH["resource"])
    assert on_machine["expires_on"] == in_app["expires_on"] == str(now + 3599)
    assert list(in_app) == ["access_token", "expires_on", "resource", "token_type", "client_id"]
    claims = jwt.decode(on_machine["access_token"], options={"verify_signature": False})
    assert (claims["idtyp"], claims["appidacr"]) == ("app", "2")
    assert claims["xms_mirid"] == azure.rows["vm-1"]["alternativeNames"][1]


@pytest.mark.parametrize(
    ("identities", "parameters", "error", "words"),
    [
        ([], {}, "invalid_request", "Identity not found"),
        (["one", "two"], {}, "invalid_request", "Multiple user assigned identities exist"),
        (["vm-1", "vm-2"], {}, "invalid_request", "Multiple system assigned identities exist"),
        (["vm-1"], {"client_id": "x"}, "invalid_request", "Identity not found"),
        (["vm-1"], {"resource": ""}, "invalid_request", "Required query variable 'resource' is missing"),
        (
            ["vm-1"],
            {"api-version": ""},
            "invalid_request",
            "Required query variable 'api-version' is missing",
        ),
        (["vm-1"], {"resource": "api://x"}, "invalid_resource", "AADSTS500011"),
    ],
)
def test_what_a_machine_is_refused(
    identities: list[str], parameters: dict[str, str], error: str, words: str
) -> None:
    """With status 400 and the reason, as azure-identity shows it."""
    response = _Azure(*identities).machine(**parameters)
    assert (response.status_code, response.json()["error"]) == (400, error)
    assert words in response.json()["error_description"]


@pytest.mark.parametrize(
    "headers", [{}, {"Metadata": "no"}, {"Metadata": "true", "X-Forwarded-For": "1.2.3.4"}]
)
def test_a_page_or_a_proxy_gets_no_token(headers: dict[str, str]) -> None:
    """No page of a browser can send the header `Metadata`."""
    response = _Azure("vm-1").client.get(MACHINE_PATH, params=_GRAPH, headers=headers)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert "Required metadata header not specified" in response.json()["error_description"]


@pytest.mark.parametrize("host", ["evil.example", "169.254.169.254", "127.0.0.1.evil.example", ""])
@pytest.mark.parametrize("path", [MACHINE_PATH, APP_SERVICE_PATH])
def test_another_host_name_is_refused(host: str, path: str) -> None:
    """A name of another site that leads to this machine gets nothing."""
    azure = _Azure("vm-1")
    headers = {
        "Host": host,
        "Metadata": "true",
        "X-IDENTITY-HEADER": azure.endpoints.variables("vm-1", machine=False)["IDENTITY_HEADER"],
    }
    response = azure.client.get(path, params=_GRAPH, headers=headers)
    assert response.status_code == 400
    assert "access_token" not in response.text


@pytest.mark.parametrize("header", ["", "x", "ü", "0" * 64])
def test_a_wrong_header_of_an_app_is_refused(header: str) -> None:
    """With 401, whatever identity is named."""
    azure = _Azure("vm-1", "one")
    parameters = _GRAPH | {"client_id": azure.rows["one"]["appId"]}
    sent = {"X-IDENTITY-HEADER": header.encode("latin-1")}
    response = azure.client.get(APP_SERVICE_PATH, params=parameters, headers=sent)
    assert (response.status_code, response.json()["statusCode"]) == (401, 401)


def test_an_app_without_a_system_assigned_identity_has_to_name_one() -> None:
    """As in App Service; a disabled identity gets no token at all."""
    azure = _Azure("one")
    unnamed = azure.app("one")
    assert (unnamed.status_code, "client_id" in unnamed.json()["message"]) == (400, True)
    assert _subject(azure.app("one", client_id=azure.rows["one"]["appId"])) == azure.rows["one"]["id"]
    azure.directory.default.service_principals.put({**azure.rows["one"], "accountEnabled": False})
    assert azure.machine().json()["error_description"] == "Identity not found"


def test_variables_are_those_of_the_form_that_is_wanted() -> None:
    """A user-assigned identity needs its client id; an emulator without the listener says how to open it."""
    azure = _Azure("vm-1", "one")
    app, machine = (azure.endpoints.variables("vm-1", machine=each) for each in (False, True))
    assert set(app) == {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"}
    assert app["IDENTITY_ENDPOINT"] == "http://127.0.0.1:4711/msi/token"
    assert machine == {"AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:4711"}
    assert azure.endpoints.variables("one", machine=True)["AZURE_CLIENT_ID"] == azure.rows["one"]["appId"]
    with pytest.raises(LookupError, match="no managed identity is called x; known: one, vm-1"):
        azure.endpoints.variables("x", machine=False)
    with pytest.raises(LookupError, match="start the emulator with --managed-identity"):
        ManagedIdentities(azure.service).variables("one", machine=False)


def test_nothing_else_is_served_and_all_of_it_is_in_the_traffic() -> None:
    """Other paths and methods answer 404; tokens of the log are masked where it is shown."""
    azure = _Azure("vm-1")
    for method, path in (("GET", "/"), ("POST", MACHINE_PATH), ("GET", "/v1.0/applications")):
        assert azure.client.request(method, path).status_code == 404
    azure.machine()
    assert [each.status for each in azure.service.traffic.newest_first()][:1] == [200]


def test_the_portal_and_graph_show_an_identity() -> None:
    """`info` is null, and there is no registration."""
    azure = _Azure("vm-1")
    app = create_emulator(azure.directory, azure.service)
    client = TestClient(app, base_url=azure.service.origin)
    page = client.get(f"/portal/{azure.directory.default_id}/enterprise/{azure.rows['vm-1']['id']}")
    assert page.status_code == 200
    assert "vm-1" in page.text


def test_a_snapshot_keeps_an_identity(tmp_path: Path) -> None:
    """With `info` null, as it was."""
    azure = _Azure("vm-1")
    files.write(tmp_path / "s.json", azure.directory)
    restored = files.read_snapshot(tmp_path / "s.json").directory
    assert restored.default.service_principals.get(azure.rows["vm-1"]["id"]) == azure.rows["vm-1"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"name": null}', '{"name": "x"}', "nonsense"])
def test_the_command_is_told_what_is_wrong(body: str) -> None:
    """A page of a browser is refused too."""
    azure = _Azure("vm-1")
    app = create_emulator(azure.directory, azure.service)
    pages = assemble(azure.service, app)
    pages.identities = azure.endpoints
    client = TestClient(app, base_url=azure.service.origin)
    response = client.post("/emulator/managed-identity", content=body)
    assert (response.status_code, bool(response.json()["error"])) == (400, True)
    named = client.post("/emulator/managed-identity", json={"name": "vm-1"}, headers={"Origin": "https://x"})
    assert named.status_code == 400
    assert client.post("/emulator/managed-identity", json={"name": "vm-1"}).status_code == 200
