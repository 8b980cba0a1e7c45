"""Reports on fleets, made up: of three waves with all that can come of a shard, and of a kind a tenant."""

from __future__ import annotations

from typing import Any

from entra_config.report.fleet_document import FleetReportDocument

MARKUP = "<b>`x`"


def member(number: int, wave: int = 1, reason: str = "", taken: int = 1) -> dict[str, Any]:
    """Return a shard."""
    out = {"place": "fleet.yaml:1:1", "said": "${spaUrl}", "value": f"https://t{number}.example.com"}
    return {
        "shard": f"t{number}/shop",
        "tenantId": f"00000000-0000-4000-8000-{number:012d}",
        "wave": wave,
        "code": None if reason else 2,
        "reason": reason,
        "place": "fleet.yaml:1:1",
        "takenOut": [out] * taken,
    }


def group(
    members: list[dict[str, Any]], risk: str, *, text: str = "~ application api", **said: Any
) -> dict[str, Any]:
    """Return a kind."""
    id_ = f"c-{len(members):04d}{members[0]['shard'].partition('/')[0]:>028}".replace(" ", "0")
    return {
        "id": id_, "kind": id_, "came": None, "obstacle": "", "after": "", "risk": risk, "text": text,
        "headline": [f"~ application api {MARKUP}: + Auditor", "11 people lose api/Reader"],
        "members": members, **said,
    }  # fmt: skip


def report(groups: list[dict[str, Any]], **said: Any) -> FleetReportDocument:
    """Return a report."""
    found = {
        "version": 1, "kind": "fleetReport", "id": "r-51d0e9a7", "run": "one", "do": "plan", "code": 2,
        "shards": sum(len(each["members"]) for each in groups), "groups": groups, "failed": [], "without": [],
        "notPlanned": [],
        "left": [], **said,
    }  # fmt: skip
    return FleetReportDocument.model_validate(found)


def sample() -> FleetReportDocument:
    """Return what a person sees who reads a fleet of a thousand."""
    groups = [
        group([member(1, 2)], "high", obstacle="heldBack"),
        group([member(2, 3)], "high", obstacle="refused"),
        group([member(3), member(4, 3)], "medium"),
        group([member(each, 1 if each < 15 else 2 if each < 110 else 3) for each in range(5, 1001)], "low"),
    ]
    failed = [member(1001, 3, "429 TooManyRequests")]
    return report(groups, failed=failed, without=[member(1002, 3, "no result")], shards=1002)


def many(number: int, size: int) -> FleetReportDocument:
    """Return a fleet with a kind for each tenant, each with a report of so many characters."""
    return report([group([member(each)], "medium", text="~ line\n" * (size // 7)) for each in range(number)])
