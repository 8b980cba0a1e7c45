"""A case's story in, each of its steps told out loud: manifests written, plans made, hands and strangers
let in.
"""

from __future__ import annotations

import copy
import json as jsonlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid5

import jsonschema
import yaml

from entra_config import reconcile
from entra_config.drift import check, reverting
from entra_config.drift.model import Drift
from entra_config.errors import EntraConfigError
from entra_config.kinds.entitlements import NAMESPACE
from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.model import Manifest
from entra_config.manifest.reading.problems import Problems
from entra_config.pinning import live
from entra_config.plan.model import Plan, address_of
from entra_config.report import json, markdown
from entra_emulator.callers import Caller
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from tests.cases.plan_lines import SIGNS, access, lines, shown
from tests.world import NOW, apply, plan, signed_in

CASES = sorted(Path(__file__).parent.glob("*/case.yaml"))
ADMIN = (
    "Policy.Read.All",
    "Application.ReadWrite.All",
    "Group.ReadWrite.All",
    "User.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
)
ROOT_KEYS = ("project", "environments", "removed", "grants", "settings")
# Everybody of the seed, and none of the federated subjects or URIs that the cases write.
PEOPLE = re.compile(r"(?i)\b(alice|bob|carol|dave|erin|frank|grace|heidi|ivan|judy|mallory)@contoso\.com")
PUBLISHED = jsonschema.Draft202012Validator(
    jsonlib.loads((Path(__file__).parents[2] / "docs/schemas/plan.schema.json").read_text(encoding="utf-8"))
)


@dataclass
class World:
    """One tenant, the manifest as it stands, and what strangers' requests answered (`{name.id}` in later
    paths).
    """

    folder: Path
    manifest: dict[str, Any]
    embedded: Embedded = field(default_factory=lambda: Embedded.create(seed="cases", clock=ManualClock(NOW)))
    responses: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    plan: Plan | None = None
    error: str = ""

    def load(self, environment: str | None = None) -> Manifest:
        """Write the manifest and load it."""
        self.folder.mkdir(exist_ok=True)
        root = {key: value for key, value in self.manifest.items() if key in ROOT_KEYS} | {
            "files": [{"path": "all.yaml"}]
        }
        rest = {key: value for key, value in self.manifest.items() if key not in ROOT_KEYS}
        path = self.folder / "entra-config.yaml"
        teams = rest.pop("teams", {})
        for name, team in teams.items():
            root["files"].append({"path": f"{name}.yaml", "mayDeclare": team["mayDeclare"]})
            (self.folder / f"{name}.yaml").write_text(dumped(team["declares"]), encoding="utf-8")
        path.write_text(dumped(root), encoding="utf-8")
        (self.folder / "all.yaml").write_text(commented(dumped(rest), self.comments), encoding="utf-8")
        return loader.load(path, environment)

    def caller(self, name: str | None) -> Caller | None:
        """Return who a step is done by: the deployer, or a person through some tool."""
        return self.embedded.user_caller(name, ADMIN) if name else None

    def filled(self, value: Any) -> Any:
        """Return a value with `{name.property}` replaced by what an earlier request answered."""
        match value:
            case str():
                value = re.sub(r"\{role:(.*?)\}", lambda found: str(uuid5(NAMESPACE, found[1])), value)
                for name, body in self.responses.items():
                    for key, item in body.items():
                        value = value.replace(f"{{{name}.{key}}}", str(item))
                return value
            case dict():
                return {self.filled(key): self.filled(item) for key, item in value.items()}
            case list():
                return [self.filled(item) for item in value]
            case _:
                return value


