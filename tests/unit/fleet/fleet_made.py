"""Results and approvals of a fleet, made by hand; and its shards, in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entra_config.manifest.tenants.shards import LoadedShard
from entra_emulator import seed
from entra_fleet.report.approval_document import FleetApprovalDocument
from entra_fleet.report.document import FleetResultDocument
from entra_fleet.run import deciding, tenant_result
from entra_fleet.run.deciding import Flags
from tests.unit.fleet.files import FILES, FLEET, write

ONE, TWO, GATE = "contoso/myapp", "fabrikam/myapp", "contoso/platform"
WAVED = FILES | {
    "fleet.yaml": FLEET
    + "waves: [{ tags: [eu, asia] }, { percent: 10 }, { rest: true }]\n"
    + "limits: { failedTenants: 2%, people: 7, applications: 5, deleted: 3 }\n"
}
Shards = dict[str, LoadedShard]
TENANTS = {"contoso": seed.CONTOSO, "fabrikam": seed.FABRIKAM}


def fleet(folder: Path, **files: str) -> Path:
    """Write a fleet of three waves; return its file."""
    write(folder, WAVED | files)
    return folder / "fleet.yaml"


def kind(id_: str = "k1", **changed: Any) -> dict[str, Any]:
    """Return a kind of change as a result has it."""
    whole = {
        "id": id_, "risk": "low", "obstacle": "", "after": "", "headline": [f"does {id_}"], "counts": [],
        "notCompared": [],
    }  # fmt: skip
    return whole | changed


def result(shard: str, /, **changed: Any) -> FleetResultDocument:
    """Return the result of a plan, with what is to be otherwise."""
    whole = {
        "version": 3, "kind": "fleetResult", "run": "one", "shard": shard,
        "tenantId": TENANTS[shard.partition("/")[0]], "owner": f"{shard.partition('/')[2]}/customer",
        "do": "plan", "hash": "h", "allow": [], "cloud": "global", "ended": "2026-11-27T10:00:00+00:00",
        "code": 2, "error": "", "digest": f"d-{shard}", "change": kind(), "loss": None, "applied": None,
        "lock": "", "text": f"{shard} of Ann", "unnamed": shard, "changes": [],
    }  # fmt: skip
    return FleetResultDocument.model_validate(whole | changed)


def applied(came: str, *, sent: int | None = 1, approval: str = "a-1") -> dict[str, Any]:
    """Return what came of an approved plan."""
    return {"approval": approval, "outcome": came, "sent": sent}


def approval(*shards: str, waves: tuple[int, ...] = (), **changed: Any) -> FleetApprovalDocument:
    """Return an approval of some shards, all of the first wave unless others are said."""
    rows = [
        {
            "shard": each, "tenantId": TENANTS[each.partition("/")[0]],
            "owner": f"{each.partition('/')[2]}/customer", "wave": waves[place] if waves else 1,
            "digest": f"d-{each}", "hash": "h", "allow": [], "cloud": "global",
        }
        for place, each in enumerate(shards)
    ]  # fmt: skip
    whole = {
        "version": 1, "kind": "fleetApproval", "id": "a-1", "approved": ["k1"], "run": "one",
        "made": "2026-11-27T00:00:00+00:00", "ends": "2026-11-28T00:00:00+00:00",
        "limits": {"failedTenants": 200, "people": 50, "applications": 20, "deleted": 0}, "shards": rows,
    }  # fmt: skip
    return FleetApprovalDocument.model_validate(whole | changed)


def hashed(shard: LoadedShard, *allow: str) -> str:
    """Return the hash that a result of a shard has today."""
    return deciding.digest(shard, Flags(allow), deciding.tool())


def store(folder: Path, found: FleetResultDocument, approved: str = "") -> Path:
    """Write a result where it stands in a folder."""
    folder.mkdir(exist_ok=True)
    path = tenant_result.path_of(folder, found.shard, approved)
    path.write_text(found.model_dump_json(by_alias=True), encoding="utf-8")
    return path
