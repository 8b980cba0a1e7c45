"""One change, followed through every room of the pipeline on the embedded emulator; docs/life-of-a-plan.md
out.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

from entra_config import reconcile, states
from entra_config.actual import stakes
from entra_config.actual.read import read
from entra_config.checks.comparing import compare, view
from entra_config.checks.judging import judge
from entra_config.graph.client import Graph
from entra_config.kinds.expansion import expand
from entra_config.kinds.table import KINDS
from entra_config.manifest import loader
from entra_config.plan import impact
from entra_config.plan.model import Update
from entra_config.plan.options import NO_OPTIONS
from entra_config.report import text
from entra_config.resource import Resource
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from tests.world import NOW, at_once, signed_in

BEFORE = """\
project: myapp
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api:
    type: api
    displayName: MyApp API
    appRoles:
      Writer: { displayName: Writer, description: Changes records., allowedMemberTypes: [User] }
appRoleAssignments:
  api:
    Writer: { groups: [MyApp Writers] }
"""
CHANGED = (
    ("description: Changes records.", "description: Changes and deletes records."),
    ("groups: [MyApp Writers]", "groups: [MyApp Writers, On call]"),
)
HEAD = """\
# The life of a plan

<!-- Made by `make generated`; a test compares it. Every value here was there. -->

A role gets another description, and a second group. This page follows the two through the rooms of
[the architecture](architecture.md), in the order of `reconcile.py`: read, identify, states, judge, diff, \
expand, apply.
"""
IDENTIFIED = """\
The object that has the ownership tags of `myapp/dev` and `api`, and no other, is `api`; who is meant by a \
name is known too:"""
EXPANDED = """\
Each change becomes steps, and what goes into one PATCH becomes one: what it needs, what is looked at right \
before it, how it is
found where its answer is lost, and what must be readable in the end:"""
APPLIED = """\
Ready steps go out together; guards are read before their writes, and the end waits until what was written \
can be read. Graph
refuses to change a role while it is enabled: the second and third PATCH are the step's fallback, which \
disables it first:"""


class Sent(httpx.AsyncBaseTransport):
    """Hands requests on and keeps, call by call, what each asked."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.calls = inner, list[list[str]]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Keep one call and have it answered."""
        path = str(request.url).removeprefix("https://graph.microsoft.com/v1.0")
        parts = (
            json.loads(request.content)["requests"]
            if path == "/$batch"
            else [{"method": request.method, "url": path}]
        )
        self.calls.append([f"{part['method']} {unquote(part['url'])}" for part in parts])
        return await self.inner.handle_async_request(request)


def page() -> str:
    """Return the page."""
    return asyncio.run(_page())


async def _page() -> str:
    embedded = Embedded.create(seed="life", clock=ManualClock(NOW))
    inner = embedded.transport
    sent = Sent(inner())
    embedded.transport = lambda: sent  # type: ignore[method-assign]  # every call of this page is kept
    after = BEFORE
    for old, new in CHANGED:
        after = after.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        was, now = _loaded(Path(folder), BEFORE), _loaded(Path(folder), after)
    async with await signed_in(embedded) as graph:
        await reconcile.apply(await reconcile.plan(was, graph, now=NOW), graph, sleep=at_once)
        parts = [HEAD, *_manifest(now, after), *await _through(now, graph, sent)]
    return "\n".join(parts)


def _loaded(folder: Path, text_: str) -> Any:
    (folder / "entra-config.yaml").write_text("\n".join(_root(text_)) + "\n", encoding="utf-8")
    (folder / "all.yaml").write_text("".join(text_.partition("applications:\n")[1:]), encoding="utf-8")
    return loader.load(folder, "dev")


def _root(text_: str) -> list[str]:
    return [*text_.partition("applications:\n")[0].splitlines(), "files: [{ path: all.yaml }]"]


def _manifest(manifest: Any, after: str) -> Iterable[str]:
    lines = [line for line in after.splitlines() if any(new in line for _, new in CHANGED)]
    yield from _section("The manifest", "Two lines of YAML change:", "yaml", lines)
    role = manifest.applications["api"].app_roles["Writer"]
    position = f"{Path(role.position.file).name}:{role.position.line}:{role.position.column}"
    typed = [
        (
            f"AppRole(label={role.label!r}, value={role.value!r}, description={role.description!r}, …)   "
            f"# {position}"
        ),
        *(f"Named({named.name!r})" for named in manifest.assigned("api")["Writer"].groups),
    ]
    words = "Each value knows its file, line and column, so that every error can say them:"
    yield from _section("`manifest/`: text to values", words, "python", typed)


