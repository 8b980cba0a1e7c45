"""`entra-config credentials`: a secret's whole life, told by the command line and by what signs in."""

from __future__ import annotations

import json

from tests.unit.credentials.ground import World


def test_the_whole_life_of_a_secret(world: World) -> None:
    """None is there: one is made; nothing is due for weeks; then the next, both work for the overlap, and the old one goes."""
    assert world.keys == []
    ran = world.ok("credentials", "rotate", "--due")
    first = world.in_sink
    assert world.keys == [first]
    assert first in ran.out
    assert "signs in" in ran.err

    world.pass_days(75)
    assert "not due" in world.ok("credentials", "rotate", "--due").out
    assert world.keys == [first]

    world.pass_days(2)
    world.ok("credentials", "rotate", "--due")
    second = world.in_sink
    assert world.keys == [second, first]

    world.pass_days(12)
    world.ok("credentials", "rotate", "--due")
    assert world.keys == [second, first]
    world.pass_days(2.1)
    assert f"removed {first}" in world.ok("credentials", "rotate", "--due").err
    assert world.keys == [second] == [world.in_sink]


def test_the_list_says_what_there_is(world: World) -> None:
    """Declared and not there; made and in its sink; JSON has the same."""
    assert "there is none yet" in world.ok("credentials").out
    world.ok("credentials", "rotate", "web", "--write-lock")
    ran = world.ok("credentials", "--sinks", "--format", "json")
    (row,) = json.loads(ran.out)["credentials"]
    assert (row["standing"], row["keyId"], row["due"]) == ("current", world.in_sink, None)
    assert json.loads(world.ok("credentials", "--format", "json").out)["credentials"][0]["standing"] == "rotated"
