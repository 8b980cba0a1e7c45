"""`entra-config credentials`: a secret's whole life, told by the command line and by what signs in."""

from __future__ import annotations

import asyncio
import json

import yaml

from entra_config.manifest import loader
from tests.unit.credentials.ground import World


def test_the_whole_life_of_a_secret(world: World) -> None:
    """None is there: one is made; nothing is due for weeks; then the next, both work for the overlap, and
    the old one goes.
    """
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
    assert (
        json.loads(world.ok("credentials", "--format", "json").out)["credentials"][0]["standing"] == "rotated"
    )


def test_what_nobody_declared_is_listed_and_taken_away(world: World) -> None:
    """A secret by hand: in the list with its last use; removed by its key id; the sink's own is refused."""
    world.ok("credentials", "rotate", "web", "--write-lock")
    made = by_hand(world)
    ran = world.ok("credentials", "--sinks")
    assert "nobody declared it" in ran.out
    assert made in ran.out
    assert "last used" in ran.out, "the proof was a sign-in"
    assert "without a terminal to ask on" in world.run("credentials", "remove", "web", made).err
    assert f"removed {made}" in world.ok("credentials", "remove", "web", made, "--auto-approve").err
    assert world.keys == [world.in_sink]
    ran = world.run("credentials", "remove", "web", world.keys[0], "--auto-approve")
    assert (ran.code, "is what its sink keeps" in ran.err) == (3, True)
    assert world.run("credentials", "remove", "web", made).code == 1


def test_a_sink_that_cannot_be_asked_stops_no_removal_but_of_its_own(world: World) -> None:
    """Undeclared secrets go all the same; one of the label may be what the sink keeps."""
    world.ok("credentials", "rotate", "web", "--write-lock")
    made, own = by_hand(world), world.in_sink
    assert own
    world.kept.chmod(0o644)
    ran = world.run("credentials", "remove", "web", own, "--auto-approve")
    assert (ran.code, "can be read by others" in ran.err, own in world.keys) == (1, True, True), ran
    assert world.run("credentials", "--sinks").code == 1
    ran = world.ok("credentials", "remove", "web", made, "--auto-approve")
    assert "web/web: what its sink keeps is not known" in ran.err
    assert world.keys == [own]


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


def by_hand(world: World, **more: str) -> str:
    """Make a secret as the portal does; return its key id."""

    async def make() -> str:
        async with world.tenant.client() as client:
            body = {"passwordCredential": {"displayName": "by hand", **more}}
            response = await client.post(f"/applications/{world.application['id']}/addPassword", json=body)
            return str(response.json()["keyId"])

    return asyncio.run(make())


def test_drift_and_plan_know_a_rotation_by_the_lock_file(world: World) -> None:
    """What the lock file has is no finding; an orphan is one, and says what it is."""
    world.ok("credentials", "rotate", "web", "--write-lock")
    assert "nobody declared" not in world.ok("plan").out
    assert world.run("drift").code == 0, world.run("drift").out
    by_hand_named = by_hand(world, displayName="entra-config:web:0123456789abcdef.0123456789abcdef0123")
    assert "of a rotation of web: an orphan, or not in the lock file yet" in world.ok("plan").out
    ran = world.run("drift")
    assert (ran.code, "of a rotation of web" in ran.out) == (2, True)
    world.ok("credentials", "rotate", "--due", "--write-lock")
    assert by_hand_named in world.keys, "made for another place: it may be in use there"
    assert by_hand_named not in world.root.with_name("entra-config.prod.lock.yaml").read_text(), (
        "a name proves nothing"
    )
    world.pass_days(20)
    world.ok("credentials", "rotate", "--due", "--write-lock")
    assert world.keys == [world.in_sink]
    assert "entra-config:web" not in world.ok("plan").out


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
    world.ok("credentials", "rotate", "web", "--allow", "sink", "--write-lock")
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
    for words in (("rotate", "web", "--write-lock"), ("rotate", "--due"), ("adopt", "web", made)):
        ran = world.run("credentials", *words)
        assert (ran.code, world.keys, lock.exists()) == (3, [made], False), ran
        assert f"`entra-config lock --accept web={world.application['appId']}` if it is" in ran.err


def test_adopted_by_its_key_id_alone(world: World) -> None:
    """It is the declared one from then on: replaced, and gone after the overlap; its value was never
    known.
    """
    made = by_hand(world)
    assert (
        "has no secret"
        in world.run("credentials", "adopt", "web", "1" * 8 + "-0000-4000-8000-" + "1" * 12).err
    )
    world.ok("credentials", "adopt", "web", made)
    lock = world.root.with_name("entra-config.prod.lock.yaml").read_text()
    assert f"secrets:\n      web: [{made}]" in lock
    assert "nobody declared" not in world.ok("plan").out
    assert "there is none yet" not in world.ok("plan").out
    world.ok("credentials", "rotate", "--due", "--write-lock")
    assert world.keys == [world.in_sink, made]
    world.pass_days(15)
    world.ok("credentials", "rotate", "--due", "--write-lock")
    assert world.keys == [world.in_sink]
    assert made not in world.root.with_name("entra-config.prod.lock.yaml").read_text()


