"""A certificate whose keys are generated: its life by the command line, and what plans and lists say."""

from __future__ import annotations

import asyncio
import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from entra_config.credentials import keypair
from entra_config.credentials.certificates import ApplicationCertificates
from entra_config.credentials.holding import Time
from entra_config.graph.request import Request, Response
from entra_config.hidden import Hidden
from entra_config.manifest import edits, loader
from entra_config.manifest.environments.pins import Lock
from entra_emulator.clock import ManualClock
from tests.convergence import pair
from tests.unit.credentials.ground import World

GENERATED = {"web": {"generate": {"in": "web", "lifetime": "P90D", "overlap": "P14D"}}}


@pytest.fixture
def certified(world: World) -> World:
    """Declare a certificate in the place of the secret."""
    world.declare(secrets={}, certificates=GENERATED)
    world.ok("apply", "--auto-approve", "--pins", "write")
    return world


def rows(world: World) -> list[dict[str, Any]]:
    """Return the certificates of the registration."""
    return list(world.application["keyCredentials"])


def kept(world: World) -> str:
    """Return the key id of what the sink keeps."""
    assert stat.S_IMODE(world.kept.stat().st_mode) == 0o600
    mine = pair.thumbprint(world.kept.read_text())
    return next(str(row["keyId"]) for row in rows(world) if row["customKeyIdentifier"] == mine)


def by_hand(world: World, name: str) -> str:
    """Add a certificate as the portal does, beside what is there; return its key id."""
    now = world.clock.now()
    made = keypair.made("hand", now, now.replace(year=now.year + 1), lambda: pair.pool()[0])
    entry = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": made.der, "displayName": name}

    async def add() -> None:
        async with world.tenant.client() as client:
            body = {"keyCredentials": [*({**row, "key": None} for row in rows(world)), entry]}
            response = await client.patch(f"/applications/{world.application['id']}", json=body)
            assert response.status_code == 204, response.text

    asyncio.run(add())
    return next(str(row["keyId"]) for row in rows(world) if row["customKeyIdentifier"] == made.thumbprint)


def test_the_whole_life_of_a_key_pair(certified: World) -> None:
    """Made, proven, not due for weeks; then the next, both for the overlap; no plan touches one."""
    world = certified
    assert rows(world) == []
    ran = world.ok("credentials", "rotate", "--due", "--pins", "write")
    first = kept(world)
    assert [row["keyId"] for row in rows(world)] == [first]
    assert first in ran.out
    assert "signs in" in ran.err
    assert "No changes" in world.ok("plan").out
    assert world.run("drift").code == 0

    world.pass_days(77)
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    second = kept(world)
    assert {row["keyId"] for row in rows(world)} == {first, second}
    assert world.run("drift").code == 0
    world.pass_days(14.1)
    assert f"removed {first}" in world.run("credentials", "rotate", "--due").err
    assert [row["keyId"] for row in rows(world)] == [second] == [kept(world)]


def test_what_stands_beside_it_stays_as_it_is(world: World) -> None:
    """Public keys of the manifest and one by hand are there after a rotation; apply takes the last."""
    now = world.clock.now()
    public = keypair.made("ci", now, now.replace(year=now.year + 1), lambda: pair.pool()[1])
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(base64.b64decode(public.der))
    pem = certificate.public_bytes(Encoding.PEM).decode()
    world.declare(secrets={}, certificates={**GENERATED, "ci": {"pem": pem}})
    world.ok("apply", "--auto-approve")
    by_hand(world, "by hand")
    world.ok("credentials", "rotate", "web", "--pins", "write")
    names = {row["customKeyIdentifier"] for row in rows(world)}
    assert len(names) == 3
    assert public.thumbprint in names
    world.ok("apply", "--auto-approve", "--allow", "many")
    assert {row["displayName"] for row in rows(world)} - {"ci"} == {
        row["displayName"] for row in rows(world) if row["displayName"].startswith("entra-config:web:")
    }
    assert kept(world)


def test_an_apply_between_a_rotation_and_its_pins_takes_nothing(certified: World) -> None:
    """The lock file does not know it yet: a warning and a finding, and what the sink keeps signs in on."""
    world = certified
    world.run("credentials", "rotate", "web")
    ran = world.ok("apply", "--auto-approve")
    assert "of a rotation of web: an orphan, or not in the lock file yet" in ran.out + ran.err
    assert kept(world)
    assert world.run("drift").code == 2


def test_the_list_knows_it(certified: World) -> None:
    """Not there; in its sink by thumbprint; one by hand is nobody's, and goes by its key id."""
    world = certified
    assert "there is none yet" in world.ok("credentials").out
    world.ok("credentials", "rotate", "web", "--pins", "write")
    theirs = by_hand(world, "by hand")
    found = json.loads(world.ok("credentials", "--sinks", "--format", "json").out)["credentials"]
    reported = {each["keyId"]: (each["type"], each["standing"]) for each in found}
    assert reported == {kept(world): ("certificate", "current"), theirs: ("certificate", "undeclared")}
    ran = world.run("credentials", "remove", "web", kept(world), "--auto-approve")
    assert (ran.code, "is what its sink keeps" in ran.err) == (3, True)
    world.ok("credentials", "remove", "web", theirs, "--auto-approve")
    assert [row["keyId"] for row in rows(world)] == [kept(world)]


