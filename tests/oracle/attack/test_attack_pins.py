"""A pin binds its key and follows its object: whoever owns a pinned application gains nothing by its tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.attack import runs, worlds
from tests.oracle.attack.story import MARKS, Story, story
from tests.oracle.attack.worlds import COMING, REUSED

LINK = "https://graph.microsoft.com/v1.0/directoryObjects/"


def retag(reported: Story, key: str, tagged: str) -> dict[str, Any]:
    """Let an owner of a pinned application tag it as another key, and take himself off."""
    app = reported.ours(key)
    owner = {"@odata.id": f"{LINK}{reported.scene.attacker.oid}"}
    reported.hand("POST", f"/applications/{app['id']}/owners/$ref", owner)
    tags = [MARKS[0].format(reported.world.environment), MARKS[1].format(tagged)]
    reported.his("PATCH", f"/applications/{app['id']}", {"tags": tags})
    reported.leave(app)
    reported.scene.clock.advance(3600)
    return app


@pytest.mark.parametrize("protected", [True, False])
def test_an_application_that_is_tagged_as_a_coming_key_stays_what_it_is_pinned_for(
    tmp_path: Path, *, protected: bool
) -> None:
    """Its tags are put back, the coming key gets an application of its own, and nothing is created twice."""
    reported = story(tmp_path, start="all", coming=True, protected=protected)
    before = dict(reported.stage.project.pins)
    app = retag(reported, "nightly", "billing")
    principal = reported.scene.tables.service_principal_by_app_id(app["appId"])
    assert principal is not None
    ended = reported.round()
    assert (ended.ending, reported.breaches) == ("done", [])
    assert MARKS[1].format("nightly") in reported.ours("nightly")["tags"]
    assert not reported.holds(principal["id"], "Biller")
    billing = reported.scene.tables.service_principal_by_app_id(reported.ours("billing")["appId"])
    assert billing is not None
    assert reported.holds(billing["id"], "Biller")
    assert before.items() <= reported.stage.project.pins.items()


def test_a_rename_that_is_applied_keeps_its_pin_when_the_old_key_is_used_again(tmp_path: Path) -> None:
    """The pin moves to the new key; its old key's new application gets one of its own, and tags change
    neither.
    """
    reported = story(tmp_path, start="all", goal="rename", reused=True)
    first = reported.stage.project.pins["spa"]
    assert reported.round().ending == "done"
    assert reported.stage.project.pins["portal"] == first
    assert reported.round().ending == "done"
    pins = dict(reported.stage.project.pins)
    assert pins["portal"] == first != pins["spa"]
    retag(reported, "portal", "spa")
    assert reported.round().ending == "done"
    assert (reported.breaches, reported.stage.project.pins) == ([], pins)
    assert MARKS[1].format("portal") in reported.ours("portal")["tags"]


@pytest.mark.parametrize("kind", [COMING, REUSED], ids=["re-tag as a coming key", "pin lost by rename"])
def test_a_few_worlds_of_each_kind_change_no_pin(kind: dict[str, Any]) -> None:
    """Of fixed seeds: each pin stays that of its object, and no pinned object is created again."""
    drawn = [worlds.draw(seed) for seed in range(60)]
    flag = next(iter(kind))
    for world in [world for world in drawn if getattr(world, flag)][:3]:
        run = runs.once(world)
        assert not run.breaches, str(run)
