"""A seed in; where `entra-config test` says other of a token than the rules of Entra and `access` do, out."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from entra_config.testing import runs
from entra_config.testing.results import Result
from entra_emulator import seed as seeds
from tests.oracle import reported, rules
from tests.oracle.agreement import plain
from tests.oracle.claims.draw import Drawn, Question, draw
from tests.oracle.reported import Names
from tests.oracle.tenant import Tenant, load
from tests.oracle.tokens import GONE, NO_CONSENT, Registrations

Json = Mapping[str, Any]
WORDS = ("many", "last", "used")


@dataclass
class Verdict:
    """What came of one estate: how many tests ran, how many of them about refusals, and what was wrong."""

    seed: int
    tests: int = 0
    refusals: int = 0
    compared: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Truth:
    """The same estate in a tenant that was made otherwise, as plain data, and what `access` says there."""

    dump: dict[str, Any]
    access: dict[str, Any]

    @property
    def tenant(self) -> dict[str, Any]:
        """Return the only tenant that matters."""
        found: dict[str, Any] = self.dump["tenants"][0]
        return found

    def app_id(self, key: str) -> str:
        """Return the appId of one of ours."""
        tag = f"entra-config:key={key}"
        return next(str(row["appId"]) for row in self.tenant["applications"] if tag in row["tags"])

    def user(self, name: str) -> str:
        """Return the object id of a person."""
        return next(str(row["id"]) for row in self.tenant["users"] if row["userPrincipalName"] == name)


def tried(seed: int) -> Verdict:
    """Try one estate."""
    return asyncio.run(_tried(draw(seed)))


async def _tried(drawn: Drawn) -> Verdict:
    truth = await _truth(drawn)
    verdict = Verdict(drawn.seed)
    expected = dict(_expected(drawn, truth))
    results = await _run(drawn, expected)
    for name, result in results.items():
        verdict.wrong += [
            f"{name}: rules say {expected[name]['expect']}, tests {failure}"
            for failure in result.failures
            if not _one(failure)
        ]
    lies = {name: test | {"expect": _lie(test["expect"])} for name, test in expected.items()}
    verdict.wrong += [
        f"{name} passes for {lies[name]['expect']} too"
        for name, each in (await _run(drawn, lies)).items()
        if each.passes
    ]
    verdict.wrong += _access(drawn, truth, expected, verdict)
    verdict.tests, verdict.refusals = (
        len(expected),
        sum("refused" in each["expect"] for each in expected.values()),
    )
    return verdict


async def _truth(drawn: Drawn) -> Truth:
    """Apply the manifest to the seed's tenant, with the people of the estate in its groups and nobody else
    in them.
    """
    tenant, manifest = Tenant(), load(drawn.manifest)
    rows = tenant.rows
    for name in (*drawn.inside, *(each for held in drawn.members.values() for each in held)):
        if rows.one("groups", "displayName", name) is None:
            seeds.add_group(rows, name)
    groups = {row["displayName"]: row["id"] for row in rows.groups}
    for group in groups.values():
        for member in list(rows.members.targets(group)):
            rows.members.remove(group, member)
    users = {row["userPrincipalName"]: row for row in rows.users}
    for name, held in drawn.members.items():
        for group in held:
            rows.members.add(groups[group], users[name]["id"])
        rows.users.put({**users[name], "accountEnabled": name not in drawn.disabled})
    for name, outer in drawn.inside.items():
        for group in outer:
            if rows.one("groups", "displayName", group) is None:
                groups[group] = seeds.add_group(rows, group)["id"]
            rows.members.add(groups[group], groups[name])
    plan = await tenant.plan(manifest, WORDS)
    outcome = await tenant.apply(plan)
    assert outcome.complete, outcome.failed
    return Truth(tenant.dump(), await tenant.access(manifest))


def _expected(drawn: Drawn, truth: Truth) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield each question whose answer the rules decide, as a test that expects just that."""
    for number, question in enumerate(drawn.questions):
        expect = _expect(rules.response(plain(truth.dump), _requested(drawn, truth, question)))
        if expect is None:
            continue
        name = (
            f"{number}: {question.person or 'itself'} through {question.client} at "
            f"{question.api}/{question.scope}"
        )
        yield name, {"it": name, **_form(drawn, question), "expect": expect}