async def _through(manifest: Any, graph: Graph, sent: Sent) -> list[str]:
    sent.calls.clear()
    found = await read(graph, manifest, KINDS)
    levels = [f"# call {number}\n" + "\n".join(call) for number, call in enumerate(sent.calls, 1)]
    live = found.directory.live["api"]
    body = live.subject.application or {}
    both = states.both(manifest, found.directory, KINDS)
    judged = judge(manifest, found, both, {}, NO_OPTIONS, now=NOW)
    compared = compare(manifest, found, judged, both, NO_OPTIONS, now=NOW)
    ordered = expand(KINDS, view(manifest, found, judged.desired, both.actual, compared))
    at_stake = await stakes.read(graph, manifest, found.directory, both.actual, compared.changes)
    moves = impact.compute(at_stake.before, at_stake.after, at_stake.members)
    planned = await reconcile.plan(manifest, graph, now=NOW)
    shown = text.render(planned)
    sent.calls.clear()
    outcome = await reconcile.apply(planned, graph, sleep=at_once)
    carried = [f"# call {number}\n" + "\n".join(call) for number, call in enumerate(sent.calls, 1)]
    again = await reconcile.plan(manifest, graph, now=NOW)
    principal = live.subject.service_principal or {}
    return [
        *_section(
            "read: `actual/`, through `graph/`",
            (
                "Questions go out level by level; what one level answers decides what the next one asks. "
                "Several share a `$batch`:"
            ),
            "text",
            levels,
        ),
        *_section(
            "identify: `identity.py`",
            IDENTIFIED,
            "text",
            [
                f"api       {body['displayName']}, appId {body['appId']}",
                f"          tags {', '.join(tag for tag in body['tags'] if 'created' not in tag)}",
                f"          service principal {principal['id']}",
                *(
                    f"group     {who.name}, {who.id}"
                    for (type_, _), who in sorted(found.directory.principals.items())
                    if type_ == "group"
                ),
            ],
        ),
        *_section(
            "states: `states.py`",
            "What is there, and what is wanted, in the same shape and made alike by each kind:",
            "text",
            list(_states(both)),
        ),
        *_section(
            "judge: `checks/`",
            (
                "Trust, grants, use by others and what is undeclared look at both. Here nothing is "
                "withheld and nothing refused:"
            ),
            "text",
            [
                f"withheld: {len(judged.withheld)}   refused: {len(judged.refusals)}",
                *(f"said: {each.message}" for each in judged.warnings),
            ],
        ),
        *_section(
            "diff: `plan/`",
            "Changes for people, leaf by leaf, and who gains or loses which value that tokens carry:",
            "text",
            [*(_change(each) for each in compared.changes), *(_move(each) for each in moves)],
        ),
        *_section(
            "expand: `kinds/`",
            EXPANDED,
            "text",
            [line for step in ordered.steps for line in _step(step)],
        ),
        *_section("report: `report/`", "The same values, printed:", "text", shown.rstrip().splitlines()),
        *_section(
            "apply: `apply/`",
            APPLIED,
            "text",
            [
                *carried,
                (
                    f"# {len(outcome.done)} done, {len(outcome.failed)} failed, {len(outcome.not_attempted)} "
                    "not tried"
                ),
            ],
        ),
        *_section(
            "and again",
            "The next plan reads the same tenant and finds nothing to do:",
            "text",
            [_last(text.render(again))],
        ),
    ]


def _section(title: str, words: str, language: str, lines: Iterable[str]) -> list[str]:
    return [f"## {title}\n", f"{words}\n", f"```{language}", *(_stable(line) for line in lines), "```\n"]


def _stable(line: str) -> str:
    # Drawn anew for each creation, and where the manifest stood.
    return re.sub(r"/tmp/[^/]+/", "", re.sub(r"(created=)[0-9a-f-]{36}", r"\1…", line))


def _states(both: states.States) -> Iterable[str]:
    for name, state in (("actual", both.actual), ("desired", both.desired)):
        for resource in state:
            yield f"{name:8}{resource.address}{_role(resource)}"


def _role(resource: Resource) -> str:
    roles = resource.values.get("appRoles") or ()
    return "".join(f"   appRoles {role['value']}: {role['description']!r}" for role in roles)


def _change(change: Any) -> str:
    address = change.after.address if hasattr(change, "after") else change.before.address
    if not isinstance(change, Update):
        return f"{type(change).__name__:7}{address}"
    leaves = [leaf for each in change.fields for item in each.items for leaf in item.fields]
    return "\n".join(f"Update {address}   {leaf.path}: {leaf.before!r} → {leaf.after!r}" for leaf in leaves)


def _move(move: Any) -> str:
    return f"{move.count} people {move.sign} {move.role} of {move.application}"


def _step(step: Any) -> Iterable[str]:
    yield f"{step.id}   {step.request.method} {step.request.path}"
    yield f"    body     {_short(step.request.body)}"
    for name in ("needs", "guard", "found_by", "visible"):
        value = getattr(step, name)
        if name == "needs" and value:
            yield f"    needs    {', '.join(sorted(value))}"
        elif name != "needs" and value is not None:
            yield f"    {name:9}{type(value.expect).__name__} at {value.request.path}"


def _short(body: Any) -> str:
    if isinstance(body, Mapping) and "appRoles" in body:
        roles = [
            {key: role[key] for key in ("value", "description")} | {"…": "…"} for role in body["appRoles"]
        ]
        return json.dumps({"appRoles": roles}, ensure_ascii=False)
    return json.dumps(body, ensure_ascii=False, default=str)


def _last(shown: str) -> str:
    return next(line for line in reversed(shown.splitlines()) if line.strip())
