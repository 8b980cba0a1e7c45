"""An import from a Terraform state: what becomes of each of its resources, and that no secret leaves it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shlex
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import hcl2
import pytest
import yaml

from entra_config.cli.demo.story import session
from entra_config.errors import UsageError
from entra_config.importing.terraform import state
from entra_config.manifest import loader
from tests import seeds
from tests.unit.cli.ran import ROOT, Ran, Run, without_variables
from tests.unit.importing.importer import Ground
from tests.unit.importing.registrations import DIRECTORY_READ, GRAPH, guid, role, scope
from tests.unit.importing.terraform_states import SECRETS, STATES, Json, lines, shown, state_file

ONLY_TAGS = "the first plan only adds ownership tags"
REMOVED = re.compile(r"removed \{\n  from = (\S+)\n  lifecycle \{\n    destroy = false\n  \}\n\}\n")


async def _world(ground: Ground) -> dict[str, Json]:
    """Make the applications that the states are of."""
    found: dict[str, Json] = {}

    async def register(key: str, name: str, **body: Any) -> Json:
        app = await ground.register({"displayName": name, **body})
        principal = await ground.post("/servicePrincipals", {"appId": app["appId"]})
        found[key] = {**app, "principal": principal["id"]}
        return found[key]

    api = await register(
        "api",
        "Orders API",
        identifierUris=["https://contoso.com/orders"],
        api={"oauth2PermissionScopes": [scope("orders.read")], "requestedAccessTokenVersion": 2},
        appRoles=[role("Job", "Application")],
    )
    wanted = {"resourceAppId": api["appId"], "resourceAccess": [{"id": guid("role Job"), "type": "Role"}]}
    web = await register(
        "web",
        "Orders Web",
        web={"redirectUris": ["https://orders.example.com/signed-in"]},
        requiredResourceAccess=[wanted],
    )
    job = await register(
        "job",
        "Nightly Job",
        requiredResourceAccess=[{"resourceAppId": GRAPH, "resourceAccess": [DIRECTORY_READ]}],
    )
    await register("plain", "Plain")
    await register("managed", "Managed", tags=["entra-config:owner=other/prod", "entra-config:key=x"])
    graph = ground.embedded.directory.default.service_principal_by_app_id(GRAPH)
    assert graph
    found["graph"] = {"id": graph["id"], "appId": GRAPH, "displayName": "Graph", "principal": graph["id"]}
    for client, resource, role_id, part in (
        (web, api, guid("role Job"), "assigned"),
        (job, found["graph"], DIRECTORY_READ["id"], "held"),
    ):
        body = {
            "principalId": client["principal"],
            "resourceId": resource["principal"],
            "appRoleId": role_id,
        }
        made = await ground.post(f"/servicePrincipals/{client['principal']}/appRoleAssignments", body)
        (resource if part == "assigned" else client)[part] = (resource["principal"], made["id"])
    grant = {"clientId": web["principal"], "resourceId": api["principal"], "consentType": "AllPrincipals"}
    web["grant"] = (await ground.post("/oauth2PermissionGrants", {**grant, "scope": "orders.read"}))["id"]
    gone = {
        "id": guid("gone"),
        "appId": guid("gone app"),
        "displayName": "Gone",
        "principal": guid("gone sp"),
    }
    forged = {**found["plain"], "id": api["id"]}
    return {**found, "gone": gone, "forged": forged}


class Tenant:
    """A tenant with its applications, and the command line beside it."""

    def __init__(self, folder: Path) -> None:
        self.ground = Ground(folder)
        self.world = asyncio.run(_world(self.ground))


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Tenant:
    """Make the tenant once: an import writes nothing to it."""
    return Tenant(tmp_path_factory.mktemp("tenant"))


class Import:
    """Runs imports in a folder of their own."""

    def __init__(self, run: Run, tenant: Tenant, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run, self.tenant, self.folder, self._monkeypatch = run, tenant, folder, monkeypatch

    def __call__(self, content: bytes, *words: str, piped: bool = False) -> Ran:
        """Import a state, from a file or from standard input."""
        file = "-" if piped else "terraform.tfstate"
        if piped:
            self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        else:
            (self.folder / file).write_bytes(content)
            (self.folder / file).chmod(0o400)
        return self._run("import", "--terraform-state", file, "--output", "out", "-v", *words)

    def text(self, name: str) -> str:
        """Return a written file."""
        return (self.folder / "out" / name).read_text(encoding="utf-8")


@pytest.fixture
def importing(
    tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Import]:
    """Return the command in a new folder."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    return Import(Run(session(tenant.ground.embedded), capsys), tenant, tmp_path, monkeypatch)


