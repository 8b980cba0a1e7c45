"""Drawn pairs of a fleet's file in: a guard of a shard is told exactly where that pair lowers it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config.manifest.tenants import choosing, guards, reading
from entra_emulator import seed
from tests.seeds import sample
from tests.unit.fleet.files import MYAPP, PLATFORM, write

CLIENTS = (seed.DEPLOYER_APP_ID, "5c1b2f7e-0000-4000-8000-000000000001")
WAVES = (
    [{"rest": True}],
    [{"tags": ["eu"]}, {"rest": True}],
    [{"tags": ["us"]}, {"rest": True}],
    [{"tags": ["us"]}, {"tags": ["eu"]}, {"rest": True}],
)
LATER = {
    "later": {"tenantId": seed.GRAPH_APP_ID, "projects": ["myapp"], "variables": {"title": "Three"}},
}
# Whose file is named once stands for all; two are counted.
FILES_OF = ("", "${file}.yaml", "contoso.yaml (and 1 more)", "contoso.yaml (and 1 more)")
# From narrow to wide.
PATTERNS = (["tenants/${file}/variables"], ["tenants/${file}"], ["tenants"], None)


@dataclass(frozen=True)
class Drawn:
    """What one side says; `patterns` is a place in PATTERNS."""

    limits: Mapping[str, int]
    failed: float
    waves: list[dict[str, Any]]
    client: str
    kind: str
    own: bool
    before: bool
    patterns: int

    @classmethod
    def of(cls, random: Random) -> Drawn:
        """Draw one."""
        limits = {key: random.randrange(3) for key in ("people", "applications", "deleted")}
        return cls(
            limits,
            random.choice((0.5, 2, 100)),
            random.choice(WAVES),
            random.choice(CLIENTS),
            random.choice(("github", "aws")),
            random.random() < 0.5,
            random.random() < 0.5,
            random.randrange(len(PATTERNS)),
        )

    @property
    def wave(self) -> int:
        """Return contoso's, by its tag."""
        return next(n for n, each in enumerate(self.waves, 1) if "eu" in each.get("tags", ["eu"]))

    def write(self, folder: Path) -> None:
        """Write the fleet; the credential stands at the top or at the tenant."""
        credential = {"kind": self.kind, "clientId": self.client}
        restricted = PATTERNS[self.patterns]
        files = {"path": "tenants/*.yaml", **({"mayDeclare": restricted} if restricted else {})}
        platform = {"manifest": "platform", "environment": "customer"}
        fleet = {
            "projects": {
                "myapp": {"manifest": "myapp", "environment": "customer"},
                "platform": {**platform, **({"before": ["myapp"]} if self.before else {})},
            },
            "credential": {"kind": "github", "clientId": CLIENTS[0]} if self.own else credential,
            "limits": {**self.limits, "failedTenants": f"{self.failed:g}%"},
            "waves": self.waves,
            "files": [files],
            "tenants": {
                "contoso": {
                    "tenantId": seed.CONTOSO,
                    "tags": ["eu"],
                    "projects": ["myapp", "platform"],
                    **({"credential": credential} if self.own else {}),
                },
                "fabrikam": {"tenantId": seed.FABRIKAM, "projects": ["myapp"]},
            },
        }
        texts = {
            f"tenants/{name}.yaml": f"tenants: {{ {name}: {{ variables: {{ title: One }} }} }}\n"
            for name in ("contoso", "fabrikam")
        }
        manifests = {"myapp/entra-config.yaml": MYAPP, "platform/entra-config.yaml": PLATFORM}
        write(folder, {"fleet.yaml": json.dumps(fleet), **texts, **manifests})


