"""Kinds of pins: who stands together, and who never does."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.pinning.live import Bearer
from entra_fleet.groups import pinned
from tests.seeds import sample
from tests.unit.fleet.files import FILES, FLEET, MYAPP, NOW, loaded, write

ID = "00000000-0000-4000-8000-{:012d}"
NAMES = ["a", "Staff", "Everybody"]


def _traits(random: Random) -> dict[str, Any]:
    """Draw what is pinned in a tenant: first what is taken out, then what never is."""
    return {
        "group": random.choice(NAMES),
        "days": random.choice([30, 400, 4000, 29, None]),
        "people": random.choice([3, 9, 11, 900, None]),
        "was": random.choice(["", "", "", "Crew"]),
        "organization": random.choice(["", "", "", ID.format(7)]),
        "before": random.choice([False, False, False, True]),
        "key": random.choice([(), (), (), (ID.format(8),)]),
    }


def _oracle(number: int, traits: dict[str, Any]) -> tuple[Any, ...]:
    """Return what decides the kind, from what was drawn alone."""
    alone = traits["before"] or traits["days"] is None or traits["days"] < 30
    people = {3: "to 10", 9: "to 10", 11: "to 100", 900: "to 1000", None: "unknown"}[traits["people"]]
    of_name = (traits["was"], traits["organization"], people)
    return (
        *of_name,
        traits["before"],
        number if alone else None,
        (number, *traits["key"]) if traits["key"] else (),
    )


@pytest.mark.parametrize("number", sample("kinds of pins", range(500), 30))
def test_pins_stand_together_exactly_if_the_oracle_says_so(tmp_path: Path, number: int) -> None:
    """Ids and names that `${…}` filled are taken out, a name that is any text; youth and doubt are not."""
    random = Random(number)
    every = [_traits(random) for _ in range(8)]
    manifest = MYAPP.replace("groups: [MyApp Admins]", 'groups: ["${title}"]')
    rows = "".join(
        f"  t{n}: {{ tenantId: {ID.format(n)}, projects: [myapp], "
        f'variables: {{ title: "{each["group"]}" }} }}\n'
        for n, each in enumerate(every)
    )
    fleet = FLEET[: FLEET.index("files:")] + "tenants:\n" + rows
    write(tmp_path, {**FILES, "fleet.yaml": fleet, "myapp/entra-config.yaml": manifest})
    shards, kinds = loaded(tmp_path), {}
    for n, each in enumerate(every):
        id_ = ID.format(100 + n)
        created = NOW - timedelta(days=each["days"]) if each["days"] is not None else None
        old = Lock(groups={each["group"]: Pin(ID.format(200 + n))} if each["before"] else {})
        app_id = ID.format(300 + n)
        ours = PinnedApplication(app_id, key_ids=tuple(f"{n}-{key}" for key in each["key"]))
        new = Lock(
            groups={each["group"]: Pin(id_, each["was"], each["organization"])}, applications={"api": ours}
        )
        known = {id_: Bearer(created, each["people"])}
        kinds[n] = pinned.of_lock(shards[f"t{n}/myapp"], (old, new), known, [], NOW)
    for (one, kind), (two, other) in product(kinds.items(), repeat=2):
        same = _oracle(one, every[one]) == _oracle(two, every[two])
        assert (kind.kind.id == other.kind.id) == same, (every[one], every[two])