def assert_no_secret(importing: Import, *texts: str) -> None:
    """Search texts, and every file but the state, for the bytes of each secret."""
    found = [
        path.read_bytes()
        for path in importing.folder.rglob("*")
        if path.is_file() and "tfstate" not in path.name
    ]
    for secret in SECRETS:
        assert not any(secret.encode() in content for content in (*found, *(text.encode() for text in texts)))


@pytest.mark.parametrize("name", STATES)
def test_what_becomes_of_each_resource(
    importing: Import, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """A block, a command or nothing for each; the first plan sets tags alone, and no secret is anywhere."""
    version, text = STATES[name]
    content = state_file(text, importing.tenant.world, version)
    ran = importing(content)
    assert ran.code == 0, ran.err
    assert ONLY_TAGS in ran.err
    assert_no_secret(importing, ran.out, ran.err, caplog.text)
    transfer = importing.text("terraform-transfer.tf")
    rows = lines(text)
    plain = {line.address: re.sub(r'\[(\d+|".*?(?<!\\)")\]', "", line.address) for line in rows}
    assert sorted(REMOVED.findall(transfer)) == sorted(
        {plain[row.address] for row in rows if row.outcome == "+"}
    )
    commands = [
        shlex.split(line[1:]) for line in transfer.splitlines() if line.startswith("#   terraform state rm")
    ]
    assert [each[3:] for each in commands] == [[row.address] for row in rows if row.outcome == "~"]
    if transfer.isascii():  # the parser knows no other names
        parsed = hcl2.loads(transfer)
        assert len(parsed.get("removed", ())) == len(REMOVED.findall(transfer))
        assert len(parsed["data"]) == len([*(importing.folder / "out" / "applications").iterdir()])
    listed = re.findall(r"#   (?!terraform )(\S.*)", transfer)
    staying = {row.address for row in rows if row.outcome == "="}
    assert sorted(listed) == sorted({*REMOVED.findall(transfer), *staying})
    both = [
        state.read(io.BytesIO(each), "x") for each in (content, shown(text, importing.tenant.world, version))
    ]
    if "OpenTofu" not in name and "azurerm" not in text and "random_" not in text and "time_" not in text:
        assert sorted(map(repr, both[0])) == sorted(map(repr, both[1]))


def test_keys_are_made_of_addresses(importing: Import) -> None:
    """Modules, name and instance key make a key; the client id is in a data source of that name."""
    text = '+ module.orders.azuread_application.api["eu"] api\n+ azuread_application.web[0] web'
    ran = importing(shown(text, importing.tenant.world, 3), piped=True)
    assert ran.code == 0, ran.err
    keys = {path.stem for path in (importing.folder / "out" / "applications").iterdir()}
    assert keys == {"orders-api-eu", "web-0"}
    assert "after the first apply, add out/terraform-transfer.tf to Terraform's configuration" in ran.err
    app_id = importing.tenant.world["web"]["appId"]
    block = f'data "azuread_application" "web-0" {{\n  client_id = "{app_id}"\n}}\n'
    assert block in importing.text("terraform-transfer.tf")


def test_some_of_a_state(importing: Import) -> None:
    """`--app-id` and `--name` choose; a name that the state does not have is an error."""
    text = "+ azuread_application.api api\n+ azuread_application.web web\n+ azuread_application.job job"
    content = state_file(text, importing.tenant.world, 3)
    job = importing.tenant.world["job"]["appId"].upper()
    ran = importing(content, "--name", "Orders Web", "--app-id", job)
    assert ran.code == 0, ran.err
    assert {path.stem for path in (importing.folder / "out" / "applications").iterdir()} == {"web", "job"}


@pytest.mark.parametrize("words", [("--name", "Plain"), ("--app-id", "Orders API")])
def test_what_is_not_in_the_state_cannot_be_chosen(importing: Import, words: tuple[str, str]) -> None:
    """Even if the tenant has it, and a name is not a client id."""
    ran = importing(state_file("+ azuread_application.api api", importing.tenant.world, 3), *words)
    assert ran.code == 1
    assert f"error: the Terraform state has no application '{words[1]}' that the tenant has too\n" in ran.err


def test_what_a_reader_of_the_import_is_told(importing: Import) -> None:
    """Secrets by address, drift by property, and what Terraform would do next."""
    text = """
    + azuread_application.api api drift
    + azuread_application_password.api api.password
    . azuread_application.old gone deposed
    . azuread_application.lost gone
    + azuread_application.web web tainted
    """
    ran = importing(state_file(text, importing.tenant.world, 3))
    said = ran.err.splitlines()
    (drift,) = [line for line in said if line.startswith("drift:")]
    assert drift.startswith(
        "drift: azuread_application.api: the tenant and the Terraform state differ in notes."
    )
    (secrets,) = [line for line in said if "contains the secrets" in line]
    assert "azuread_application_password.api" in secrets
    assert "A secret stays valid" in secrets
    assert "`entra-config credentials remove`" in secrets
    assert "skipped: azuread_application.lost, because the tenant has no application" in ran.err
    assert "azuread_application.old has a deposed object" in ran.err
    assert "azuread_application.web is tainted" in ran.err


def test_a_state_without_applications(importing: Import) -> None:
    """An error says so, although the tenant has applications."""
    ran = importing(state_file("", importing.tenant.world, 3))
    assert ran.code == 1
    assert "error: the Terraform state has no `azuread_application`, so there is nothing to import" in ran.err


def test_what_opentofu_never_destroys_is_protected(importing: Import) -> None:
    """`lifecycle { destroy = false }` is in a state file; `prevent_destroy` is in none."""
    importing(state_file("+ azuread_application.api api retained", importing.tenant.world, 3))
    entry = yaml.safe_load(importing.text("applications/api.yaml"))["applications"]["api"]
    assert entry["preventDestroy"] is True


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: write the state with `terraform show -json`"),
        (b'{"version": 4,}', "is not valid JSON at byte 15"),
        (b'{"version": 4} {', "is not valid JSON at byte 14"),
        (b'{"version": 4, "x": 01}', "is not valid JSON at byte 22"),
        (b"[]", "is not a Terraform state. Write one with `terraform show -json"),
        (b'{"version": 3, "modules": []}', "is not a state that this version can read"),
        (b'{"encrypted_data": "eA==", "encryption_version": "v0"}', "Decrypt it with `tofu show -json`"),
        (b'{"format_version": "1.2", "planned_values": {}}', "is a plan, not a state"),
        ("{}".encode("utf-16"), "is UTF-16, as `>` in PowerShell writes it"),
        (b'{"version": 4, "resources": ' + b"[" * 300, "is nested deeper than 200 levels at byte"),
        (
            b'{"version":4,"resources":[{"mode":"managed","type":"azuread_x","name":".","instances":[{}]}]}',
            "the Terraform state has a resource whose address is not valid",
        ),
    ],
)
def test_what_is_no_state(importing: Import, content: bytes, message: str) -> None:
    """One line says what it is and what to do, before anything is asked of the tenant."""
    ran = importing(content)
    assert ran.code == 1
    assert message in ran.err
    assert not (importing.folder / "out").exists()


