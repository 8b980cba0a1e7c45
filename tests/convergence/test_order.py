"""What can be planned can be applied: exchanges between roles, scopes and applications, whole or killed
anywhere.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_config import reconcile
from entra_config.apply.events import Event, Outcome, StepDone
from entra_config.errors import RefusedError
from entra_config.graph import batch
from entra_config.graph.request import Request
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan
from entra_emulator.fault_plan import FaultRule
from tests import seeds
from tests.convergence.before_and_after import role
from tests.convergence.exchanges import EXCHANGES, PEOPLE, roles, uris
from tests.convergence.kills import crash_everywhere
from tests.convergence.tenant import Tenant, load


@pytest.mark.parametrize("name", EXCHANGES)
def test_story_15_an_exchange_converges_in_one_apply(name: str, tmp_path: Path) -> None:
    """Member types with new holders, identifier URIs, ids and values that change hands: nothing is refused
    or waited for.
    """
    before, after = (
        load(tmp_path / str(number), manifest) for number, manifest in enumerate(EXCHANGES[name])
    )
    tenant = Tenant()
    for manifest in (before, after):
        started = tenant.clock.now()
        outcome = asyncio.run(tenant.converge(manifest))
        assert [(step.id, str(error)) for step, error in outcome.failed] == []
        assert outcome.not_attempted == ()
        assert (tenant.clock.now() - started).total_seconds() < 1
    assert asyncio.run(tenant.pending(after)) == []
    assert tenant.doubles() == []


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "a disabled role is given": (
        roles({"Writer": role("Writer") | {"isEnabled": False}}, {}),
        roles(
            {"Writer": role("Writer") | {"isEnabled": False}}, {"Writer": {"users": ["alice@contoso.com"]}}
        ),
        "role Writer of api is disabled",
        "alice@contoso.com",
    ),
    "a role is disabled and given": (
        roles({"Writer": role("Writer", "Application")}, {}),
        roles({"Writer": role("Writer", "Application") | {"isEnabled": False}}, {}, "Writer"),
        "role Writer of api is disabled",
        "application:",
    ),
    "a domain is not verified": (
        uris(one=["x"]),
        {
            "applications": {
                "one": {
                    "type": "api",
                    "displayName": "one",
                    "identifierUris": ["https://sub.contoso.com/x", "https://evil.example/x"],
                }
            }
        },
        (
            "identifier URI 'https://evil.example/x' is of evil.example, which is no verified domain of "
            "this tenant (contoso.com,"
        ),
        "https://evil.example/x",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_story_16_what_can_be_known_is_refused_before_the_first_write(name: str, tmp_path: Path) -> None:
    """At the manifest's line, with nothing written."""
    before, after, said, text = REFUSED[name]
    tenant = Tenant()
    assert asyncio.run(tenant.converge(load(tmp_path / "a", before))).complete
    manifest = load(tmp_path / "b", after)

    async def plan() -> Plan:
        async with await tenant.connect() as graph:
            return await tenant.plan(graph, manifest)

    (refusal,) = asyncio.run(plan()).refusals
    assert refusal.blocks
    assert said in refusal.message
    assert refusal.position is not None
    lines = (tmp_path / "b" / "all.yaml").read_text(encoding="utf-8").splitlines()
    assert text in "\n".join(lines[refusal.position.line - 1 : refusal.position.line + 1])
    with pytest.raises(RefusedError):
        asyncio.run(tenant.converge(manifest))


def story(tenant: Tenant, manifest: Manifest, *requests: Request) -> Plan:
    """Let somebody send requests, then plan."""

    async def reported() -> Plan:
        async with await tenant.connect() as graph:
            for response in await graph.send(requests):
                assert response.ok, response
            return await tenant.plan(graph, manifest)

    return asyncio.run(reported())


