"""An approval that does not fit is refused before the first write: edited, mixed, expired, moved, skipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_fleet.approval import approval_file
from entra_fleet.report.approval_document import FleetApprovalDocument
from tests.seeds import sample
from tests.unit.fleet.files import FILES, MYAPP, NAMES, write
from tests.unit.fleet.fleet_ran import Fleet, opened, state


def _edited(change: Callable[[dict[str, Any]], None], *, signed: bool) -> None:
    """Change the approval; `signed`: with the id that fits what it says then."""
    path = Path("approval.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    change(found)
    path.write_text(json.dumps(found), encoding="utf-8")
    if signed:
        document = FleetApprovalDocument.model_validate_json(path.read_text(encoding="utf-8"))
        approval_file.write(path, approval_file.identified(document))


def _line(found: dict[str, Any], shard: str) -> dict[str, Any]:
    [line] = [each for each in found["shards"] if each["shard"] == shard]
    return dict(line)


def _replaced(found: dict[str, Any], shard: str, **said: object) -> None:
    found["shards"] = [{**each, **said} if each["shard"] == shard else each for each in found["shards"]]


def _changed(command: Fleet, shard: str, random: Random) -> None:
    """Anything in the file, by hand."""
    said = {"digest": "0" * 64, "hash": "0" * 64, "wave": 9, "owner": "other/prod", "allow": ["many"]}
    key = random.choice(sorted(said))
    _edited(lambda found: _replaced(found, shard, **{key: said[key]}), signed=False)
    assert command.apply(shard).code == 1


def _longer(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Give it a later end."""
    _edited(lambda found: found.update(ends="2999-01-01T00:00:00+00:00"), signed=False)
    assert command.apply(shard).code == 1


def _added(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Add a shard that was approved in no file."""
    _edited(lambda found: found["shards"].append({**found["shards"][0], "shard": "x/y"}), signed=False)
    assert command.apply(shard).code == 1


def _another(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Another approval than the one that the job before has written: its id fits what it says."""
    id_ = json.loads(Path("approval.json").read_text(encoding="utf-8"))["id"]
    _edited(lambda found: found.update(ends="2999-01-01T00:00:00+00:00"), signed=True)
    assert command.apply(shard, options=("--approval-id", id_)).code == 1
    assert (
        command(
            "fleet", "check", "results", "--approval", "approval.json", "--wave", "1", "--approval-id", id_
        ).code
        == 1
    )


def _mixed(command: Fleet, shard: str, random: Random) -> None:
    """Lines of two shards exchanged, or a part of them; the id fits."""
    other = random.choice([each for each in NAMES if each != shard])
    keys = random.choice([("digest",), ("hash",), ("digest", "hash"), ("tenantId",), ("owner",)])

    def mix(found: dict[str, Any]) -> None:
        one, two = _line(found, shard), _line(found, other)
        if all(one[key] == two[key] for key in keys):
            two |= {key: f"{two[key]}0" for key in keys}
        _replaced(found, shard, **{key: two[key] for key in keys})

    _edited(mix, signed=True)
    opened(command)
    command.apply(shard)
    assert command.came(shard) == "moved"


def _expired(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Its end has passed, before a wave is let in and after."""
    opened(command)
    _edited(lambda found: found.update(ends="2020-01-01T00:00:00+00:00"), signed=True)
    assert command.check(1).code == 3
    command.apply(shard)
    assert command.came(shard) == "stopped"


def _commit(command: Fleet, shard: str, random: Random) -> None:
    """Files that are not those of the approval."""
    opened(command)
    word = random.choice(["Reads more.", "Reads less."])
    write(
        Path(),
        {
            "myapp/entra-config.yaml": MYAPP.replace("Reads.", word),
            "platform/entra-config.yaml": FILES["platform/entra-config.yaml"].replace(
                "notes: before", f"notes: {word}"
            ),
        },
    )
    command.apply(shard)
    assert command.came(shard) == "moved"


def _flags(command: Fleet, shard: str, random: Random) -> None:
    """Lift a limit that was not lifted for the plan."""
    opened(command)
    command.apply(shard, options=("--allow", random.choice(["many", "last", "delete", "unseen"])))
    assert command.came(shard) == "moved"


def _skipped(command: Fleet, shard: str, random: Random) -> None:
    """Skip a wave that nobody let in, or whose check let another approval's in."""
    if random.random() < 0.5:
        opened(command)
        _edited(lambda found: found.update(run="another"), signed=True)
    command.apply(shard)
    assert command.came(shard) == "stopped"


def _wave(command: Fleet, shard: str, random: Random) -> None:  # of one shape with the others
    """Put a shard into another wave than the fleet's; the id fits."""
    _edited(lambda found: _replaced(found, shard, wave=3 - _line(found, shard)["wave"]), signed=True)
    opened(command)
    command.apply(shard)
    assert command.came(shard) == "moved"


ATTACKS = (
    _changed, _longer, _added, _another, _mixed, _expired, _commit, _flags, _skipped, _wave,
)  # fmt: skip


@pytest.mark.fleet
@pytest.mark.parametrize("number", sample("approvals", range(300), 30))
def test_an_approval_that_does_not_fit_is_refused_before_the_first_write(
    approved: Fleet, number: int
) -> None:
    """Changed, mixed between shards, expired, of another commit, with a shard added, a wave skipped."""
    random = Random(f"approval {number}")
    before = state(approved)
    random.choice(ATTACKS)(approved, random.choice(NAMES), random)
    assert state(approved) == before