def expected(old: Drawn, new: Drawn) -> set[str]:
    """Return how each line begins that has to be told of contoso/myapp."""
    found = {f"`limits` of fleet.yaml: {key} " for key in new.limits if new.limits[key] > old.limits[key]}
    found |= {"`limits` of fleet.yaml: failedTenants "} if new.failed > old.failed else set()
    found |= {"`waves` of fleet.yaml: "} if new.waves != old.waves else set()
    found |= (
        {f"the tenant is in wave {new.wave}, and was in wave {old.wave}"} if new.wave < old.wave else set()
    )
    if (old.client, old.kind) != (new.client, new.kind):
        found.add(f"{new.client} signs in by {new.kind}, and was {old.client} by {old.kind}")
    found |= {"platform comes no longer before myapp"} if old.before and not new.before else set()
    if new.patterns > old.patterns:
        # Another tenant's file counts where it may say something of this one.
        found.add("tenants/${file}.yaml " if new.patterns == 1 else "tenants/contoso.yaml (and 1 more) ")
    return found


@pytest.mark.parametrize("number", sample("guards of fleets", range(1000), 60))
def test_a_guard_is_told_exactly_where_it_is_lowered(tmp_path: Path, number: int) -> None:
    """Whatever else the pair changes, in each direction."""
    random = Random(f"guards {number}")
    old, new = Drawn.of(random), Drawn.of(random)
    old.write(tmp_path / "old")
    new.write(tmp_path / "new")
    before, after = (reading.read(tmp_path / side / "fleet.yaml") for side in ("old", "new"))
    shard = choosing.named(after, "contoso/myapp").shard

    reported = [str(each.text) for each in guards.lowered(before, after, shard)]
    wanted = expected(old, new)
    assert [text for text in reported if not any(text.startswith(each) for each in wanted)] == []
    assert {each for each in wanted if not any(text.startswith(each) for text in reported)} == set()
    assert len(reported) == len(wanted)
    assert list(guards.lowered(after, after, shard)) == []

    # What no shard's hash moves with is told of the fleet: all but who signs in, and of all files.
    whole = list(guards.of_fleet(before, after))
    of_all = {each for each in wanted if not each.startswith((*CLIENTS, "the tenant", "tenants/"))}
    earlier = ["contoso"] * (new.wave < old.wave) + ["fabrikam"] * (len(new.waves) < len(old.waves))
    if earlier:
        of_all.add(f"in an earlier wave than before: {earlier[0]}{' (and 1 more)' * (len(earlier) - 1)}")
    of_all |= {f"tenants/{FILES_OF[new.patterns]} "} if new.patterns > old.patterns else set()
    assert {each for each in of_all if not any(text.startswith(each) for text in whole)} == set()
    assert len(whole) == len(of_all)
    assert list(guards.of_fleet(after, after)) == []


def test_another_mark_and_a_share_are_told(tmp_path: Path) -> None:
    """A project renamed, and a percentage raised; a tenant that is new has no wave to be compared with."""
    side = Drawn.of(Random("marks"))
    for name, project, share, tenants in (("old", "myapp", 10, {}), ("new", "yourapp", 90, LATER)):
        side.write(tmp_path / name)
        path = tmp_path / name / "fleet.yaml"
        fleet = json.loads(path.read_text(encoding="utf-8"))
        fleet["waves"] = [{"percent": share}, {"rest": True}]
        fleet["tenants"] |= tenants
        root = MYAPP.replace("project: myapp", f"project: {project}")
        write(tmp_path / name, {"fleet.yaml": json.dumps(fleet), "myapp/entra-config.yaml": root})
    before, after = (reading.read(tmp_path / side / "fleet.yaml") for side in ("old", "new"))

    def reported(shard: str) -> list[str]:
        found = guards.lowered(before, after, choosing.named(after, shard).shard)
        return [each.text for each in found]

    assert "`waves` of fleet.yaml: 90%, the rest; they were 10%, the rest" in reported("contoso/myapp")
    mark = "myapp is yourapp/customer, and was myapp/customer: what is ours has another mark"
    assert mark in reported("contoso/myapp")
    assert [text for text in reported("later/myapp") if "wave " in text or "signs in" in text] == []