def test_a_uri_that_another_application_holds_is_refused_by_name(tmp_path: Path) -> None:
    """Live or deleted, ours but untouched or somebody else's: who holds it is said; what the plan frees is
    not refused.
    """
    tenant, goal = Tenant(), load(tmp_path / "a", uris(one=["x"]))
    body = {"displayName": "Squatter", "identifierUris": ["https://contoso.com/X"]}
    (refusal,) = story(tenant, goal, Request("POST", "/applications", body)).refusals
    assert "identifier URI 'https://contoso.com/x' is held by 'Squatter' (appId" in refusal.message

    squatter = next(row["id"] for row in tenant.tables.applications if row["displayName"] == "Squatter")
    (refusal,) = story(tenant, goal, Request("DELETE", f"/applications/{squatter}")).refusals
    assert "is still reserved by the deleted application 'Squatter' (appId" in refusal.message

    assert story(tenant, goal, Request("DELETE", f"/directory/deletedItems/{squatter}")).refusals == ()


def test_a_uri_of_ours_that_stays_where_it_is_is_refused(tmp_path: Path) -> None:
    """Let go, or left alone by `ignoreChanges`: nothing frees it."""
    tenant = Tenant()
    assert asyncio.run(tenant.converge(load(tmp_path / "a", uris(one=["x"], two=["y"])))).complete
    let_go = uris(two=["x"]) | {"removed": {"applications": {"one": {"destroy": False}}}}
    left = uris(one=["z"], two=["x"])
    left["applications"]["one"]["ignoreChanges"] = ["identifierUris"]
    for number, manifest in enumerate((let_go, left)):
        (refusal,) = story(tenant, load(tmp_path / str(number), manifest)).refusals
        assert "is held by 'one' (appId" in refusal.message


def test_a_uri_of_what_is_purged_is_free_once_it_is_purged(tmp_path: Path) -> None:
    """With `--purge-deleted` another application takes it in the same apply."""
    tenant = Tenant()
    assert asyncio.run(tenant.converge(load(tmp_path / "a", uris(one=["x"], two=["y"])))).complete
    (one,) = (row["id"] for row in tenant.applications() if row["displayName"] == "one")
    goal = load(tmp_path / "b", uris(one=["z"], two=["x"]))
    story(tenant, goal, Request("DELETE", f"/applications/{one}"))

    async def purge() -> Outcome:
        async with await tenant.connect() as graph:
            return await tenant.carry_out(graph, await tenant.plan(graph, goal, purge_deleted=True))

    outcome = asyncio.run(purge())
    assert ([str(error) for _, error in outcome.failed], outcome.not_attempted) == ([], ())
    assert asyncio.run(tenant.pending(goal)) == []


@pytest.mark.parametrize(("path", "skip"), [("/applications$", 1), ("/directory/deletedItems", 0)])
def test_what_may_not_be_read_is_one_notice_and_no_failure(path: str, skip: int, tmp_path: Path) -> None:
    """Whoever may not ask who holds a URI still gets a plan."""
    tenant = Tenant()
    assert asyncio.run(tenant.converge(load(tmp_path / "a", uris(one=["x"], two=["y"])))).complete
    refuse = FaultRule(
        "respond",
        "GET",
        path,
        skip=skip,
        times=None,
        status=403,
        code="Authorization_RequestDenied",
        message="no",
    )
    tenant.faults.plan.rules.append(refuse)
    plan = story(tenant, load(tmp_path / "b", uris(one=["x", "new"], two=["y", "other"])))
    assert plan.refusals == ()
    assert [notice.message for notice in plan.warnings] == [
        "who else holds identifier URIs cannot be read: whether a new one is free is not known before apply"
    ]


def test_a_plan_tells_what_changes_hands_and_the_gap_that_it_makes(tmp_path: Path) -> None:
    """Each URI and each value that goes from one to another stands beside whoever gets it."""
    found: dict[str, list[str]] = {}
    for name in (
        "two applications exchange an identifier URI",
        "an id is written beside a role that is held",
    ):
        tenant = Tenant()
        before, after = (
            load(tmp_path / name / str(number), manifest) for number, manifest in enumerate(EXCHANGES[name])
        )
        assert asyncio.run(tenant.converge(before)).complete
        found[name] = [note for change in story(tenant, after).changes for note in change.notes]
    assert found == {
        "two applications exchange an identifier URI": [
            (
                "https://contoso.com/y comes from two, which lets go of it first: for a moment no "
                "application has it"
            ),
            (
                "https://contoso.com/x comes from one, which lets go of it first: for a moment no "
                "application has it"
            ),
        ],
        "an id is written beside a role that is held": [
            (
                "role Writer gets another id: the old one is taken off and removed first, and for a "
                "moment nobody has it"
            ),
        ],
    }