def test_pins_of_another_job(world: World) -> None:
    """`--pins` writes key ids and no value; `lock --pins` takes them, and refuses those of another
    application.
    """
    file = world.folder / "pins.json"
    world.ok("credentials", "rotate", "web", "--no-lock", "--pins", str(file))
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
    world.ok("credentials", "rotate", "web", "--no-lock", "--pins", str(file))
    app_id = world.application["appId"]
    held.unlink()
    ran = world.ok("lock", "--pins", str(file))
    assert f"nothing pins web to {app_id}" in ran.err
    assert not held.exists() or app_id not in held.read_text()
    world.ok("lock", "--reject", app_id)
    ran = world.run("lock", "--pins", str(file))
    assert (ran.code, "is rejected by the lock file" in ran.err) == (1, True), ran


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
    world.ok("apply", "--auto-approve", "--write-lock")
    world.ok("credentials", "rotate", "web", "--write-lock")
    made = by_hand(world)
    world.ok("credentials", "remove", "web", made, "--auto-approve")
    assert not ran_it.exists()
    world.run("credentials", "--sinks")
    assert ran_it.exists(), "the list of all asks all"


def test_what_is_left_over_is_due_for_whoever_asks_no_sink(world: World) -> None:
    """An overlap that is over, what never came to its sink: the list says so, the next run tidies."""

    def due() -> dict[str, str]:
        rows = json.loads(world.ok("credentials", "--format", "json").out)["credentials"]
        return {each["keyId"]: each["due"] for each in rows if each["due"]}

    world.ok("credentials", "rotate", "web", "--write-lock")
    first = world.in_sink
    world.ok("credentials", "rotate", "web", "--write-lock")
    assert due() == {}, "in its overlap it stays"
    orphan = json.loads(world.ok("credentials", "--format", "json").out)["credentials"]
    assert len(orphan) == 2
    world.pass_days(14.1)
    assert due() == {first: "its overlap is over: the next rotation takes it away"}
    world.ok("credentials", "rotate", "--due", "--write-lock")
    assert (due(), world.keys) == ({}, [world.in_sink])
    (name,) = [row["displayName"] for row in world.application["passwordCredentials"]]
    left = by_hand(world, displayName=name)
    assert due() == {left: "it may never have come to its sink: the next rotation looks"}
    world.ok("credentials", "rotate", "--due", "--write-lock")
    assert (due(), world.keys) == ({}, [world.in_sink])


def test_what_ends_and_no_rotation_replaces(world: World) -> None:
    """Told by `--ending`, exit 2; what a rotation replaces is not."""
    world.ok("credentials", "rotate", "web", "--write-lock")
    assert world.run("credentials", "--ending", "120").code == 0
    by_hand(world, endDateTime="2026-02-01T00:00:00Z")
    ran = world.run("credentials", "--ending", "60", "--format", "markdown")
    assert (ran.code, "by hand" in ran.out, "ends 2026-02-01" in ran.out) == (2, True, True)


def test_an_overlap_is_kept_by_hand_too(world: World) -> None:
    """A second `rotate KEY` in the overlap is refused with the remedy."""
    world.ok("credentials", "rotate", "web")
    world.ok("credentials", "rotate", "web")
    ran = world.run("credentials", "rotate", "web")
    assert (ran.code, len(world.keys)) == (3, 2)
    assert "the one before is in its overlap until" in ran.err


def test_a_sink_that_lost_its_copy_costs_no_working_secret(world: World) -> None:
    """A file that is gone after a reboot: what it kept signs in until the next one's overlap is over."""
    world.ok("credentials", "rotate", "web", "--write-lock")
    first = world.in_sink
    world.pass_days(10)
    world.kept.unlink()
    world.ok("credentials", "rotate", "--due", "--write-lock")
    assert world.keys == [world.in_sink, first]
    world.kept.write_text("of nobody")
    world.kept.chmod(0o600)
    second = world.keys[0]
    world.ok("credentials", "rotate", "--due", "--no-lock")
    assert world.keys == [world.in_sink, second, first]


def test_words_that_make_no_sense(world: World) -> None:
    """No key, an unknown one, one without a secret, an option before the command's name."""
    assert "say whose secret" in world.run("credentials", "rotate").err
    assert "no application" in world.run("credentials", "rotate", "wbe").err
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


def test_import_pins_a_secret_by_its_key_id_alone(world: World) -> None:
    """What exists is accepted in the lock file; no value, and no place, is in what is written."""

    async def stranger() -> tuple[str, str]:
        async with world.tenant.client() as client:
            app = (await client.post("/applications", json={"displayName": "Old"})).json()
            await client.post("/servicePrincipals", json={"appId": app["appId"]})
            made = await client.post(
                f"/applications/{app['id']}/addPassword", json={"passwordCredential": {"displayName": "k"}}
            )
            return app["appId"], made.json()["keyId"]

    app_id, made = asyncio.run(stranger())
    folder = world.folder / "imported"
    world.ok("import", "--app-id", app_id, "--output", str(folder))
    files = {each.name: each.read_text() for each in folder.rglob("*.yaml")}
    (lock,) = [text for name, text in files.items() if ".lock." in name]
    assert f"keyIds:\n      - {made}" in lock
    assert "credentials:" not in "".join(files.values())
