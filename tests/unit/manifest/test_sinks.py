"""Secrets with a life and the places that keep them: what is read, and every error at its place."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from entra_config.drift import earlier
from entra_config.manifest.fields.sinks.table import KINDS
from entra_config.manifest.published import schema
from tests.unit.manifest.conftest import TENANT, Load, Problems

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-AbCdEf"
PLACES = {
    "aws": f'{{ aws: {{ secret: "{ARN}", account: "123456789012" }} }}',
    "azure": '{ azure: { vault: "https://example.vault.azure.net", secret: web } }',
    "github": "{ github: { repository: example/myapp, environment: prod, secret: WEB } }",
    "command": "{ command: { write: [/bin/keep, web], read: [/bin/show, web] } }",
    "file": "{ file: /run/secrets/web }",
}
SECRET = "{ web: { sink: web, lifetime: P90D, overlap: P2W } }"


def root(sinks: str, secrets: str = SECRET, more: str = "") -> str:
    """Return a manifest with an application that keeps its secret in a sink."""
    return f"""\
project: myapp
environments:
  prod:
    tenantId: {TENANT}
    sinks: {sinks}
applications:
  app: {{ type: web, displayName: App, credentials: {{ secrets: {secrets} }}{more} }}
"""


@pytest.mark.parametrize("kind", PLACES)
def test_each_kind_of_place_is_read(load: Load, kind: str) -> None:
    """Its fields, what names it to whoever reads the secret, and a digest that no other place has."""
    manifest = load(root(f"{{ web: {PLACES[kind]} }}"))
    sink = manifest.sinks["web"]
    assert sink.kind == kind
    assert sink.reference in sink.reported
    others = {
        load(root(f"{{ web: {PLACES[other]} }}")).sinks["web"].digest for other in PLACES if other != kind
    }
    assert sink.digest not in others
    secret = manifest.applications["app"].secrets["web"]
    assert (secret.lifetime, secret.overlap) == (timedelta(days=90), timedelta(days=14))


def test_the_digest_is_of_the_place_and_not_of_its_name(load: Load) -> None:
    """Another name is the same place; another region, account or argument is another one."""
    here = load(root(f"{{ web: {PLACES['aws']} }}")).sinks["web"]
    named = load(root(f"{{ other: {PLACES['aws']} }}", "{ web: { sink: other } }")).sinks["other"]
    moved = load(root(f"{{ web: {PLACES['aws'].replace('central', 'north')} }}")).sinks["web"]
    assert here.digest == named.digest != moved.digest


def test_a_manifest_tells_kinds_of_places_apart(load: Load) -> None:
    """Two places of the same fields are another manifest if they are of another kind."""
    manifest = load(root(f"{{ web: {PLACES['file']} }}"))
    places = (kind("web", {"path": "/x"}) for kind in KINDS.values())
    digests = {earlier.digest(replace(manifest, sinks={"web": place})) for place in places}
    assert len(digests) == len(KINDS)


def test_a_file_lies_outside_of_the_checkout(problems: Problems, load: Load, tmp_path: Path) -> None:
    """What stands in the repository is committed one day."""
    (tmp_path / ".git").mkdir()
    assert (
        "a secret is kept outside the checkout" in problems(root(f"{{ web: {{ file: {tmp_path}/x }} }}"))[0]
    )
    assert load(root(f"{{ web: {{ file: {tmp_path.parent}/x }} }}")).sinks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("file: /run/a/web", "file: /run//a/./web"),
        ("file: /run/link/web", "file: /run/real/web"),
        (
            'azure: { vault: "https://one.vault.azure.net", secret: web }',
            'azure: { vault: "https://ONE.vault.azure.net", secret: Web }',
        ),
        (
            "github: { repository: a/b, environment: prod, secret: WEB }",
            'github: { repository: A/B, environment: Prod, secret: web, api: "https://api.github.com/" }',
        ),
        ("command: { write: [/x, a], read: [/y] }", "command: { write: [/x, a], read: [/z] }"),
    ],
)
def test_two_ways_to_one_place_are_one(problems: Problems, tmp_path: Path, one: str, other: str) -> None:
    """What only a letter's case, a slash or a link tells apart would overwrite the other's secret."""
    (tmp_path / ".git").mkdir()
    kept = tmp_path.parent / f"{tmp_path.name}-kept"
    (kept / "real").mkdir(parents=True)
    (kept / "link").symlink_to(kept / "real")
    sinks = f"{{ web: {{ {one} }}, b: {{ {other} }} }}".replace("/run/", f"{kept}/")
    (reported,) = problems(root(sinks))
    assert "`b` is the same place as `web`" in reported


SAID: dict[tuple[str, str], str] = {
    (kind, field.key): field.example
    for kind, sink in KINDS.items()
    for field in sink.record.fields
    if field.pattern
}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """Return a validator of the published schema."""
    return jsonschema.Draft202012Validator(schema.build())


@pytest.mark.parametrize(("kind", "key"), SAID)
def test_the_editor_tells_what_the_reader_tells(
    validator: jsonschema.Draft202012Validator, problems: Problems, load: Load, kind: str, key: str
) -> None:
    """What has a form is refused by the published schema too where it has another, and may be a variable."""
    whole = {field.key: field.example for field in KINDS[kind].record.fields if field.required}

    def text(value: str) -> str:
        said = root(json.dumps({"web": {kind: {**whole, key: value}}}))
        return said.replace(
            "    sinks:", f"    variables: {{ here: {json.dumps(SAID[kind, key])} }}\n    sinks:"
        )

    assert load(text(SAID[kind, key])).sinks["web"] == load(text("${here}")).sinks["web"]
    assert all(validator.is_valid(yaml.safe_load(text(value))) for value in (SAID[kind, key], "${here}"))
    assert len(problems(text("no such"))) == 1
    assert not validator.is_valid(yaml.safe_load(text("no such")))