def test_one_that_exists_is_adopted_and_replaced_in_time(certified: World) -> None:
    """By its key id: it stays until its successor's overlap is over."""
    world = certified
    theirs = by_hand(world, "by hand")
    world.ok("credentials", "adopt", "web", theirs)
    assert "No changes" in world.ok("plan").out
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert {row["keyId"] for row in rows(world)} == {theirs, kept(world)}
    world.pass_days(15)
    world.run("credentials", "rotate", "--due")
    assert [row["keyId"] for row in rows(world)] == [kept(world)]


def test_a_protected_place_is_allowed_first(certified: World) -> None:
    """A private key goes to no new place of a protected environment without the word."""
    world = certified
    world.declare(secrets={}, certificates=GENERATED, environment={"protected": True, "deployers": []})
    world.ok("lock", "--accept", f"web={world.application['appId']}")
    ran = world.run("credentials", "rotate", "web")
    assert (ran.code, "--allow sink" in ran.err, rows(world)) == (3, True, [])
    plan = world.run("plan")
    assert plan.code == 3
    assert "the key of certificate web would go to" in plan.out + plan.err
    world.ok("credentials", "rotate", "web", "--allow", "sink", "--pins", "write")
    assert kept(world)


def test_what_the_sink_has_of_others_is_never_taken_for_it(certified: World) -> None:
    """A file that somebody wrote: nothing is an orphan, another pair is made, the one before stays."""
    world = certified
    world.ok("credentials", "rotate", "web", "--pins", "write")
    first = kept(world)
    world.kept.write_text("-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----")
    world.ok("credentials", "rotate", "--due", "--pins", "write")
    assert {row["keyId"] for row in rows(world)} == {first, kept(world)}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"generate": {}}, "`in`"),
        ({"generate": {"in": "nowhere"}}, "`nowhere` is not a sink"),
        ({"generate": {"in": "web", "usage": "Verify"}}, "`usage` is not a key of `generate`"),
        ({"generate": {"in": "web"}, "file": "a.pem"}, "`file` has no place beside `generate`"),
        ({"generate": {"in": "web", "lifetime": "P9000D"}}, "730 at most"),
        ({"generate": {"in": "web", "overlap": "P80D"}}, "more than half"),
    ],
)
def test_what_makes_no_sense_has_its_place(world: World, entry: Any, said: str) -> None:
    """File, line and column, before anybody signs in."""
    world.declare(secrets={}, certificates={"web": entry})
    ran = world.run("validate")
    assert ran.code == 1
    assert said in ran.err, ran.err
    assert "entra-config.yaml:" in ran.err


def test_a_label_and_a_sink_are_of_one(world: World) -> None:
    """The lock file tells by label, and a sink keeps one."""
    ours = {"web": {"sink": "web"}}
    world.declare(secrets=ours, certificates={"web": {"generate": {"in": "other"}}}, sinks=two(world))
    assert "has the name of secret `web`" in world.run("validate").err
    world.declare(secrets=ours, certificates={"ci": {"generate": {"in": "web"}}}, sinks=two(world))
    assert "keeps the secret of web/web" in world.run("validate").err


def two(world: World) -> dict[str, Any]:
    """Return two places."""
    return {"web": {"file": str(world.kept)}, "other": {"file": f"{world.kept}-2"}}


def test_a_change_of_the_place_is_a_guard_that_a_review_sees(world: World) -> None:
    """With what was before, a new place of a key has a line of its own."""
    world.declare(secrets={}, sinks=two(world))
    before = loader.load(world.root)
    world.declare(secrets={}, certificates=GENERATED, sinks=two(world))
    found = edits.between((before, Lock()), (loader.load(world.root), Lock()))
    assert "certificate web of web is kept in sink web" in [each.text for each in found.guards]


def test_a_pair_is_read_back_only_whole(tmp_path: Path) -> None:
    """A key with another's certificate is no pair, nor is a text of somebody's."""
    del tmp_path
    now = ManualClock().now()
    one, other = (
        keypair.made("x", now, now.replace(year=now.year + 1), lambda n=n: pair.pool()[n]) for n in (0, 1)
    )
    assert keypair.thumbprint(one.pem) == one.thumbprint
    key, certificate = one.pem.reveal().split("-----BEGIN CERT")[0], other.pem.reveal().split("KEY-----")[-1]
    for text in (key + certificate.strip(), key, certificate, "", "x"):
        assert keypair.thumbprint(Hidden(text)) == ""
    assert keypair.assertion(Hidden("x"), "a", "b", now, "c") is None


def test_certificates_that_graph_calls_null_are_none() -> None:
    """Of an object without any, a list that is null is an empty one: what is gone is as good as removed."""

    class Nulls:
        def __init__(self) -> None:
            self.methods: list[str] = []

        async def send(self, requests: list[Request]) -> list[Response]:
            self.methods += [each.method for each in requests]
            return [Response(200, {"id": "1", "keyCredentials": None}) for _ in requests]

    graph, clock = Nulls(), ManualClock()
    registration = ApplicationCertificates(
        graph,  # type: ignore[arg-type]  # as much of it as is called
        "1",
        "2",
        Time(clock.now, clock.sleep),
        "servicePrincipals",
        draw=lambda: "mark",
    )

    asyncio.run(registration.remove("gone"))

    assert graph.methods == ["GET"]
