"""One story told step by step in; each plan on the way held against the tokens before and after it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from entra_config.apply.events import Outcome
from entra_config.plan.model import Plan
from tests.oracle import judge
from tests.oracle.estates import TENANT
from tests.oracle.judge import Ground
from tests.oracle.reported import KEY, OWNER, Names
from tests.oracle.tenant import DEPLOYER, Document, Tenant, document, load
from tests.oracle.tokens import Registrations, Said
from tests.oracle.worlds import WORDS
from tests.world import carry_on


@dataclass
class Story:
    """A tenant and the project `shop/prod` in it; `protected` pins names and the deployer, as a lock file
    does.
    """

    protected: bool = False
    tenant: Tenant = field(default_factory=Tenant)
    pinned: dict[str, str] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)

    def manifest(
        self,
        applications: Mapping[str, Any],
        *,
        project: str = "shop",
        environment: str = "prod",
        **more: Any,
    ) -> Document:
        """Return a manifest of one environment."""
        settings: dict[str, Any] = {"tenantId": TENANT, "policy": {"allow": ["many", "last"]}}
        if self.protected:
            settings |= {"protected": True, "deployers": [DEPLOYER]}
        return {
            "project": project,
            "environments": {environment: settings},
            "applications": dict(applications),
            **more,
        }

    async def plan(self, content: Document, words: Iterable[str] = (), **options: Any) -> Plan:
        """Plan, with the names of people, groups and deployer pinned where the environment is protected."""
        manifest = load(content, lock=self._lock() if self.protected else None)
        return await self.tenant.plan(manifest, {*WORDS, *words}, **options)

    async def settle(self, content: Document, words: Iterable[str] = (), **options: Any) -> Document:
        """Plan, apply, and hold both against the tokens; return the plan's document."""
        before = self.tenant.dump()
        plan = await self.plan(content, words, **options)
        assert not plan.blocked, [refusal.message for refusal in plan.refusals]
        outcome = await self.carry_out(plan, content, words)
        assert outcome.complete, failures(outcome)
        self.hold(content, document(plan), before)
        self.tenant.clock.advance(3600)
        return document(plan)

    async def applied(self, content: Document, words: Iterable[str] = (), **options: Any) -> list[str]:
        """Plan and apply whatever the plan lets; return what failed on the way."""
        plan = await self.plan(content, words, **options)
        if plan.blocked:
            return [refusal.message for refusal in plan.refusals]
        outcome = await self.carry_out(plan, content, words)
        self.tenant.clock.advance(3600)
        return failures(outcome)

    async def carry_out(self, plan: Plan, content: Document, words: Iterable[str]) -> Outcome:
        """Carry a plan out with what follows its restores, until a step fails."""
        outcome = await self.tenant.apply(plan)
        return await carry_on(plan, outcome, lambda: self.plan(content, words), self.tenant.apply)

    def hold(self, content: Document, reported: Document, before: Document) -> None:
        """Hold what was told against the tokens of then and of now."""
        old, new = Ground.both(before, self.tenant.dump(), Random(0))
        names = Names.of(content, old.registrations, new.registrations)
        wrong = [
            *judge.differences(reported, old, new, names),
            *judge.entrances(reported, old, new, names),
            *judge.consents(reported, old, new, names),
        ]
        assert wrong == [], wrong

    async def hand(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Let another do something through Graph."""
        async with self.tenant.administrator() as client:
            response = await client.request(method, path, json=body)
            assert response.is_success, response.text
            return dict(response.json()) if response.content else {}

    async def plant(self, **body: Any) -> dict[str, Any]:
        """Let somebody register an application with its service principal; return both ids and the appId."""
        app = await self.hand("POST", "/applications", body)
        principal = await self.hand("POST", "/servicePrincipals", {"appId": app["appId"]})
        return {"id": app["id"], "appId": app["appId"], "principal": principal["id"]}

    def pin(self, *keys: str, owner: str = "shop/prod") -> None:
        """Pin the appIds of these keys, as `lock` does when all is well."""
        self.pinned |= {key: self.row(key, owner)["appId"] for key in keys}

    def row(self, key: str, owner: str = "shop/prod") -> dict[str, Any]:
        """Return the one live registration that bears these very marks."""
        marks = {f"{OWNER}{owner}", f"{KEY}{key}"}
        (found,) = [row for row in self.tenant.rows.applications if marks <= set(row["tags"])]
        copied: dict[str, Any] = json.loads(json.dumps(found))
        return copied

    def principal(self, app_id: str) -> str:
        """Return the object id of an application's service principal."""
        return str(self.tenant.rows.service_principal_by_app_id(app_id)["id"])

    def said(self) -> Said:
        """Return what tokens say now, of whatever anybody holds."""
        dump = self.tenant.dump()
        return Ground.both(dump, dump, Random(0))[0].said

    def held(self, principal: str) -> set[str]:
        """Return the values of all roles that an application's tokens carry now, anywhere."""
        return {value for (_, value), holders in self.said().applications.items() if principal in holders}

    def everything(self, owner: str) -> Document:
        """Return all that belongs to an owner: registrations, service principals, and what is held of or
        by them.
        """
        dump = self.tenant.dump()
        rows, known = dump["tenants"][0], Registrations.of(dump)
        apps = [row for row in rows["applications"] if f"{OWNER}{owner}" in row["tags"]]
        ids = {key for key in known.principals if f"{OWNER}{owner}" in known.application(key).get("tags", ())}
        links = [*rows["appRoleAssignments"], *rows["oauth2PermissionGrants"]]
        touching = [
            row for row in links if ids & {row["resourceId"], row.get("principalId"), row.get("clientId")}
        ]
        return {
            "applications": apps,
            "principals": [known.principals[key] for key in sorted(ids)],
            "links": touching,
        }

    def _lock(self) -> Document:
        return self.tenant.lock(self.pinned) | ({"rejected": self.rejected} if self.rejected else {})


def reported(story: Coroutine[Any, Any, None]) -> None:
    """Tell a story to its end."""
    asyncio.run(story)


def failures(outcome: Outcome) -> list[str]:
    """Return what failed and why."""
    return [
        *(f"{step.id}: {error}" for step, error in outcome.failed),
        *(f"{step.id}: not tried" for step, *_ in outcome.not_attempted),
    ]
