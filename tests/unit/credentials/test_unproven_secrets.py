"""Where no secret is made or pinned: a place that is new, an application that nothing proves to be ours."""

from __future__ import annotations

import yaml

from entra_config.manifest import loader
from tests.unit.credentials.ground import World, by_hand


def test_a_place_that_nobody_allowed_is_not_asked(world: World) -> None:
    """A program of a new sink runs for no list and no removal."""
    made, ran_it = by_hand(world), world.folder / "ran"
    words = ["/usr/bin/touch", str(ran_it)]
    command = {"web": {"command": {"write": words, "read": words}}}
    world.declare(environment={"protected": True, "deployers": []}, sinks=command)
    assert "none of its own went before" in world.ok("credentials", "--sinks").err
    world.ok("lock", "--accept", f"web={world.application['appId']}")
    world.ok("credentials", "remove", "web", made, "--auto-approve")
    assert (world.keys, ran_it.exists()) == ([], False)


def test_a_new_place_is_refused_in_a_protected_environment(world: World) -> None:
    """Until `--allow sink`; the same place is known after, another one is not; no policy lifts it for
    good.
    """
    world.declare(environment={"protected": True, "deployers": []})
    assert world.run("lock").code == 0
    app_id = world.application["appId"]
    world.ok("lock", "--accept", f"web={app_id}")
    ran = world.run("plan")
    assert "would go to prod's sink web" in ran.out
    assert "which is new, and the environment is protected" in ran.out
    ran = world.run("credentials", "rotate", "web")
    assert (ran.code, world.keys) == (3, [])
    assert "--allow sink" in ran.err
    world.ok("credentials", "rotate", "web", "--allow", "sink", "--pins", "write")
    assert world.run("credentials", "rotate", "--due").code == 0
    assert "which is new" not in world.ok("plan").out
    world.declare(
        environment={"protected": True, "deployers": []}, sinks={"web": {"file": str(world.kept) + "-2"}}
    )
    assert "which points elsewhere than before" in world.run("plan").out
    assert world.run("credentials", "rotate", "--due").code == 3
    world.declare(environment={"protected": True, "deployers": [], "policy": {"allow": ["sink"]}})
    assert "`allow`: `sink` is none of" in world.run("validate").err


def test_a_planted_name_makes_no_place_known(world: World) -> None:
    """Whoever owns the application can write the digest of a place; the lock file says what was used."""
    world.ok("lock", "--accept", f"web={world.application['appId']}")
    (sink,) = loader.load(world.root).sinks.values()
    planted = by_hand(world, displayName=f"entra-config:web:0123456789abcdef.{sink.digest}")
    world.declare(environment={"protected": True, "deployers": []})
    assert "which is new, and the environment is protected" in world.run("plan").out
    ran = world.run("credentials", "rotate", "--due")
    assert (ran.code, world.keys, world.in_sink) == (3, [planted], None)
    assert "none of its own went before" in ran.err


def test_nothing_is_made_for_what_nothing_proves(world: World) -> None:
    """In a protected environment an application that only its marks say is ours gets no secret of ours."""
    world.root.with_name("entra-config.prod.lock.yaml").unlink()
    world.declare(environment={"protected": True, "deployers": []})
    ran = world.run("credentials", "rotate", "web", "--allow", "sink")
    assert (ran.code, world.keys) == (3, [])
    assert "nothing proves that it is ours" in ran.err


def test_nothing_is_made_or_pinned_where_nothing_is_protected_either(world: World) -> None:
    """A planted application must not come into the lock file by its secret."""
    made = by_hand(world)
    lock = world.root.with_name("entra-config.prod.lock.yaml")
    lock.unlink()
    for words in (("rotate", "web", "--pins", "write"), ("rotate", "--due"), ("adopt", "web", made)):
        ran = world.run("credentials", *words)
        assert (ran.code, world.keys, lock.exists()) == (3, [made], False), ran
        assert f"`entra-config lock --accept web={world.application['appId']}` if it is" in ran.err


def test_only_the_sinks_of_the_named_application_are_asked(world: World) -> None:
    """Two applications: what is removed, or rotated, of one runs no program of the other."""
    ran_it = world.folder / "ran"
    program = {"command": {"write": ["/usr/bin/touch", str(ran_it)], "read": ["/usr/bin/touch", str(ran_it)]}}
    sinks = {"web": {"file": str(world.kept)}, "other": program}
    secret = {"lifetime": "P90D", "overlap": "P14D"}
    world.declare(sinks=sinks)
    manifest = yaml.safe_load(world.root.read_text())
    manifest["applications"]["other"] = {
        "type": "web",
        "displayName": "Other",
        "credentials": {"secrets": {"other": {"sink": "other", **secret}}},
    }
    world.root.write_text(yaml.safe_dump(manifest))
    world.ok("apply", "--auto-approve", "--pins", "write")
    world.ok("credentials", "rotate", "web", "--pins", "write")
    made = by_hand(world)
    world.ok("credentials", "remove", "web", made, "--auto-approve")
    assert not ran_it.exists()
    world.run("credentials", "--sinks")
    assert ran_it.exists(), "the list of all asks all"