def test_a_plan_without_new_uris_asks_nothing_about_them(tmp_path: Path) -> None:
    """What was claimed already costs no request; a new one costs two, at no further depth."""
    tenant = Tenant()
    assert asyncio.run(tenant.converge(load(tmp_path / "a", uris(one=["x"])))).complete
    same, more = (
        story(tenant, load(tmp_path / "b", uris(one=["x"]))),
        story(tenant, load(tmp_path / "c", uris(one=["x", "y"]))),
    )
    assert (more.read.requests - same.read.requests, more.read.depth - same.read.depth) == (2, 0)


KILLED = [(name, phase) for name in EXCHANGES for phase in ("before", "after")]


@pytest.mark.faults
@pytest.mark.parametrize("number", seeds.sample("killed exchanges", range(len(KILLED)), len(KILLED) // 2))
def test_an_exchange_survives_a_kill_between_any_two_requests(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next apply ends where the first would have: half of the exchanges, and all in
    `make proof`.
    """
    name, phase = KILLED[number]
    monkeypatch.setattr(batch, "LIMIT", 1)
    before, after = (
        load(tmp_path / str(number), manifest) for number, manifest in enumerate(EXCHANGES[name])
    )
    assert crash_everywhere(before, after, phase) > 3


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ({"isEnabled": False}, "].isEnabled is False, expected True"),
        ({"allowedMemberTypes": ["Application"]}, "].allowedMemberTypes has 'Application'"),
        (None, "appRoles lacks"),
    ],
)
def test_story_16_a_role_that_somebody_changes_after_the_plan_is_no_lag(
    theirs: dict[str, Any] | None, said: str, tmp_path: Path
) -> None:
    """Whatever else this run wrote before: half a minute, and what is there instead is said."""
    tenant = Tenant()
    api = {"Writer": role("Writer"), "Reader": role("Reader")}
    assert asyncio.run(tenant.converge(load(tmp_path / "a", roles(api, {"Reader": PEOPLE})))).complete
    goal = load(
        tmp_path / "b",
        roles(api | {"More": role("More")}, {"Reader": PEOPLE, "Writer": PEOPLE, "More": PEOPLE}),
    )

    def edited(row: dict[str, Any]) -> list[dict[str, Any]]:
        kept = [each for each in row["appRoles"] if theirs is not None or each["value"] != "Writer"]
        return [{**each, **(theirs or {})} if each["value"] == "Writer" else each for each in kept]

    async def story() -> Outcome:
        async with await tenant.connect() as graph:
            plan = await tenant.plan(graph, goal)
            done = [False]

            def watch(event: Event) -> None:
                # As soon as this run has added its own role, somebody edits the other one.
                if isinstance(event, StepDone) and event.step.id == "application.api/extend" and not done[0]:
                    done[0] = True
                    for table in (tenant.tables.applications, tenant.tables.service_principals):
                        (row,) = (row for row in table if row["displayName"] == "API")
                        table.put({**row, "appRoles": edited(row)})

            return await reconcile.apply(
                plan, graph, observe=watch, sleep=tenant.clock.sleep, jitter=lambda: 0.5, wait=False
            )

    begin = tenant.clock.now()
    outcome = asyncio.run(story())
    failed = {step.id: str(error) for step, error in outcome.failed}
    assert sorted({id_.split("/")[1] for id_ in failed}) == ["Writer"]
    assert all(said in message for message in failed.values()), failed
    assert (tenant.clock.now() - begin).total_seconds() <= 40
