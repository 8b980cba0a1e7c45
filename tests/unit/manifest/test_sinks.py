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


@pytest.mark.parametrize(
    ("sinks", "said"),
    [
        (
            "{ web: {} }",
            "5:14: sink `web`: say what it is, one of `aws`, `azure`, `github`, `command` or `file`",
        ),
        ("{ web: { file: /run/x, aws: {} } }", "5:14: sink `web`: say what it is, one of"),
        ("{ web: { files: /run/x } }", "5:21: `files` is not a key of a sink. Did you mean `file`?"),
        ("{ web: { file: run/x } }", "5:27: sink `web`: `run/x` is not an absolute path"),
        ("{ web: { file: /run/../x } }", "`/run/../x` is not an absolute path"),
        (
            "{ web: { command: { write: [keep], read: [/bin/show] } } }",
            "`keep` is not an absolute path of a program",
        ),
        ("{ web: { command: { write: /bin/keep, read: [/bin/show] } } }", "`write`: expected a list, found"),
        ("{ web: { command: { write: [/bin/keep] } } }", "`read` is an argument list, without a shell"),
        (
            f'{{ web: {{ aws: {{ secret: "{ARN}", account: "210987654321" }} }} }}',
            "the ARN is of account 123456789012",
        ),
        ('{ web: { aws: { secret: web, account: "123456789012" } } }', "`web` is not the ARN of a secret"),
        ("{ web: { aws: { secret: x } } }", "`account` of sink `web` is missing: a string"),
        (
            '{ web: { azure: { vault: "https://evil.example", secret: web } } }',
            "is not a vault: https://NAME.vault.azure.net",
        ),
        (
            '{ web: { azure: { vault: "https://a.vault.azure.net.evil.example", secret: web } } }',
            "is not a vault",
        ),
        (
            "{ web: { github: { repository: myapp, environment: prod, secret: WEB } } }",
            "`myapp` is not a repository",
        ),
        (
            "{ web: { github: { repository: a/b, environment: prod, secret: GITHUB_X } } }",
            "is not a name of a secret",
        ),
        (
            '{ web: { github: { repository: a/b, environment: p, secret: X, api: "http://x" } } }',
            "is not an https address",
        ),
        (
            '{ web: { github: { repository: a/b, environment: p, secret: X, api: "https://[" } } }',
            "is not an https address",
        ),
        *(
            (
                f'{{ web: {{ github: {{ repository: a/b, environment: p, secret: X, api: "{address}" }} }} }}',
                "is not an https address",
            )
            for address in ("https://a.example/x?y", "https://a.example/x#y", "https://user@a.example")
        ),
        (
            '{ web: { github: { repository: a/b, environment: p, secret: X, api: "https://a:b.example" } } }',
            "is not an https address",
        ),
        (
            "{ web: { file: /run/x }, b: { file: /run/x } }",
            "5:37: `b` is the same place as `web`: it keeps one secret",
        ),
    ],
)
def test_a_place_that_cannot_be(problems: Problems, sinks: str, said: str) -> None:
    """Each error says where it stands and what is wrong."""
    assert any(said in each for each in problems(root(sinks))), problems(root(sinks))


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        (
            "{ web: { sink: wbe } }",
            "7:65: `wbe` is not a sink of prod: `environments.prod.sinks` in the root file.  Did you mean `web`?",
        ),
        ("{ web: {} }", "`sink` of secret `web` is missing: a string"),
        (
            "{ a: { sink: web }, b: { sink: web } }",
            "sink `web` keeps the secret of app/a: each secret has a sink of its own",
        ),
        (
            "{ web: { sink: web, lifetime: 90 } }",
            "`lifetime`: expected a string (write it in quotes), found the number 90",
        ),
        ("{ web: { sink: web, lifetime: P3M } }", "`lifetime`: expected days or weeks such as P90D or P12W"),
        ("{ web: { sink: web, lifetime: P900D } }", "secret `web` lives 900 days; 730 at most"),
        ("{ web: { sink: web, overlap: P60D } }", "an overlap of 60 days is more than half of 90"),
        ("{ web: { sink: web, value: x } }", "`value` is not a key of a secret"),
        ("{ 1a: { sink: web } }", "`1a` (a secret) is no key"),
    ],
)
def test_a_secret_that_cannot_be(problems: Problems, secrets: str, said: str) -> None:
    """Each error says where it stands and what is wrong."""
    found = problems(root("{ web: { file: /run/x } }", secrets))
    assert any(said.replace("  ", " ") in each for each in found), found


def test_a_secret_needs_a_service_principal(problems: Problems) -> None:
    """Without one nothing signs in."""
    (found,) = problems(root("{ web: { file: /run/x } }", more=", enterpriseApplication: null"))
    assert "without a service principal no secret signs in" in found


def test_sinks_stand_in_the_root_file_only(problems: Problems) -> None:
    """A file that the root names has no environments, and so no sinks; a fence keeps an application's secrets out too."""
    text = root("{ web: { file: /run/x } }").replace(
        "applications:", "files: [{ path: team.yaml, mayDeclare: [applications/b/appRoles] }]\napplications:"
    )
    found = problems(text, team="environments: { prod: { sinks: { mine: { file: /run/y } } } }\n")
    assert any("team.yaml:1:1: `environments`" in each for each in found), found
    found = problems(text, team="applications: { b: { credentials: { secrets: { x: { sink: web } } } } }\n")
    assert any("is outside of what this file may declare" in each for each in found), found


def test_a_file_lies_outside_of_the_checkout(problems: Problems, load: Load, tmp_path: Path) -> None:
    """What stands in the repository is committed one day."""
    (tmp_path / ".git").mkdir()
    assert (
        "a secret is kept outside the checkout" in problems(root(f"{{ web: {{ file: {tmp_path}/x }} }}"))[0]
    )
    assert load(root(f"{{ web: {{ file: {tmp_path.parent}/x }} }}")).sinks


def test_certificates_stand_in_one_place(problems: Problems) -> None:
    """Beside `credentials` or in it."""
    text = (
        root("{}", "{}")
        .replace("secrets: {}", "certificates: {}")
        .replace("displayName: App", "displayName: App, certificates: {}")
    )
    assert "`certificates` stand beside `credentials` too: say them in one place" in problems(text)[0]


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
