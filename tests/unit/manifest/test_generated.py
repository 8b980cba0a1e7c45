"""What is generated is current: schema, reference, first files, the example and its lock files."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from entra_config.manifest import loader
from entra_config.manifest.fields import limits
from entra_config.manifest.fields.enterprise import ENTERPRISE, EXTERNAL
from entra_config.manifest.fields.field import TYPES, Record
from entra_config.manifest.fields.table import application_fields
from entra_config.manifest.published import reference, schema, schema_files, schema_parts, starter
from entra_config.testing import schema as of_tests
from entra_emulator import seed
from tests.unit.manifest.conftest import HEAD, Load, Write
from tests.unit.manifest.field_records import RECORDS
from tests.unit.manifest.self_signed import make_pem

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "manifests"
PARTIAL = ("access.yaml", "applications/api.yaml", "applications/clients.yaml")


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """Return a validator of the schema that is checked in."""
    document = json.loads((EXAMPLE / "entra-config.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def _errors(validator: jsonschema.Draft202012Validator, text: str) -> list[str]:
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_schema_of_access_tests_takes_the_example() -> None:
    """The example validates under what `entra-config schema --tests` prints."""
    text = schema_files.text(of_tests.build())
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    validator = jsonschema.Draft202012Validator(json.loads(text))
    files = sorted((EXAMPLE / "tests").glob("*.yaml"))
    assert len(files) == 3
    assert [error for file in files for error in _errors(validator, file.read_text(encoding="utf-8"))] == []
    assert _errors(validator, "tests: [{ it: a, client: b, asks: [c], expect: { tokens: {} } }]") != []


def test_the_reference_has_every_table() -> None:
    """No table that its prose asks for was forgotten."""
    assert "<!-- table" not in "\n".join(map(reference.page, reference.names()))


@pytest.mark.parametrize("name", ["entra-config.yaml", *PARTIAL])
def test_the_example_validates(validator: jsonschema.Draft202012Validator, name: str) -> None:
    """Root and partial files validate under one schema."""
    assert _errors(validator, (EXAMPLE / name).read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "project: p\n",
        "aplications: {}\n",
        "applications: { a: { typ: api } }\n",
        "applications: { a: { type: api, redirectUris: ['https://a.example/'] } }\n",
        "applications: { a: { appRoles: { R: { descripton: x } } } }\n",
        "applications: { a b: {} }\n",
        "applications: { a: { properties: { appId: x } } }\n",
        "applications: { a: { properties: { displayName: x } } }\n",
        "project: p\nenvironments: { dev: { tenantId: x } }\n",
        "project: p\nenvironments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111, overrides: { applications: { a: { typ: x } } } } }\n",
        "project: p\nenvironments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111, policy: { allow: [x] } } }\n",
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(
    validator: jsonschema.Draft202012Validator, text: str
) -> None:
    """The editor marks misspelled keys, misfits and wrong words."""
    assert _errors(validator, text)


def test_every_key_is_documented() -> None:
    """Each property that the schema knows has a description; each field an example; both stand in the reference."""
    definitions = schema.build()["$defs"]
    for name, fields in (
        ("application", application_fields().values()),
        ("enterpriseApplication", ENTERPRISE),
    ):
        for field in fields:
            described = definitions[name]["properties"][field.key]
            assert described["description"].startswith(field.description)
            assert described["examples"] == [field.example]
    assert set(definitions["foreign"]["anyOf"][1]["properties"]) == {
        "each",
        *(field.key for field in (*EXTERNAL, *ENTERPRISE)),
    }
    text = "\n".join(map(reference.page, reference.names()))
    assert all(
        f"| `{field.key}` |" in text for field in (*application_fields().values(), *ENTERPRISE, *EXTERNAL)
    )
    assert all(f"| `{kind}` |" in text for kind in TYPES)


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.noun)
def test_each_key_of_a_record_is_in_schema_and_reference(record: Record) -> None:
    """One table makes both: with what the key says, its choices and how long it may be."""
    whole = schema_parts.record(record)
    found = whole["anyOf"][1] if record.short is not None else whole
    text = "\n".join(map(reference.page, reference.names()))

    assert list(found["properties"]) == list(record.keys)
    for each in record.fields:
        assert found["properties"][each.key]["description"] == each.description != ""
        found_of = found["properties"][each.key]
        assert found_of.get("maxLength", found_of.get("items", {}).get("maxLength", 0)) == each.longest
        assert f"| `{each.key}` | " in text
        assert each.description in text
    assert len(RECORDS) == 48


def test_a_limit_of_graph_s_is_written_once() -> None:
    """The figures stand in `limits.py`; whoever checks or tells one names it."""
    figures = {value for value in vars(limits).values() if isinstance(value, int) and value > 200}
    folder = Path(limits.__file__).parents[1]
    written = [
        f"{path.name}:{node.lineno}"
        for path in sorted(folder.rglob("*.py"))
        for node in (
            ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.name != "limits.py" else ()
        )
        if isinstance(node, ast.Constant) and node.value in figures
    ]

    assert written == []
    assert len(figures) == 8


def test_examples_of_fields_hold(
    validator: jsonschema.Draft202012Validator, load: Load, write: Write
) -> None:
    """Each example of the table validates in the schema and loads in a type that takes it."""
    write(certificates__x="")
    pem = Path("certificates/ci.pem")
    pem.write_text(_pem())
    Path("logos").mkdir()
    Path("logos/app.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    others = "\n".join(
        f"  {key}: {{ type: {kind}, displayName: X }}" for key, kind in (("spa", "spa"), ("api", "api"))
    )
    for field in application_fields().values():
        if field.key in {"type", "displayName"}:
            continue
        kind = next(kind for kind in ("api", "web", "publicClient") if kind not in field.refused)
        more = {"authorizedClients": "scopes: { user.read: x }"}
        more["signInAudienceRestrictions"] = "signInAudience: AzureADMultipleOrgs"
        beside = f", {more[field.key]}" if field.key in more else ""
        text = f"applications:\n{others.replace('displayName: X }', 'displayName: X, scopes: { user.read: x } }') if field.key == 'apiPermissions' else others}\n"
        text = text.replace("spa, displayName: X, scopes: { user.read: x }", "spa, displayName: X")
        text += f"  a: {{ type: {kind}, displayName: A, {field.key}: {json.dumps(field.example)}{beside} }}\n"
        # What names a sink needs one.
        text = (
            text
            if field.key != "credentials"
            else HEAD.replace(" } }", ", sinks: { web: { file: /run/web } } } }") + text
        )
        assert load(text).applications["a"], field.key
        assert _errors(validator, text) == [], field.key


@pytest.mark.parametrize("kind", starter.KINDS)
def test_first_files_validate(validator: jsonschema.Draft202012Validator, folder: Path, kind: str) -> None:
    """What `init` writes of each kind loads and validates in the editor."""
    for name, text in starter.files("shop", "11111111-1111-1111-1111-111111111111", kind).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if name.endswith(".yaml"):
            is_test = path.parent.name == "tests"
            named = of_tests.FILE if is_test else starter.SCHEMA_NAME
            assert (path.parent / re.findall(r"\$schema=(\S+)", text)[0]).resolve() == folder / named
            assert (
                _errors(jsonschema.Draft202012Validator(of_tests.build()) if is_test else validator, text)
                == []
            )
    (manifest,) = loader.load_all(folder)
    assert (manifest.owner, list(manifest.applications)) == ("shop/dev", ["api", starter.KINDS[kind].client])


@pytest.mark.parametrize("kind", starter.KINDS)
def test_the_commented_parts_of_the_first_files_hold(folder: Path, kind: str) -> None:
    """Taking the comment signs off leaves a manifest that loads."""
    for name, text in starter.files("shop", "11111111-1111-1111-1111-111111111111", kind).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        shown = re.sub(r"^( +)# (?=(prod:|api:|  +\w+:|Reader:|Admin:))", r"\1", text, flags=re.MULTILINE)
        path.write_text(shown if name.endswith("yaml") else text, encoding="utf-8")
    assert [manifest.environment for manifest in loader.load_all(folder)] == ["dev", "prod"]


def test_the_example_is_what_it_says() -> None:
    """Dev has the development client and its own Admin; prod leaves both out."""
    dev, prod = loader.load_all(EXAMPLE)
    assert (list(dev.applications), list(prod.applications)) == (
        ["api", "spa", "devClient", "docs", "nightly"],
        ["api", "spa", "nightly"],
    )
    assert [named.name for named in dev.assignments["api", "Admin"].groups] == ["MyApp Developers"]
    assert [named.name for named in prod.assignments["api", "Admin"].groups] == ["MyApp Admins"]
    assert list(prod.applications["api"].authorized_clients) == ["spa"]
    assert (
        prod.applications["nightly"].federated_credentials["github"].subject
        == "repo:example/myapp:environment:prod"
    )
    assert prod.applications["spa"].settings["spa.redirectUris"].value[0] == "https://app.example.com/"
    assert str(prod.applications["api"].position).endswith("manifests/applications/api.yaml:3:3")


def test_the_lock_files_pin_the_seeded_directory() -> None:
    """Every name of the example is pinned, to the object that the emulator's seed has."""
    for manifest in loader.load_all(EXAMPLE):
        named: list[Any] = [*(manifest.deployers or ())]
        for holders in manifest.assignments.values():
            named += [*holders.users, *holders.groups]
        writers = {f"MyApp Writer ({name})": app_id for name, (app_id, _) in seed.WRITERS.items()}
        for item in named:
            kind = "servicePrincipal" if item.name in writers else "user" if "@" in item.name else "group"
            assert item.id == seed.fixed_id(seed.CONTOSO, kind, writers.get(item.name, item.name)), item.name


def _pem() -> str:
    return make_pem()[0]
