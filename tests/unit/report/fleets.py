"""Reports on fleets, made up: of three waves with all that can come of a shard, and of a kind a tenant."""

from __future__ import annotations

from typing import Any

from entra_fleet.report.document import FleetReportDocument

MARKUP = "<b>`x`"


def lost(number: int) -> dict[str, Any]:
    """Return how many people lose something."""
    return {"action": "lose", "what": "api/Reader", "people": 3 + number % 7}


def change() -> dict[str, Any]:
    """Return a change as it is shown, of an application whose name is markup."""
    place = "myapp/manifests/applications/api.yaml:3"
    lines = [
        [["  ", ""], ["~", ""], [" ", ""], [f'application api "{MARKUP}"', "mid"]],
        [["      ", ""], ["~", ""], [" ", ""], ["appRoles", ""]],
        [["          ", ""], ["+", ""], [" ", ""], ["Auditor          Reads the audit.", ""]],
        [["            ", ""], ["!", "bold"], [" ", ""], ["8 people lose it", "mid"]],
    ]
    shown = [{"text": text, "place": place if not number else ""} for number, text in enumerate(lines)]
    return {"risk": "medium", "following": False, "lines": shown}


def member(number: int, wave: int = 1, reason: str = "", taken: int = 1) -> dict[str, Any]:
    """Return a shard."""
    out = [
        {
            "place": f"fleet.yaml:{each}:1",
            "declared": f"${{spaUrl{each or ''}}}",
            "value": f"https://t{number}.example.com",
        }
        for each in range(taken)
    ]
    return {
        "shard": f"t{number}/shop",
        "tenantId": f"00000000-0000-4000-8000-{number:012d}",
        "wave": wave,
        "code": None if reason else 2,
        "reason": reason,
        "place": "fleet.yaml:1:1",
        "digest": f"{number:064x}",
        "counts": [lost(number)],
        "notCompared": out,
    }


def group(
    members: list[dict[str, Any]], risk: str, *, text: str = "~ application api", **said: Any
) -> dict[str, Any]:
    """Return a kind."""
    id_ = f"c-{len(members):04d}{members[0]['shard'].partition('/')[0]:>028}".replace(" ", "0")
    return {
        "id": id_, "kind": id_, "outcome": None, "obstacle": "", "after": "", "risk": risk, "text": text,
        "headline": [f"~ application api {MARKUP}: + Auditor"], "distinct": [],
        "counts": members[0]["counts"], "changes": [change()], "members": members, **said,
    }  # fmt: skip


def report(groups: list[dict[str, Any]], **said: Any) -> FleetReportDocument:
    """Return a report."""
    found = {
        "version": 3, "kind": "fleetReport", "id": "r-51d0e9a7", "run": "one", "do": "plan", "code": 2,
        "shards": sum(len(each["members"]) for each in groups), "groups": groups, "failed": [],
        "withoutResult": [],
        "notPlanned": [], "lockFilesWithoutTenant": [], "guards": [],
        "waves": ["tag first", "then 10 %", "the rest"],
        "limits": [{"unit": "people", "losses": 11, "limit": 50}], **said,
    }  # fmt: skip
    return FleetReportDocument.model_validate(found)


def sample(tenants: int = 1000) -> FleetReportDocument:
    """Return what a person sees who reads a fleet of a thousand, or of fewer."""
    groups = [
        group([member(1, 2)], "high", obstacle="withheld"),
        group([member(2, 3)], "high", obstacle="refused"),
        group([member(3), member(4, 3)], "medium"),
        group(
            [member(each, 1 if each < 15 else 2 if each < 110 else 3) for each in range(5, tenants + 1)],
            "low",
        ),
    ]
    failed = [member(tenants + 1, 3, "429 TooManyRequests")]
    return report(
        groups, failed=failed, withoutResult=[member(tenants + 2, 3, "no result")], shards=tenants + 2
    )


def many(number: int, size: int) -> FleetReportDocument:
    """Return a fleet with a kind for each tenant, each with a report of so many characters."""
    return report([group([member(each)], "medium", text="~ line\n" * (size // 7)) for each in range(number)])
