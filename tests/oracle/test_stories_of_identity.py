"""One object, one key, one owner: the stories 1 to 3, each held against tokens."""

from __future__ import annotations

import pytest

from entra_config.errors import EntraConfigError
from tests.oracle.cast import ONE, STAFF, api
from tests.oracle.story import Story, reported
from tests.oracle.tenant import load


@pytest.mark.parametrize("protected", [False, True])
def test_01_a_key_used_again_after_a_rename(protected: bool) -> None:
    """`web` became `portal`, and a new `web` comes: the live one stays `portal`, and its twelve people
    keep their role.
    """

    async def story() -> None:
        world = Story(protected=protected)
        people = {"Reader": {"groups": [STAFF]}}
        await world.settle(world.manifest({"web": api("Reader")}, appRoleAssignments={"web": people}))
        live = world.row("web")["appId"]
        world.pin("web")
        renamed = {"portal": api("Reader", previously="web")}
        await world.settle(world.manifest(renamed, appRoleAssignments={"portal": people}))
        world.pinned = {"portal": live}
        both = {"portal": api("Reader"), "web": api("Reader", displayName="Another")}
        content = world.manifest(
            both, appRoleAssignments={"portal": people, "web": {"Reader": {"users": ["li@contoso.com"]}}}
        )
        plan = await world.settle(content)
        assert {
            change["action"] for change in plan["changes"] if change["address"]["key"] == "portal"
        } == set()
        assert world.row("portal")["appId"] == live
        assert world.row("web")["appId"] != live
        assert len(world.said().people[world.principal(live), "Reader"]) == 12

    reported(story())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Estate", "prod", "api"), ("estate", "prod", "api")),
        (("estate", "dev", "api"), ("estate", "Dev", "api")),
    ],
)
def test_02_names_that_differ_only_in_case_are_strangers(
    first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    """Two projects, or environments, that differ only in case make objects of their own, and destroy their
    own.
    """

    async def story() -> None:
        world = Story()
        contents = []
        for project, environment, key in (first, second):
            app = {key: api("Reader", displayName=f"{project} {environment}")}
            people = {key: {"Reader": {"groups": [STAFF if project == first[0] else ONE]}}}
            contents.append(
                world.manifest(app, project=project, environment=environment, appRoleAssignments=people)
            )
            await world.settle(contents[-1])
        owners = [f"{project}/{environment}" for project, environment, _ in (first, second)]
        kept = world.everything(owners[0])
        assert len(kept["applications"]) == len(world.everything(owners[1])["applications"]) == 1
        await world.settle(contents[1], destroy=True)
        assert world.everything(owners[0]) == kept
        assert world.everything(owners[1])["applications"] == []

    reported(story())


def test_02_keys_that_differ_only_in_case() -> None:
    """`api` and `API` in one manifest are refused before anything is asked; one after the other they are
    two objects.
    """

    async def story() -> None:
        world = Story()
        with pytest.raises(EntraConfigError):
            load(world.manifest({"api": api("Reader"), "API": api("Reader")}))
        people = {"Reader": {"groups": [STAFF]}}
        first, second = ({key: api("Reader", displayName=f"Called {key}")} for key in ("api", "API"))
        await world.settle(world.manifest(first, appRoleAssignments={"api": people}))
        live = world.row("api")["appId"]
        await world.settle(world.manifest(second, appRoleAssignments={"API": {"Reader": {"groups": [ONE]}}}))
        assert world.row("api")["appId"] == live != world.row("API")["appId"]

    reported(story())


def test_03_an_object_of_another_owner_is_a_wall() -> None:
    """By `appId:` it is taken over under its word only, and told so with all that people lose; by
    `uniqueName` never.
    """

    async def story() -> None:
        world = Story()
        people = {"Reader": {"groups": [STAFF]}}
        await world.settle(
            world.manifest({"web": api("Reader")}, project="other", appRoleAssignments={"web": people})
        )
        live = world.row("web", "other/prod")
        theirs = world.everything("other/prod")
        taking = world.manifest({"site": api("Reader", appId=live["appId"])}, appRoleAssignments={"site": {}})
        refused = await world.plan(taking)
        assert refused.blocked
        assert any(refusal.word == "takeover" for refusal in refused.refusals)
        assert world.everything("other/prod") == theirs
        plan = await world.settle(taking, ["takeover"])
        assert "taken over from other/prod" in str(plan)
        assert world.row("site")["appId"] == live["appId"]
        # It still has the name that the other project would give its `web`.
        ours = world.everything("shop/prod")
        await world.settle(
            world.manifest({"web": api("Reader")}, project="other", appRoleAssignments={"web": people})
        )
        assert world.everything("shop/prod") == ours
        assert world.row("web", "other/prod")["appId"] != live["appId"]

    reported(story())
