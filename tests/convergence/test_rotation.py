"""A rotation killed at every request, and at random with faults: the sink's copy signs in, nothing leaks."""

from __future__ import annotations

import asyncio
import contextlib
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from entra_config.credentials.rotation import Rotated
from entra_config.errors import EntraConfigError
from entra_emulator.fault_plan import FaultPlan
from tests import seeds
from tests.convergence import pair
from tests.convergence.fates import Fate
from tests.convergence.leaks import holds
from tests.convergence.rotations import DAY, KINDS, Company

LAST = 200


@pytest.fixture(autouse=True)
def keys_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tool read each private key once: that it does is held in tests/unit/credentials."""
    monkeypatch.setattr(serialization, "load_pem_private_key", pair.load)


def held(company: Company, *, before: str, most: int) -> None:
    """Check what must hold at any moment: what the sink keeps opens the application; not two too many; no
    value elsewhere.
    """
    if before or company.made_here:
        # A sink that never kept one may be empty; one that did keeps one that works, the old or the new.
        assert company.opens(company.in_sink) or company.ended(company.in_sink), (
            company.in_sink,
            company.said,
        )
    assert len(company.rows) <= most, company.said
    assert company.leaks() == []


def settled(company: Company, *, keys: int) -> None:
    """Check what must hold after a run that nothing disturbed."""
    company.calm()
    assert company.tried() == "done", company.said
    assert company.opens(company.in_sink)
    assert len(company.rows) == keys, company.said
    assert company.leaks() == []


def at_every_request(folder: Path, kind: str, phase: str, *, old: bool, type_: str = "secret") -> int:
    """Kill a rotation at every third request, at every sixth where its sink is no file;
    at each in `make proof`. Return how many there were.
    """
    first, step = seeds.every(f"rotation {kind} {phase} {old} {type_}", 3 if kind == "file" else 6)
    for number in range(first, LAST, step):
        company = Company(folder / str(number), kind, type=type_)
        if old:
            assert company.tried() == "done", company.said
            company.clock.advance(80 * DAY)
        before = company.in_sink if old else ""
        company.fate = Fate(number, phase)
        ended = company.tried()
        held(company, before=before, most=2 if old else 1)
        settled(company, keys=2 if old else 1)
        company.clock.advance(15 * DAY)
        settled(company, keys=1)
        if ended == "done":
            return number - 1
    raise AssertionError("the rotation never ended by itself")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("old", [False, True])
def test_killed_at_every_request(tmp_path: Path, kind: str, phase: str, old: bool) -> None:
    """The first secret, and its successor: an orphan at most, which the next run takes away."""
    assert at_every_request(tmp_path, kind, phase, old=old) > 10


@pytest.mark.parametrize("kind", ["file", "github"])
@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("old", [False, True])
def test_a_key_pair_killed_at_every_request(tmp_path: Path, kind: str, phase: str, old: bool) -> None:
    """A certificate and its successor: what the sink keeps signs in, an orphan at most."""
    assert at_every_request(tmp_path, kind, phase, old=old, type_="certificate") > 10


def randomly(folder: Path, number: int, type_: str = "secret") -> None:
    """Rotate through a year of faults, lag and kills; look after each run."""
    chance = random.Random(f"rotation {number}")
    company = Company(folder, KINDS[number % len(KINDS)], seed=number, type=type_)
    rotated = ""
    for _ in range(chance.randint(4, 8)):
        rates = {
            name: chance.choice([0.0, 0.0, 0.05, 0.15])
            for name in ("error_rate", "cut_before_rate", "cut_after_rate", "conflict_rate")
        }
        lag = {"applications": chance.choice([0.0, 0.0, 5.0, 45.0])}
        company.faults.set(FaultPlan(seed=chance.getrandbits(30), lag=lag, **rates))
        company.login_lag = chance.choice([0.0, 20.0, 120.0])
        kill = chance.choice([0, 0, chance.randint(1, 40)])
        company.fate = Fate(
            kill,
            chance.choice(["before", "after"]),
            random.Random(chance.random()),
            chance.choice([0.0, 0.1]),
        )
        company.tried(only_due=chance.random() < 0.8)
        # In its overlap an old one stands beside the current one; one more may be an orphan.
        held(company, before=rotated, most=3)
        rotated = rotated or (company.in_sink if company.made_here else "")
        company.clock.advance(chance.choice([0.0, 1.0, 12.0, 3 * DAY, 20 * DAY, 40 * DAY]))
    company.login_lag = 0.0
    company.calm()
    company.clock.advance(80 * DAY)
    assert company.tried() == "done", company.said
    assert company.opens(company.in_sink)
    company.clock.advance(15 * DAY)
    settled(company, keys=1)


@pytest.mark.parametrize("type_", ["secret", "certificate"])
@pytest.mark.parametrize("share", seeds.sample("a few rotations", range(10), 5))
def test_killed_at_random(tmp_path: Path, share: int, type_: str) -> None:
    """A share of the hundred."""
    randomly(tmp_path, share, type_)


def both_at_once(folder: Path, number: int, type_: str) -> None:
    """Let two runs of one command meet, at any request of both; then look, and let a third one tidy up."""
    # A program runs in the machine's own time, which no clock of a test holds.
    kinds = [kind for kind in KINDS if kind != "command"]
    company = Company(folder, kinds[number % len(kinds)], seed=number, type=type_)
    if number % 3:
        assert company.tried() == "done", company.said
        company.clock.advance(80 * DAY)
    before = company.in_sink if number % 3 else ""
    company.order = random.Random(number)

    async def meet() -> list[Rotated | BaseException]:
        runs = (company.rotate(only_due=number % 2 == 0) for _ in range(2))
        return await asyncio.gather(*runs, return_exceptions=True)

    ended = asyncio.run(meet())
    company.order = None
    assert all(isinstance(each, Rotated | EntraConfigError) for each in ended), ended
    held(company, before=before, most=3)
    settled(company, keys=2 if before else 1)
    company.clock.advance(15 * DAY)
    settled(company, keys=1)


@pytest.mark.parametrize("type_", ["secret", "certificate"])
@pytest.mark.parametrize("number", seeds.sample("two rotations", range(20), 8))
def test_two_rotations_at_once(tmp_path: Path, number: int, type_: str) -> None:
    """What the sink keeps signs in, whoever wrote it; never two too many."""
    both_at_once(tmp_path, number, type_)


# Who asks for a rotation while there is but one secret gets one: it is no other's work done twice.
@pytest.mark.parametrize(("old", "only_due"), [(False, True), (True, True), (True, False)])
def test_another_rotation_as_a_whole_between_any_two_requests(
    tmp_path: Path, *, old: bool, only_due: bool
) -> None:
    """Whatever a run read before another came and went: what the sink keeps opens, one new one is made."""
    for number in range(1, LAST):
        company = Company(tmp_path / str(number), "file")
        if old:
            assert company.tried() == "done", company.said
            company.clock.advance(80 * DAY)
        before = company.in_sink if old else ""
        company.meanwhile = number
        with contextlib.suppress(EntraConfigError):
            asyncio.run(company.rotate(only_due=only_due))
        came = company.meanwhile == 0
        company.meanwhile = 0
        held(company, before=before, most=3)
        # Frozen between its last look and its sink, a run makes one more: what the other's sink had stays.
        again = any("one more is made" in said for said in company.said)
        settled(company, keys=(2 if old else 1) + again)
        company.clock.advance(15 * DAY)
        settled(company, keys=1)
        if not came:
            return
    raise AssertionError("more requests than anybody would make")


@pytest.mark.faults
@pytest.mark.parametrize("type_", ["secret", "certificate"])
@pytest.mark.parametrize("number", seeds.sample("rotations", range(10, 110), 30))
def test_killed_a_hundred_times_at_random(tmp_path: Path, number: int, type_: str) -> None:
    """Runs that fail, lag and die: thirty of them, all hundred in `make proof`."""
    randomly(tmp_path, number, type_)


def test_a_leak_would_be_found() -> None:
    """Whatever a value is written as is found; another value is not."""
    import base64
    import json
    import urllib.parse

    value = 'Ab~1/+c.d_e-F8Q~xyz"0123456789abcdefghij'
    for text in (
        value,
        urllib.parse.quote(value, safe=""),
        json.dumps({"a": value}),
        *(base64.b64encode(f"{'x' * pad}{value}yy".encode()).decode() for pad in range(4)),
    ):
        assert holds(text.encode(), value), text
    assert not holds(b"Ab~1/+c.d_e-F8Q~xyz", value)
