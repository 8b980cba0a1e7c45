"""Every case's story in; what each of its steps shows and sends, as files to compare byte by byte, out.

`make golden TO=FOLDER` before and after a change: a move leaves every file as it was (`diff -r BEFORE
AFTER`).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import tempfile
from pathlib import Path
from typing import Any

import httpx

from entra_config.actual.holders import access
from entra_config.drift import check
from entra_config.errors import EntraConfigError
from entra_config.report import (
    drift_html,
    drift_json,
    drift_markdown,
    drift_sarif,
    drift_text,
    holders_data,
    json,
    markdown,
    text,
)
from tests.cases.stories import VERBS, World, case_of, tell
from tests.world import NOW, signed_in

CASES = sorted(Path(__file__).parent.glob("*/case.yaml"))
PLANS = {"plan", "apply"}
# Drawn anew for each creation, and each look before a grant.
DRAWN = re.compile(r"(entra-config:(?:created|looked)=)[0-9a-f-]+")


class Sent(httpx.AsyncBaseTransport):
    """Hands requests on, and keeps method, path and body of each."""

    def __init__(self, inner: httpx.AsyncBaseTransport, lines: list[str]) -> None:
        self.inner, self.lines = inner, lines

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Keep one request and have it answered."""
        body = request.content.decode()
        path = str(request.url).removeprefix("https://graph.microsoft.com")
        self.lines.append(f"{request.method} {path} {body}".rstrip())
        return await self.inner.handle_async_request(request)


async def tale(case: dict[str, Any], folder: Path) -> dict[str, str]:
    """Tell one case and return its files by name: plans in all formats, requests of each step, drift and
    access in the end.
    """
    world, files, sent = World(folder, case["manifest"]), dict[str, str](), list[str]()
    inner = world.embedded.transport
    world.embedded.transport = lambda: Sent(inner(), sent)
    environment = None
    for number, step in enumerate(case["story"], 1):
        verb = next(iter(step.keys() & VERBS.keys()))
        sent.clear()
        await tell(world, step)
        name = f"{number:02}-{verb.replace(' ', '-')}"
        if sent:
            files[f"{name}.requests"] = "\n".join([*sent, ""])
        if verb not in PLANS:
            continue
        environment = world.filled(step.get("environment"))
        if world.plan is None:
            files[f"{name}.error"] = f"{world.error}\n"
        else:
            files[f"{name}.txt"] = text.render(world.plan)
            files[f"{name}.md"] = markdown.render(world.plan)
            files[f"{name}.json"] = json.render(world.plan, show_requests=True)
    with contextlib.suppress(EntraConfigError):
        files |= await _end(world, environment)
    # Where the manifest stood is another folder each time.
    return {name: DRAWN.sub(r"\1…", content.replace(f"{folder}/", "")) for name, content in files.items()}


async def _end(world: World, environment: str | None) -> dict[str, str]:
    manifest = world.load(environment)
    async with await signed_in(world.embedded) as graph:
        drift = await check.run(manifest, manifest, graph, now=NOW, base="", since=None, unmanaged=True)
        everybody = await access(graph, manifest)
    return {
        "drift.txt": drift_text.render(drift),
        "drift.md": drift_markdown.render(drift),
        "drift.json": drift_json.render(drift),
        "drift.sarif": drift_sarif.render(drift, root="manifests/entra-config.yaml"),
        "drift.html": drift_html.render(drift),
        "access.json": holders_data.to_json(everybody.holdings, everybody.owners),
    }


def write(to: Path, only: str = "") -> int:
    """Write the files of every case whose name has `only` in it below a folder; return how many there are."""
    return sum(_written(path, to) for path in CASES if only in path.parent.name)


def _written(path: Path, to: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = asyncio.run(tale(case_of(path), Path(folder) / "manifests"))
    for name, content in files.items():
        file = to / path.parent.name / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return len(files)


def main() -> None:
    """Write everything."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.cases.golden", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("to", type=Path, help="an empty folder")
    parser.add_argument("--only", default="", metavar="WORDS", help="cases whose name has this in it")
    options = parser.parse_args()
    if options.to.exists() and any(options.to.iterdir()):
        raise SystemExit(f"{options.to} is not empty")
    print(f"{write(options.to, options.only)} files in {options.to}")


if __name__ == "__main__":
    main()
