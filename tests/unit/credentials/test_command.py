"""`entra-config credentials`: a secret's whole life, told by the command line and by what signs in."""

from __future__ import annotations

import json
import shlex

from tests.unit.credentials.ground import World, by_hand


def test_the_whole_life_of_a_secret(world: World) -> None:
    """None is there: one is made; nothing is due for weeks; then the next, both work for the overlap, and
    the old one goes.
    """
    assert world.keys == []
    ran = world.run("credentials", "rotate", "--due")
    first = world.in_sink
    assert world.keys == [first]
    assert first in ran.out
    assert "signs in" in ran.err

    world.pass_days(75)
    assert "not due" in world.run("credentials", "rotate", "--due").out
    assert world.keys == [first]

    world.pass_days(2)
    world.run("credentials", "rotate", "--due")
    second = world.in_sink
    assert world.keys == [second, first]

    world.pass_days(12)
    world.run("credentials", "rotate", "--due")
    assert world.keys == [second, first]
    world.pass_days(2.1)
    assert f"removed {first}" in world.run("credentials", "rotate", "--due").err
    assert world.keys == [second] == [world.in_sink]


def test_the_list_says_what_there_is(world: World) -> None:
    """Declared and not there; made and in its sink; JSON has the same."""
    assert "there is none yet" in world.ok("credentials").out
    world.ok("credentials", "rotate", "web", "--pins", "write")
    ran = world.ok("credentials", "--sinks", "--format", "json")
    (row,) = json.loads(ran.out)["credentials"]
    assert (row["standing"], row["keyId"], row["due"]) == ("current", world.in_sink, None)
    assert (
        json.loads(world.ok("credentials", "--format", "json").out)["credentials"][0]["standing"] == "rotated"
    )


def test_pins_of_another_job(world: World) -> None:
    """`--pins` writes key ids and no value; `lock --pins` takes them, and refuses those of another
    application.
    """
    file = world.folder / "pins.json"
    world.ok("credentials", "rotate", "web", "--pins", str(file))
    assert world.kept.read_text() not in file.read_text()
    world.ok("lock", "--pins", str(file))
    assert f"web: [{world.in_sink}]" in world.root.with_name("entra-config.prod.lock.yaml").read_text()
    document = json.loads(file.read_text())
    document["secrets"][0]["appId"] = "5c1b2f7e-0000-4000-8000-000000000000"
    file.write_text(json.dumps(document))
    ran = world.run("lock", "--pins", str(file))
    assert (ran.code, "is pinned to" in ran.err) == (1, True), ran


def test_pins_of_secrets_pin_no_application(world: World) -> None:
    """Of a key that the lock file does not pin, a list of secrets does not say which application it is."""
    file, held = world.folder / "pins.json", world.root.with_name("entra-config.prod.lock.yaml")
    world.ok("credentials", "rotate", "web", "--pins", str(file))
    app_id = world.application["appId"]
    held.unlink()
    ran = world.ok("lock", "--pins", str(file))
    assert f"nothing pins web to {app_id}" in ran.err
    assert not held.exists() or app_id not in held.read_text()
    world.ok("lock", "--reject", app_id)
    ran = world.run("lock", "--pins", str(file))
    assert (ran.code, "is rejected by the lock file" in ran.err) == (1, True), ran


def test_what_is_left_over_is_due_for_whoever_asks_no_sink(world: World) -> None:
    """An overlap that is over, what never came to its sink: the list says so, the next run tidies."""

    def due() -> dict[str, str]:
        rows = json.loads(world.ok("credentials", "--format", "json").out)["credentials"]
        return {each["keyId"]: each["due"] for each in rows if each["due"]}

    world.ok("credentials", "rotate", "web", "--pins", "write")
    first = world.in_sink
    world.ok("credentials", "rotate", "web", "--pins", "write")
    assert due() == {}, "in its overlap it stays"
    orphan = json.loads(world.ok("credentials", "--format", "json").out)["credentials"]
    assert len(orphan) == 2
    world.pass_days(14.1)
    assert due() == {first: "its overlap is over: the next rotation takes it away"}
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert (due(), world.keys) == ({}, [world.in_sink])
    (name,) = [row["displayName"] for row in world.application["passwordCredentials"]]
    left = by_hand(world, displayName=name)
    assert due() == {left: "it may never have come to its sink: the next rotation looks"}
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert (due(), world.keys) == ({}, [world.in_sink])