def case_of(path: Path) -> Any:
    """Read a case; by the parser that is written in C."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def dumped(document: Any) -> str:
    """Return a document as YAML, its keys in their order."""
    text: str = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)
    return text


def commented(text: str, comments: dict[str, str]) -> str:
    """Return a text with a comment after each line that ends with the given words."""
    for words, comment in comments.items():
        assert text.count(f"{words}\n") == 1, text
        text = text.replace(f"{words}\n", f"{words} # {comment}\n")
    return text


async def tell(world: World, step: dict[str, Any]) -> None:
    """Do one step of a story and check what it expects."""
    [(verb, reported)] = [(verb, reported) for verb, reported in step.items() if verb in VERBS]
    how = world.filled({key: item for key, item in step.items() if key != verb})
    await VERBS[verb](world, world.filled(reported) if verb != "edit" else reported, how)


async def _edit(world: World, change: dict[str, Any], _: dict[str, Any]) -> None:
    world.manifest = merged(world.manifest, world.filled(change))


async def _comment(world: World, comments: dict[str, str], _: dict[str, Any]) -> None:
    """Write comments at the lines that end with the given words, and remove the comments before."""
    world.comments = comments


def merged(base: Any, change: Any) -> Any:
    """Return `base` with `change` on top; the word `gone` takes a key away."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return copy.deepcopy(change)
    found = dict(base)
    for key, value in change.items():
        if value == "gone":
            found.pop(key, None)
        else:
            found[key] = merged(found.get(key), value) if key in found else copy.deepcopy(value)
    return found


async def _plan(world: World, expected: str, how: dict[str, Any]) -> None:
    options = {name: how[name] for name in ("destroy", "purge_deleted", "revert") if name in how}
    options |= {"allow": frozenset(how.get("allow", ())), "targets": tuple(how.get("targets", ()))}
    try:
        manifest = world.load(how.get("environment"))
        world.plan, world.error = (
            await plan(world.embedded, manifest, caller=world.caller(how.get("by")), **options),
            "",
        )
    except EntraConfigError as error:
        world.plan, world.error = None, str(error)
    if "error" in how:
        assert how["error"] in world.error, world.error or lines(world.plan)
        return
    assert world.plan is not None, world.error
    assert shown(world.plan) == expected.strip(), f"the plan says:\n{shown(world.plan)}"
    following = [f"{SIGNS[type(change)]} {address_of(change)}" for change in world.plan.following]
    assert following == how.get("following", []), following
    _mentions([notice.message for notice in world.plan.warnings], how.get("warnings", []))
    _mentions([refusal.message for refusal in world.plan.refusals], how.get("refusals", []))
    _mentions([each.message for each in world.plan.withheld], how.get("held", []))
    notes = [note for change in world.plan.changes for note in change.notes]
    assert all(any(words in note for note in notes) for words in how.get("notes", [])), notes
    if "access" in how:
        assert access(world.plan) == how["access"], access(world.plan)
    assert world.plan.blocked == how.get("blocked", False), world.plan.refusals
    assert not PEOPLE.search(markdown.render(world.plan)), "a comment names a person"
    for show_requests in (False, True):
        PUBLISHED.validate(jsonlib.loads(json.render(world.plan, show_requests=show_requests)))


def _mentions(said: list[str], expected: list[str]) -> None:
    assert len(said) == len(expected), said
    for words in expected:
        assert any(words in message for message in said), (words, said)


async def _apply(world: World, expected: str, how: dict[str, Any]) -> None:
    """Plan, apply, and find that a second plan has nothing to do."""
    await _plan(world, expected, how)
    assert world.plan is not None
    await _carry_out(world, None, how)
    if not how.get("unfinished"):
        assert (
            lines(
                await plan(
                    world.embedded, world.load(how.get("environment")), caller=world.caller(how.get("by"))
                )
            )
            == []
        )


async def _revert(world: World, expected: str, how: dict[str, Any]) -> None:
    """Plan what puts the findings at some addresses right and carry it out; `left` is what the plan does not
    put right, `remaining` where the tenant still differs afterwards.
    """
    addresses = tuple(how["addresses"])
    drift = await _drift(world, how)
    await _plan(world, expected, {**how, "targets": addresses, "revert": ""})
    assert world.plan is not None, "the plan is an error"
    done = reverting.compare(drift, world.plan, addresses)
    _mentions([each.sentence for each in done.left], how.get("left", []))
    assert [str(address_of(each)) for each in done.included] == how.get("included", []), done.included
    assert not done.others, done.others
    if world.plan.changes:
        await _carry_out(world, None, how)
    remaining = sorted({str(each.address) for each in (await _drift(world, how)).findings})
    assert remaining == how.get("remaining", []), remaining


async def _drift(world: World, how: dict[str, Any]) -> Drift:
    manifest = world.load(how.get("environment"))
    async with await signed_in(world.embedded, world.caller(how.get("by"))) as graph:
        return await check.run(manifest, manifest, graph, now=NOW, base="HEAD")


