"""What can be planned can be applied: the stories 15 and 16, each held against tokens."""

from __future__ import annotations

from typing import Any

from entra_config.errors import EntraConfigError
from tests.oracle.cast import ONE, api, job, role
from tests.oracle.story import Story, failures, reported
from tests.oracle.tenant import document


def test_15_member_types_change_together_with_the_holders() -> None:
    """A role goes from people to workloads in one apply, taken away before it is edited, and edited before
    it is given.
    """

    async def story() -> None:
        world = Story()
        first = api("Writer")
        first["appRoles"]["Writer"] = role("Writer", "User")
        bare = {"type": "daemon", "displayName": "Job"}
        await world.settle(
            world.manifest(
                {"api": first, "job": bare}, appRoleAssignments={"api": {"Writer": {"groups": [ONE]}}}
            )
        )
        second = api("Writer")
        second["appRoles"]["Writer"] = role("Writer", "Application")
        content = world.manifest({"api": second, "job": job()}, appRoleAssignments={"api": {}})
        await world.settle(content)
        assert document(await world.plan(content))["changes"] == []

    reported(story())


def test_15_two_applications_exchange_a_uri() -> None:
    """What one releases the other claims, both ways, in one apply."""

    async def story() -> None:
        world = Story()
        uris = ["https://contoso.com/one", "https://contoso.com/two"]
        for order in (uris, uris[::-1]):
            apps = {
                key: api("Reader", displayName=key, identifierUris=["api://${appId}", uri])
                for key, uri in zip(("first", "second"), order, strict=True)
            }
            await world.settle(world.manifest(apps))
        assert "https://contoso.com/two" in world.row("first")["identifierUris"]
        assert document(await world.plan(world.manifest(apps)))["changes"] == []

    reported(story())


def test_15_an_id_beside_an_existing_role() -> None:
    """A label that is told another `id:` than its live role has is carried out, or refused before the
    first write.
    """

    async def story() -> None:
        world = Story()
        people = {"api": {"Reader": {"groups": [ONE]}}}
        await world.settle(world.manifest({"api": api("Reader")}, appRoleAssignments=people))
        other = api("Reader")
        other["appRoles"]["Reader"]["id"] = "5c1b2f7e-0000-4000-8000-000000000009"
        content = world.manifest({"api": other}, appRoleAssignments=people)
        plan = await world.plan(content)
        if not plan.blocked:
            await world.settle(content)
            assert document(await world.plan(content))["changes"] == []

    reported(story())


def test_16_a_holder_for_a_disabled_role_is_refused_before() -> None:
    """Nobody can be given a disabled role: it is said before the first write, and not waited for."""

    async def story() -> None:
        world = Story()
        off = api("Reader")
        off["appRoles"]["Reader"]["isEnabled"] = False
        content = world.manifest({"api": off}, appRoleAssignments={"api": {"Reader": {"groups": [ONE]}}})
        await _said_before(world, content, "isabled")

    reported(story())


def test_16_a_domain_that_the_tenant_has_not_is_refused_before() -> None:
    """A URI of a domain that is not the tenant's is said before the first write."""

    async def story() -> None:
        world = Story()
        uris = ["https://not-ours.example/api"]
        await _said_before(
            world, world.manifest({"api": api("Reader", identifierUris=uris)}), "not-ours.example"
        )

    reported(story())


async def _said_before(world: Story, content: dict[str, Any], word: str) -> None:
    """Find a plan, or its manifest, refused with this word, or with just that part left out of a plan that
    applies.
    """
    started = world.tenant.clock.now()
    try:
        plan = await world.plan(content)
    except EntraConfigError as refused:
        # Told at the manifest's line, before anything was asked.
        if word in str(refused):
            return
        raise
    assert any(word in refusal.message for refusal in plan.refusals)
    if not plan.blocked:
        outcome = await world.tenant.apply(plan)
        assert outcome.complete, failures(outcome)
    assert (world.tenant.clock.now() - started).total_seconds() < 60