def test_an_overlap_is_kept_by_hand_too(world: World) -> None:
    """A second `rotate KEY` in the overlap is refused with the remedy."""
    world.run("credentials", "rotate", "web")
    world.run("credentials", "rotate", "web")
    ran = world.run("credentials", "rotate", "web")
    assert (ran.code, len(world.keys)) == (3, 2)
    assert "the one before is in its overlap until" in ran.err


def test_a_sink_that_lost_its_copy_costs_no_working_secret(world: World) -> None:
    """A file that is gone after a reboot: what it kept signs in until the next one's overlap is over."""
    world.ok("credentials", "rotate", "web", "--pins", "write")
    first = world.in_sink
    world.pass_days(10)
    world.kept.unlink()
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert world.keys == [world.in_sink, first]
    world.kept.write_text("of nobody")
    world.kept.chmod(0o600)
    second = world.keys[0]
    world.run("credentials", "rotate", "--due", "--pins", "skip")
    assert world.keys == [world.in_sink, second, first]


def test_words_that_make_no_sense(world: World) -> None:
    """No key, an unknown one, one without a secret, an option before the command's name."""
    assert "say whose secret" in world.run("credentials", "rotate").err
    assert "not an application" in world.run("credentials", "rotate", "wbe").err
    assert "declares no secret x" in world.run("credentials", "rotate", "web", "--secret", "x").err
    assert world.run("credentials", "--format", "json", "rotate", "--due").code == 1


def test_access_tests_sign_in_as_an_application_that_declares_one(world: World) -> None:
    """A test proves the client by a secret of its own; where the real one is kept is no matter of the
    test.
    """
    tests = world.root.parent / "tests"
    tests.mkdir()
    roles = {"Read": {"displayName": "Read", "description": "Reads.", "allowedMemberTypes": ["Application"]}}
    own = {"application": ["Read"], "adminConsent": True}
    world.declare(
        environment={"protected": True, "deployers": []},
        identifierUris=["api://${appId}"],
        appRoles=roles,
        apiPermissions={"web": own},
    )
    requested = "client: web, asks: [web/.default], secret: true"
    text = f"tests:\n  - {{ it: reads by itself, {requested}, expect: {{ token: {{ roles: [Read] }} }} }}\n"
    (tests / "web.yaml").write_text(text, encoding="utf-8")
    ran = world.run("test")
    assert (ran.code, "1 access test passes" in ran.out) == (0, True), ran


def test_a_key_id_that_is_not_pinned_is_reported_with_the_command_that_pins_it(world: World) -> None:
    """The rotation exits with 1, and the printed command leaves nothing undeclared."""
    ran = world.run("credentials", "rotate", "web")
    (command,) = (
        line.strip() for line in ran.err.splitlines() if line.startswith("  entra-config credentials adopt")
    )
    assert (ran.code, "is not pinned in the lock file" in ran.err) == (1, True)
    assert "undeclared" in world.run("credentials", "--format", "json").out
    words = shlex.split(command)[1:]
    world.ok(*words[: words.index("-e")])
    assert "undeclared" not in world.run("credentials", "--format", "json").out


def test_a_list_of_what_ends_says_nothing_of_what_does_not_end(world: World) -> None:
    """An empty answer to `--ending` names the days, in text and Markdown."""
    world.ok("credentials", "rotate", "web", "--pins", "write")
    for form in ("text", "markdown"):
        out = world.ok("credentials", "--ending", "9", "--format", form).out
        assert "No credential ends within 9 days without a rotation that replaces it." in out
        assert "sign" not in out
