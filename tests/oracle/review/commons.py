"""Chance in; a tenant that a project shares with others out: its two environments, another project,
strangers, an orphan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from entra_config.manifest import loader
from tests.oracle.review import estate
from tests.oracle.review.estate import Company, Files
from tests.oracle.tenant import load

WORDS = frozenset({"many", "last", "used", "takeover"})
TEAM_FENCE = [
    "applications/team-*",
    "appRoleAssignments/team-*",
    "enterpriseApplications/team-*",
    "consents/api/Writer",
]
LISTED = frozenset({"Writer"})
LEFT = "oldtool"  # a key that main.yaml has no more, and whose application nobody has removed
PINNED = "team-old"  # a key of the team's that the lock file pins to what nobody has marked yet


@dataclass(frozen=True)
class Ids:
    """What somebody could name: appIds and object ids of service principals by whose they are; the pin of
    the team's key.
    """

    app_ids: dict[str, str]
    principals: dict[str, str]
    pinned: str = ""


async def build(random: Random, folder: Any, environment: str) -> tuple[Company, Ids]:
    """Make the tenant as it is before the fenced file changes, and is applied in an environment."""
    company = estate.draw(random)
    company.environments = ("dev", "prod")
    root = estate._root(random, company.environments)
    root["files"][1]["mayDeclare"] = list(TEAM_FENCE)
    company.files[estate.ROOT] = root
    company.files[estate.MAIN]["applications"]["api"]["identifierUris"].append(
        "https://contoso.com/shop/${environment}"
    )
    orphan = next(row for row in company.tenant.rows.applications if row["displayName"] == "Old Desk")
    for name in company.environments:
        company.files[estate.lock_of(name)] = estate.pins(company)
    # An application is pinned in one environment.
    company.files[estate.lock_of(environment)]["applications"] = {PINNED: {"appId": orphan["appId"]}}
    await _apply(company, load(_ledger()))
    mispinned = random.random() < 0.15
    company.files[estate.MAIN]["appRoleAssignments"]["hr"] = {"Read": {"groups": ["Audit"]}}
    company.files[estate.MAIN]["applications"][LEFT] = {"type": "daemon", "displayName": "Old Tool${suffix}"}
    base = company.write(company.files, folder / "base")
    for name in company.environments:
        await _apply(company, loader.load(base, name))
    del company.files[estate.MAIN]["applications"][LEFT]
    found = ids(company)
    if mispinned:
        # Somebody's mistake in review: the pin of the team's key is that of another application.
        pins = company.files[estate.lock_of(environment)]["applications"]
        pins[PINNED]["appId"] = found.app_ids[f"shop/{environment}:job"]
        # A pin binds its key, so `job` is created again before the fenced file changes anything.
        changed = company.write(company.files, folder / "mispinned")
        for name in company.environments:
            await _apply(company, loader.load(changed, name))
    found = replace(found, pinned=company.files[estate.lock_of(environment)]["applications"][PINNED]["appId"])
    # Service principals that somebody made by hand: only their registrations bear marks.
    for bare in ("ledger/prod:books", "shop/dev:api" if environment == "prod" else "shop/prod:api"):
        (row,) = [
            row for row in company.tenant.rows.service_principals if row["appId"] == found.app_ids[bare]
        ]
        company.tenant.rows.service_principals.put({**row, "tags": []})
    company.tenant.clock.advance(3600)
    return company, found


def ids(company: Company) -> Ids:
    """Return the ids of every application that a file could try to name."""
    rows = company.tenant.rows
    app_ids: dict[str, str] = {}
    principals: dict[str, str] = {}
    by_app_id = {row["appId"]: row["id"] for row in rows.service_principals}
    for row in rows.applications:
        marks = [tag.removeprefix("entra-config:") for tag in row["tags"] if tag.startswith("entra-config:")]
        owner = next((mark.removeprefix("owner=") for mark in marks if mark.startswith("owner=")), "")
        key = next(
            (mark.removeprefix("key=") for mark in marks if mark.startswith("key=")), row["displayName"]
        )
        name = f"{owner}:{key}" if owner else key
        app_ids[name] = row["appId"]
        if row["appId"] in by_app_id:
            principals[name] = by_app_id[row["appId"]]
    return Ids(app_ids, principals)


def _ledger() -> Files:
    role = {"displayName": "Clerk", "description": "Clerk.", "allowedMemberTypes": ["User", "Application"]}
    return {
        "project": "ledger",
        "environments": {"prod": {"tenantId": estate.TENANT}},
        "applications": {"books": {"type": "api", "displayName": "Ledger", "appRoles": {"Clerk": role}}},
        "appRoleAssignments": {"books": {"Clerk": {"users": ["bob@contoso.com"]}}},
    }


async def _apply(company: Company, manifest: Any) -> None:
    plan = await company.tenant.plan(manifest, WORDS)
    assert not plan.blocked, [refusal.message for refusal in plan.refusals]
    outcome = await company.tenant.apply(plan)
    assert outcome.complete, outcome.failed
