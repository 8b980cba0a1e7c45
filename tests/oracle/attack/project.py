"""A manifest's folder and a tenant in; plans made and carried out as the command does it, out. The only
door to the engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from entra_config import reconcile
from entra_config.errors import EntraConfigError
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.reading.problems import Problems
from entra_config.pinning import live
from entra_config.pinning.made import Pins
from entra_config.plan import file
from entra_config.plan.options import Options
from entra_config.plan.selection import restores
from entra_emulator import seed as seeds
from entra_emulator.callers import Caller
from tests.convergence.guarded import SCOPES
from tests.convergence.tenant import Killed
from tests.oracle.attack import worlds
from tests.oracle.attack.knowledge import ACCOMPLICE, KEY

if TYPE_CHECKING:
    from entra_config.apply.events import Outcome
    from entra_config.plan.model import Plan
    from entra_emulator.graph.call import Call, CollectionResponse
    from tests.oracle.attack.scene import Scene
    from tests.oracle.attack.worlds import World

DEPLOYER = "Emulator deployer"
# What lifts the limits that are about people, not about whom to trust.
WORDS = frozenset({"many", "last", "used"})


@dataclass(frozen=True, slots=True)
class Result:
    """How a round ended: carried out, or why not."""

    ending: str
    why: str = ""

    @property
    def carried_out(self) -> bool:
        """Tell whether all of the plan was done."""
        return self.ending in {"done", "killed"}


def _blocked(plan: Plan) -> Result:
    reasons = (str(refusal.message) for refusal in plan.refusals if refusal.blocks)
    return Result("blocked", "; ".join(reasons))


@dataclass(slots=True)
class Project:
    """One project, its files, and the pins that its reviewers merged."""

    scene: Scene
    world: World
    folder: Path
    manifest: dict[str, Any]
    pins: dict[str, str] = field(default_factory=dict)
    made: list[tuple[str, str]] = field(default_factory=list)
    words: frozenset[str] = WORDS
    rejected: set[str] = field(default_factory=set)
    was: dict[str, str] = field(default_factory=dict)
    partner: str = ""

    @property
    def caller(self) -> Caller:
        """Return who applies."""
        if self.world.deployer == "application":
            return self.scene.emulator.app_caller()
        return self.scene.emulator.user_caller("alice@contoso.com", SCOPES)

    def before(self, call: Call) -> None:
        """Take no note of a request."""

    def after(self, call: Call, response: CollectionResponse) -> None:
        """Take note of what our requests make, key and appId: what a person who looks at the log finds
        there.
        """
        if (
            call.method == "POST"
            and call.segments == ["applications"]
            and response.status == 201
            and response.body is not None
        ):
            marks = [tag.removeprefix(KEY) for tag in response.body["tags"] if tag.startswith(KEY)]
            self.made += [(key, response.body["appId"]) for key in marks]

    def open_door(self) -> None:
        """Let people sign in through the deployer's application, as a public client; the attacker is one
        of them.
        """
        app = self.scene.tables.application_by_app_id(seeds.DEPLOYER_APP_ID)
        assert app is not None
        admin = self.scene.emulator.app_caller(seeds.ADMIN_APP_ID)
        body = {"publicClient": {"redirectUris": ["http://localhost"]}, "isFallbackPublicClient": True}
        response = self.scene.send(admin, "PATCH", f"/applications/{app['id']}", body)
        assert response.status == 204, response
        self.scene.attacker = replace(self.scene.attacker, appid=seeds.DEPLOYER_APP_ID)

    def declared(self) -> frozenset[str]:
        """Return the ids that the manifest's names mean."""
        tables = self.scene.tables
        users = [
            row["id"]
            for row in tables.users
            if row["userPrincipalName"] in {"alice@contoso.com", "grace@contoso.com"}
        ]
        groups = [row["id"] for row in tables.groups if row["displayName"] in {"All Staff", "MyApp Writers"}]
        return frozenset((*users, *groups, self._deployer()))

    def history(self) -> frozenset[str]:
        """Return the appIds of all that our requests made."""
        return frozenset(app_id for _, app_id in self.made)

    async def prepare(self, keys: frozenset[str]) -> None:
        """Apply the part of the manifest that is about some keys, in peace, and pin what was made."""
        result = await self._round(worlds.only(self.manifest, keys))
        if not result.carried_out:
            raise AssertionError(f"the start of {self.world} could not be applied: {result}")

    def delete(self, key: str, *, purge: bool = False) -> None:
        """Delete one of ours, as an administrator does by mistake; with `purge` for good."""
        row = next(row for row in self.scene.tables.applications if f"{KEY}{key}" in row["tags"])
        paths = [f"/applications/{row['id']}"]
        if purge:
            principal = self.scene.tables.service_principal_by_app_id(row["appId"])
            gone = [row["id"], *([principal["id"]] if principal else [])]
            paths += [f"/directory/deletedItems/{id_}" for id_ in gone]
        for path in paths:
            response = self.scene.send(self.scene.emulator.app_caller(), "DELETE", path)
            assert response.status == 204, response

    async def digest(self) -> str:
        """Plan once, and return what tells this plan from every other."""
        self._write(self.manifest)
        async with await self._connect() as graph:
            return file.digest(await self._plan(graph))

    async def round(self, *, kill: int = 0, digest: str = "") -> Result:
        """Plan and apply once, as the command does; what was restored is followed up by another plan."""
        return await self._round(self.manifest, kill=kill, digest=digest)

    async def _round(self, manifest: Mapping[str, Any], *, kill: int = 0, digest: str = "") -> Result:
        self._write(manifest)
        self._arm(kill)
        try:
            # In a task of its own: what a kill leaves open ends with it.
            return await asyncio.create_task(self._carry_out(digest))
        except Killed:
            self._recover()
            return Result("killed")
        except EntraConfigError as error:
            return Result("refused", f"{type(error).__name__}: {error}")
        finally:
            self.scene.faults.on_call = None
            self._take_pins()

    async def _carry_out(self, digest: str) -> Result:
        loaded = loader.load(self.folder, None)
        async with await self._connect() as graph:
            notes = Pins(loaded, graph.identity.app_id, print, lock=True)

            async def again() -> Plan:
                return await self._plan(graph, notes.ids)

            plan = await again()
            if plan.blocked:
                return _blocked(plan)
            if digest and file.digest(plan) != digest:
                return Result("stale")
            outcome = await self._send(plan, graph, notes)
            known, last, more = dict(outcome.known), plan, 0
            if outcome.complete and (plan.following or restores(plan)):
                async for following in reconcile.follow(plan, known, again):
                    last, more = following.later, len(following.later.changes) - len(following.rest.changes)
                    if following.rest.blocked:
                        return _blocked(following.rest)
                    outcome = await self._send(following.rest, graph, notes)
                    known |= outcome.known
                    if not outcome.complete:
                        break
            if not outcome.complete:
                return Result("failed", "; ".join(f"{step.id}: {error}" for step, error in outcome.failed))
            notes.finish()
        left = "; ".join(str(each.message) for each in (*last.refusals, *last.withheld))
        left += f"; {more} more to change" if more else ""
        return Result("withheld", left) if left else Result("done")

    async def _send(self, plan: Plan, graph: Graph, notes: Pins) -> Outcome:
        return await reconcile.apply(
            plan,
            graph,
            observe=notes,
            sleep=self.scene.clock.sleep,
            jitter=lambda: 0.5,
        )

    async def lock(self) -> None:
        """Run `lock` by itself, and merge what it pins."""
        self._write(self.manifest)
        old = lock.read(loader.lock_path(self.folder, self.world.environment), Problems())
        try:
            async with await self._connect() as graph:
                found, *_ = await live.pins(loader.load(self.folder, None), graph, old)
        except EntraConfigError:
            return
        self.pins = {key: each.app_id for key, each in found.applications.items() if each.app_id}

    async def _plan(self, graph: Graph, made: frozenset[str] = frozenset()) -> Plan:
        loaded = loader.load(self.folder, None)
        options = Options(self.words | self._lifted(), made=made)
        return await reconcile.plan(loaded, graph, options, now=self.scene.clock.now())

    def _lifted(self) -> frozenset[str]:
        # Where ours were deleted somebody means them to come back, and what is to be destroyed is meant to
        # be.
        restored = {"restore"} if self.world.start == "deleted" or self.world.deserting else set()
        return frozenset(restored | ({"delete"} if self.world.goal == "destroy" else set()))

    def _take_pins(self) -> None:
        """Take over what the command wrote into the lock file, as somebody does who commits it."""
        path = loader.lock_path(self.folder, self.world.environment)
        found = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("applications") or {}
        self.pins = {key: entry["appId"] for key, entry in found.items()}
        self.was = {entry["appId"]: entry.get("was", "") for entry in found.values()}

    def _recover(self) -> None:
        """Accept, where nothing else proves it, what the killed process made and could not write down."""
        if self.world.deployer == "user" or not self.world.named:
            self.accept()

    def accept(self) -> None:
        """Pin what our own requests made of each key, the newest that is not gone, as one does who looks
        into the log.
        """
        tables = self.scene.tables
        for key, application in self.manifest["applications"].items():
            mine = {key, application.get("previously")}
            for other, app_id in self.made:
                if any(pin == app_id and name not in mine for name, pin in self.pins.items()):
                    # One that was renamed has another key since.
                    continue
                gone = not (
                    tables.application_by_app_id(app_id) or tables.deleted_items.find("appId", app_id)
                )
                if other in mine and not gone:
                    # As `lock` has it: one object, one key.
                    self.pins = {name: pin for name, pin in self.pins.items() if pin != app_id}
                    self.pins[key] = app_id

    def _arm(self, kill: int) -> None:
        last = self.scene.faults.calls + kill

        def on_call(number: int, phase: str, _method: str, _path: str) -> None:
            if kill and number == last and phase == "after":
                raise Killed

        self.scene.faults.on_call = on_call

    def _write(self, manifest: Mapping[str, Any]) -> None:
        worlds.write(self.folder, manifest)
        tables = self.scene.tables
        groups = {name: tables.one("groups", "displayName", name) for name in ("All Staff", "MyApp Writers")}
        users = {name: tables.user_by_name(name) for name in ("alice@contoso.com", "grace@contoso.com")}
        pins = Lock(
            tenant_id=seeds.CONTOSO,
            users={name: Pin(row["id"]) for name, row in users.items() if row},
            groups={name: Pin(self._first(name)) for name in groups},
            service_principals={DEPLOYER: Pin(self._deployer())} | self._partner(),
            applications={
                key: PinnedApplication(app_id, self._accepted(key), was=self.was.get(app_id, ""))
                for key, app_id in self.pins.items()
            },
            rejected=tuple(sorted(self.rejected)),
        )
        path = loader.lock_path(self.folder, self.world.environment)
        path.write_text(lock.write(pins, self.world.environment), encoding="utf-8")

    def _partner(self) -> dict[str, Pin]:
        return {self.world.called: Pin(self.partner)} if self.partner else {}

    def _accepted(self, key: str) -> tuple[str, ...]:
        """Return whom somebody accepted as an owner of what is pinned for a key."""
        accomplice = self.scene.tables.user_by_name(ACCOMPLICE)
        return (str(accomplice["id"]),) if accomplice and self.world.accepted and key == "nightly" else ()

    def _first(self, name: str) -> str:
        return seeds.fixed_id(seeds.CONTOSO, "group", name)

    def _deployer(self) -> str:
        found = self.scene.tables.service_principal_by_app_id(seeds.DEPLOYER_APP_ID)
        assert found is not None
        return str(found["id"])

    async def _connect(self) -> Graph:
        caller, emulator = self.caller, self.scene.emulator
        token = FixedToken(emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid))

        def seconds() -> float:
            return self.scene.clock.now().timestamp()

        times: dict[str, Any] = {
            "clock": seconds,
            "now": seconds,
            "sleep": self.scene.clock.sleep,
            "jitter": lambda: 0.5,
        }
        return await connect("emulator", credential=token, transport=emulator.transport(), **times)