async def _carry_out(world: World, _: Any, how: dict[str, Any]) -> None:
    assert world.plan is not None
    outcome = await apply(world.embedded, world.plan, caller=world.caller(how.get("by")))
    failed = [f"{step.id}: {error}" for step, error in outcome.failed]
    known, done = dict(outcome.known), []
    withheld: dict[str, None] = {}

    async def again() -> Plan:
        loaded, allow = world.load(how.get("environment")), frozenset(how.get("allow", ()))
        return await plan(world.embedded, loaded, caller=world.caller(how.get("by")), allow=allow)

    if world.plan.following:
        async for following in reconcile.follow(world.plan, known, again):
            rest, later = following.rest, following.later
            done += [shown(rest)] if rest.changes else []
            withheld |= {each.message: None for each in later.withheld if each not in world.plan.withheld}
            if not rest.blocked:
                outcome = await apply(world.embedded, rest, caller=world.caller(how.get("by")))
                failed += [f"{step.id}: {error}" for step, error in outcome.failed]
                known |= outcome.known
        assert "\n".join(done) == str(how.get("then", "")).strip(), "\n".join(done)
    _mentions(list(withheld), how.get("withheld", []))
    if "fails" in how:
        _mentions(failed, how["fails"])
    else:
        assert (failed, list(outcome.not_attempted)) == ([], [])


async def _hand(world: World, requests: list[dict[str, Any]], how: dict[str, Any]) -> None:
    """Let somebody change the tenant by hand; each request is `{POST: path, body: …, as: name}`."""
    async with world.embedded.client(world.caller(how.get("by"))) as client:
        for each in requests:
            request = world.filled(each)
            method = next(verb for verb in ("GET", "POST", "PATCH", "DELETE") if verb in request)
            response = await client.request(method, request[method], json=request.get("body"))
            assert response.is_success, response.text
            if "as" in request:
                body = response.json()
                world.responses[request["as"]] = body["value"][0] if "value" in body else body


async def _tenant(world: World, expected: dict[str, Any], _: dict[str, Any]) -> None:
    """Look at the tenant: path → what the answer holds at least, a number of list items, or `gone`."""
    async with world.embedded.client() as client:
        for path, wanted in expected.items():
            response = await client.get(path)
            if wanted == "gone":
                assert response.status_code == 404, response.text
                continue
            assert response.is_success, response.text
            body = response.json()
            if isinstance(wanted, int):
                assert len(body["value"]) == wanted, body
            else:
                assert _contains(body.get("value", body), wanted), body


def _contains(actual: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and all(
            _contains(actual.get(key), item) for key, item in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(actual, list) and all(
            any(_contains(item, each) for item in actual) for each in wanted
        )
    return bool(actual == wanted)


async def _lock(world: World, expected: list[str], how: dict[str, Any]) -> None:
    """Pin the names, as `lock` does; the lock file then has these lines, in this order."""
    manifest = world.load(how.get("environment"))
    path = loader.lock_path(world.folder, manifest.environment)
    accepted = {str(key): str(app_id) for key, app_id in how.get("accept", {}).items()}
    async with await signed_in(world.embedded, world.caller(how.get("by"))) as graph:
        pins, *_ = await live.pins(manifest, graph, lock.read(path, Problems()), accepted)
    lock.save(path, pins, manifest.environment)
    held = iter(path.read_text(encoding="utf-8").splitlines())
    for line in expected:
        assert any(line in each for each in held), path.read_text(encoding="utf-8")


async def _rewrite(world: World, words: dict[str, str], how: dict[str, Any]) -> None:
    """Change words of the lock file by hand, as a pull request would."""
    path = loader.lock_path(world.folder, world.load(how.get("environment")).environment)
    text = path.read_text(encoding="utf-8")
    for before, after in words.items():
        assert before in text, text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


VERBS = {
    "edit": _edit,
    "comment": _comment,
    "plan": _plan,
    "apply": _apply,
    "carry out": _carry_out,
    "revert": _revert,
    "hand": _hand,
    "tenant": _tenant,
}
VERBS |= {"lock": _lock, "rewrite lock": _rewrite}
