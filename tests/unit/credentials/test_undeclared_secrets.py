"""Secrets that are not declared: listed, adopted, taken away, imported, and known again by the lock file."""

from __future__ import annotations

import asyncio

from tests.unit.credentials.ground import World, by_hand


def test_what_nobody_declared_is_listed_and_taken_away(world: World) -> None:
    """A secret by hand: in the list with its last use; removed by its key id; the sink's own is refused."""
    world.ok("credentials", "rotate", "web", "--pins", "write")
    made = by_hand(world)
    ran = world.ok("credentials", "--sinks")
    assert "undeclared" in ran.out
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
    world.ok("credentials", "rotate", "web", "--pins", "write")
    made, own = by_hand(world), world.in_sink
    assert own
    world.kept.chmod(0o644)
    ran = world.run("credentials", "remove", "web", own, "--auto-approve")
    assert (ran.code, "can be read by others" in ran.err, own in world.keys) == (1, True, True), ran
    assert world.run("credentials", "--sinks").code == 1
    ran = world.ok("credentials", "remove", "web", made, "--auto-approve")
    assert "web/web: what its sink keeps is not known" in ran.err
    assert world.keys == [own]


def test_drift_and_plan_know_a_rotation_by_the_lock_file(world: World) -> None:
    """What the lock file has is no finding; an orphan is one, and says what it is."""
    world.ok("credentials", "rotate", "web", "--pins", "write")
    assert "undeclared" not in world.ok("plan").out
    assert world.run("drift").code == 0, world.run("drift").out
    by_hand_named = by_hand(world, displayName="entra-config:web:0123456789abcdef.0123456789abcdef0123")
    assert "of a rotation of web: an orphan, or not in the lock file yet" in world.ok("plan").out
    ran = world.run("drift")
    assert (ran.code, "of a rotation of web" in ran.out) == (2, True)
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert by_hand_named in world.keys, "made for another place: it may be in use there"
    assert by_hand_named not in world.root.with_name("entra-config.prod.lock.yaml").read_text(), (
        "a name proves nothing"
    )
    world.pass_days(20)
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert world.keys == [world.in_sink]
    assert "entra-config:web" not in world.ok("plan").out


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
    assert "undeclared" not in world.ok("plan").out
    assert "there is none yet" not in world.ok("plan").out
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert world.keys == [world.in_sink, made]
    world.pass_days(15)
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert world.keys == [world.in_sink]
    assert made not in world.root.with_name("entra-config.prod.lock.yaml").read_text()


def test_what_ends_and_no_rotation_replaces(world: World) -> None:
    """Told by `--ending`, exit 2; what a rotation replaces is not."""
    world.ok("credentials", "rotate", "web", "--pins", "write")
    assert world.run("credentials", "--ending", "120").code == 0
    by_hand(world, endDateTime="2026-02-01T00:00:00Z")
    ran = world.run("credentials", "--ending", "60", "--format", "markdown")
    assert (ran.code, "by hand" in ran.out, "ends 31 Jan 2026" in ran.out) == (2, True, True)


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