def _requested(drawn: Drawn, truth: Truth, question: Question) -> rules.AsUser | rules.AsItself:
    client, api = truth.app_id(question.client), truth.app_id(question.api)
    if not question.person:
        return rules.AsItself(client, api)
    scopes = frozenset({drawn.value(question.api, question.scope)})
    return rules.AsUser(truth.user(question.person), client, api, scopes)


def _expect(judged: rules.Token | rules.Refused | rules.Unknown) -> dict[str, Any] | None:
    if isinstance(judged, rules.Refused):
        return {"refused": f"AADSTS{judged.code}"}
    if isinstance(judged, rules.Unknown):
        return None
    claims: dict[str, Any] = {}
    for name, certain, perhaps in (
        ("roles", judged.roles, judged.perhaps_roles),
        ("scp", judged.scopes, judged.perhaps_scopes),
    ):
        if not perhaps:
            claims[name] = sorted(certain)
        elif certain:
            claims[name] = {"contains": sorted(certain)}
    return {"token": claims}


def _form(drawn: Drawn, question: Question) -> dict[str, Any]:
    kind = drawn.manifest["applications"][question.client]["type"]
    who = {"as": question.person} if question.person else {}
    proof = {} if kind in ("spa", "publicClient") and question.person else {"secret": True}
    return {**who, **proof, "client": question.client, "asks": [f"{question.api}/{question.scope}"]}


def _lie(expect: dict[str, Any]) -> dict[str, Any]:
    """Return what is not so."""
    if "refused" in expect:
        return {"token": {}}
    roles = expect["token"].get("roles")
    if isinstance(roles, list) and roles:
        return {"token": expect["token"] | {"roles": roles[1:]}}
    return {"token": expect["token"] | {"roles": {"contains": ["Nobody"]}}}


def _one(failure: Any) -> bool:
    """Tell whether both refuse, by numbers of which nobody wrote down which it is."""
    return (
        failure.claim == "refused"
        and failure.expected == f"AADSTS{NO_CONSENT}"
        and failure.found == f"AADSTS{GONE}"
    )


async def _run(drawn: Drawn, expected: Mapping[str, dict[str, Any]]) -> dict[str, Result]:
    people = {
        person: {"memberOf": held, "enabled": person not in drawn.disabled, "guest": person in drawn.guests}
        for person, held in drawn.members.items()
    }
    added = {name for held in (*drawn.members.values(), *drawn.inside.values()) for name in held} | set(
        drawn.inside
    )
    groups = {name: {"memberOf": drawn.inside.get(name, [])} for name in sorted(added)}
    content = {"people": people, "groups": groups, "tests": list(expected.values())}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        (folder / "entra-config.yaml").write_text(json.dumps(drawn.manifest), encoding="utf-8")
        (folder / "tests/all.yaml").write_text(json.dumps(content), encoding="utf-8")
        found = await runs.run(folder, now=Tenant().clock.now())
    return {result.test.name: replace(result) for result in found.results}


def _access(
    drawn: Drawn, truth: Truth, expected: Mapping[str, dict[str, Any]], verdict: Verdict
) -> Iterable[str]:
    """Compare the roles of each test that holds with what `access` says that its person or application
    has.
    """
    registrations = Registrations.of(truth.dump)
    held = reported.holders(truth.access, Names.of(drawn.manifest, registrations, registrations))
    principals = {row["appId"]: key for key, row in registrations.principals.items()}
    for number, question in enumerate(drawn.questions):
        test = next((each for name, each in expected.items() if name.startswith(f"{number}: ")), None)
        roles = test["expect"].get("token", {}).get("roles") if test else None
        if not isinstance(roles, list):
            continue
        verdict.compared += 1
        side = held.people if question.person else held.applications
        who = truth.user(question.person) if question.person else principals[truth.app_id(question.client)]
        says = sorted(
            value for (api, value), holders in side.items() if api == question.api and who in holders
        )
        if says != roles:
            yield f"{test['it'] if test else ''}: `access` says {says}, tests {roles}"