def test_a_state_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts bytes that are read, whatever the file says of its size."""
    monkeypatch.setattr(state, "LARGEST", state.CHUNK)
    with pytest.raises(UsageError, match="is larger than 0 MiB"):
        state.read(io.BytesIO(b" " * (state.CHUNK + 1)), "x")


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MOST", ["x"] * 40, "has more than 30 values to compare"),
        ("LONGEST", "x" * 9000, "has a text longer"),
    ],
)
def test_a_state_that_would_fill_the_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: Any, message: str
) -> None:
    """A list or text of any length; what is not compared may have more."""
    monkeypatch.setattr(state, limit, 30)
    monkeypatch.setattr(state, "CHUNK", 64)
    web = {"mode": "managed", "type": "azuread_application", "name": "a"}
    content = {"version": 4, "resources": [{**web, "instances": [{"attributes": {"tags": value}}]}]}
    with pytest.raises(UsageError, match=message):
        state.read(io.BytesIO(json.dumps(content).encode()), "x")
    other = {"version": 4, "outputs": ["x"] * 40, "resources": [{"mode": "data"}] * 40}
    assert state.read(io.BytesIO(json.dumps(other).encode()), "x") == []


def test_long_texts_and_chunks_are_read_as_one(monkeypatch: pytest.MonkeyPatch, tenant: Tenant) -> None:
    """However the stream is cut into chunks, the same is kept."""
    content = state_file(STATES["every split resource beside the inline one"][1], tenant.world, 3)
    expected = state.read(io.BytesIO(content), "x")
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(state, "CHUNK", size)
        assert state.read(io.BytesIO(content), "x") == expected


def _cut(content: bytes, offsets: range) -> None:
    for end in offsets:
        with pytest.raises(UsageError) as raised:
            state.read(io.BytesIO(content[:end]), "x")
        shown_to_all = "".join(traceback.format_exception(raised.value))
        assert raised.value.__context__ is None
        assert not any(secret[:9] in shown_to_all for secret in SECRETS)


def test_a_state_that_is_cut_shows_nothing(tenant: Tenant) -> None:
    """An error of a cut state has the offset of the byte, and none of the text."""
    text = STATES["parts of version 2"][1]
    for content in (state_file(text, tenant.world, 2), shown(text, tenant.world, 2)):
        first, step = seeds.every("cut states", 97)
        _cut(content, range(first, len(content), step))


JUNK: list[Any] = [
    None,
    True,
    0,
    1.5,
    "x",
    [],
    {},
    [[]],
    [{}],
    {"id": 1},
    ["a", {"b": [None]}],
    10**30,
    "\ud800",
]


def _break(value: Any, random: Random) -> Any:
    """Return a value of which some parts are gone, and others are of another type."""
    if random.random() < 0.05:
        return random.choice(JUNK)
    if isinstance(value, dict):
        return {key: _break(each, random) for key, each in value.items() if random.random() > 0.03}
    return [_break(each, random) for each in value] if isinstance(value, list) else value


def test_a_broken_state_is_read_or_refused(tenant: Tenant) -> None:
    """Whatever types its values have, and if a byte is another one."""
    for seed in seeds.sample("broken states", range(2000), 150):
        random = Random(seed)
        version, text = STATES[random.choice(sorted(STATES))]
        make = random.choice([state_file, shown])
        content = bytearray(
            json.dumps(_break(json.loads(make(text, tenant.world, version)), random)).encode()
        )
        if random.random() < 0.3:
            content[random.randrange(len(content))] = random.randrange(256)
        try:
            state.read(io.BytesIO(content), "x")
        except UsageError as error:
            assert "SECRET" not in str(error)  # noqa: PT017  # most broken states can be read


@pytest.mark.faults
def test_a_state_that_is_cut_at_any_byte_shows_nothing(tenant: Tenant) -> None:
    """The same for every byte."""
    text = STATES["parts of version 2"][1]
    for content in (state_file(text, tenant.world, 2), shown(text, tenant.world, 2)):
        _cut(content, range(len(content)))


def test_the_manifest_on_the_page_loads(tmp_path: Path) -> None:
    """The right side of docs/from-terraform.md is a manifest, the left side is HCL."""
    page = (ROOT / "docs/from-terraform.md").read_text(encoding="utf-8")
    left, *_ = re.findall(r"```hcl\n(.*?)```", page, re.DOTALL)
    assert len(hcl2.loads(left)["resource"]) == 11
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    root = {"project": "orders", "environments": {"prod": {"tenantId": guid("tenant")}}}
    (tmp_path / "entra-config.yaml").write_text(yaml.safe_dump(root) + text, encoding="utf-8")
    manifest = loader.load(tmp_path, "prod")
    assert {*manifest.applications} == {"api", "web", "deploy"}
