"""Seeds in; what settings wrote for their manifests and a language's own parser does not read back as what
it was, out.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import dotenv

from entra_config.graph.clouds import OpenId
from entra_config.settings import writers
from entra_config.settings.registered import RegisteredTenant
from tests.unit.settings.legal import Legal, legal
from tests.unit.settings.walk import APP_ID_URI, URL, parsed, spans, walk

ROOT = Path(__file__).parents[3]
ISSUER = "https://login.example.com/v2.0"


@dataclass(frozen=True)
class Written:
    """A manifest with all of its files, by their targets."""

    seed: int
    legal: Legal
    files: dict[str, str]


def wrong(seeds: Sequence[int]) -> tuple[int, list[str]]:
    """Return how many values were tried, and what was not read back as what it was."""
    with tempfile.TemporaryDirectory() as folder:
        written = [_written(seed, Path(folder) / str(seed)) for seed in seeds]
    node = _node(written)
    problems = [
        f"seed {each.seed}: {what}: {read!r}, but {meant!r}"
        for number, each in enumerate(written)
        for what, read, meant in _readings(each, node["typescript"][number], node["postman"][number])
        if read != meant
    ]
    return sum(each.legal.count for each in written), problems


def _written(seed: int, folder: Path) -> Written:
    drawn = legal(seed, folder / "manifests")
    tenant = RegisteredTenant(
        drawn.tenant.authority,
        drawn.tenant.applications,
        {2: OpenId(f"{ISSUER}/x", ISSUER, f"{ISSUER}/keys")},
    )
    targets = {file.path: file.target for app in drawn.manifest.settings.apps for file in app.files}
    sources = writers.sources([drawn.manifest])
    values = writers.tenant_values(drawn.manifest, tenant, Path())
    files = {targets[f"../{path.name}"]: text for path, text in sources.items()}
    return Written(seed, drawn, files | {targets[path.name]: text for path, text in values.items()})


def _readings(written: Written, typescript: Any, postman: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield what was read, what it is, and what it was."""
    drawn, files = written.legal, written.files
    yield "python", *_python(files["python"], drawn)
    yield "typescript", sorted(typescript or ()), sorted([*drawn.scopes, *drawn.roles])
    yield from _of_the_tenant(written)
    yield from _of_the_page(written)
    yield "postman scopes", postman["scope"].split(" "), [f"{drawn.uri}/{scope}" for scope in drawn.scopes]
    for each, item in enumerate(postman["items"]):
        yield "postman url", item["url"], f"{drawn.url}{drawn.paths[each]}"
        yield "postman name", item["name"], drawn.names[each]
        yield "postman body", item["body"], drawn.bodies[each]
        needs = {"scopes": [drawn.scopes[each]], "roles": [drawn.roles[each]]}
        yield (
            "postman needs",
            item["needs"],
            {**needs, "applicationRoles": [drawn.roles[each]], "status": 200},
        )


def _python(text: str, drawn: Legal) -> tuple[Any, Any]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.py").write_text(text, encoding="utf-8")
        os.chdir(folder)
        try:
            made = runpy.run_path("a.py")
        finally:
            os.chdir(before)
        left = sorted(path.name for path in Path(folder).iterdir())
    read = [left, sorted(map(str, made["Scope"])), sorted(map(str, made["Role"]))]
    return read, [["a.py"], sorted(drawn.scopes), sorted(drawn.roles)]


def _of_the_tenant(written: Written) -> Iterator[tuple[str, Any, Any]]:
    drawn, files = written.legal, written.files
    api = json.loads(files["json"])
    yield "json", api["API_APP_ID_URI"], drawn.uri
    read = dotenv.dotenv_values(stream=StringIO(files["dotenv"]))
    yield (
        "dotenv",
        read,
        {key: value if isinstance(value, str) else json.dumps(value) for key, value in api.items()},
    )
    (variable,) = json.loads(files["tfvars"]).items()
    values = variable[1]
    yield (
        "tfvars",
        [
            variable[0],
            values["client_id"],
            values["identifier_uri"],
            [*values["scope_ids"]],
            [*values["role_ids"]],
        ],
        ["entra_api", "api-id", drawn.uri, drawn.scopes, drawn.roles],
    )
    yield "tfvars clients", values["client_ids"], {"page": "page-id", "job": "job-id", "person": "person-id"}
    page = json.loads(files["config"])
    yield (
        "config",
        [page["apiBaseUrl"], page["apiAppIdUri"], page["apiScopes"]],
        [drawn.url, drawn.uri, drawn.scopes],
    )
    with tempfile.TemporaryDirectory() as folder:
        script = f'{files["shell"]}\nprintf "%s\\0" "$API_URL" "$API_APP_ID_URI"'
        run = subprocess.run(
            ["bash", "-c", script], cwd=folder, env={}, capture_output=True, check=True, text=True
        )
        yield (
            "shell",
            [*run.stdout.split("\0"), *(path.name for path in Path(folder).iterdir())],
            [drawn.url, drawn.uri, ""],
        )


def _of_the_page(written: Written) -> Iterator[tuple[str, Any, Any]]:
    drawn, page = written.legal, written.files["tokens"]
    found = spans(parsed(page))
    # Two clients for people, one for itself, and the table of claims.
    yield "spans of scopes", [each for each in found if each in drawn.scopes], drawn.scopes * 3
    yield "spans of roles", [each for each in found if each in drawn.roles], drawn.roles * 2
    rows = [token for token in parsed(page) if token.type == "tr_open"]
    yield "rows", len(rows), 1 + 3 + 1 + 6
    walked = walk(page, dict.fromkeys(("PERSON_CLIENT_ID", "JOB_CLIENT_ID"), "id"))
    yield "canaries", walked.left, []
    scope = " ".join(f"{APP_ID_URI}/{each}" for each in drawn.scopes)
    words = [word for call in walked.calls for word in call]
    yield (
        "scope of calls",
        [word for word in words if word.startswith(f"scope={APP_ID_URI}/s")],
        [f"scope={scope}"] * 2,
    )
    yield "scope of the address", scope in words, True
    got = list(dict.fromkeys(drawn.paths))
    yield "paths", [word.removeprefix(URL) for word in words if word.startswith(URL)], got * 2
    yield "folder", walked.calls[:1], [[".", f"{drawn.folder}dev/{drawn.shell}"]]


def _node(written: Sequence[Written]) -> Any:
    node = shutil.which("node")
    assert node, "node is there wherever the page's tests run"
    pairs = [
        {
            "collection": json.loads(each.files["postmanCollection"]),
            "environment": json.loads(each.files["postmanEnvironment"]),
        }
        for each in written
    ]
    given = json.dumps({"typescript": [each.files["typescript"] for each in written], "postman": pairs})
    script = [
        node,
        str(Path(__file__).with_name("read_back.mjs")),
        str(ROOT / "spa"),
        str(ROOT / "tools" / "newman"),
    ]
    run = subprocess.run(script, input=given, capture_output=True, check=True, text=True)
    return json.loads(run.stdout)
