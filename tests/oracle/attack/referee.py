"""All requests of a run in; the invariants that a write of ours broke out. Knows the emulator and nothing
of the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.oracle.attack import footprint
from tests.oracle.attack.holdings import Holding, holdings
from tests.oracle.attack.powers import Powers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from entra_emulator.graph.call import Call, CollectionResponse
    from tests.oracle.attack.scene import Scene

OWNER, KEY = "entra-config:owner=", "entra-config:key="


NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that did not hold: its name, and what was done to or for whom."""

    invariant: str
    reported: str


@dataclass(slots=True)
class Terms:
    """What a run is judged by.

    `lag` is how many seconds reads are behind, `pause` how many lie between the reading that decides and the
    write, `echo` how long a credential works on that was taken off. `declared` are the ids of people, groups
    and deployers in the lock file, `pinned` the appIds there; one of his among them is not accepted for that,
    for nobody accepts any here. `ours` are the appIds that the project made before. `keys` has the key of
    each pinned appId, and `wanted` what the manifest lets each key hold.
    """

    owner: str
    protected: bool
    lag: float = 0.0
    pause: float = 0.0
    echo: float = 0.0
    declared: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()
    partner: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Referee:
    """Watches both sides. Stands before the attacker, so that an act between two requests is not taken for
    ours.
    """

    scene: Scene
    terms: Terms
    breaches: list[Breach] = field(default_factory=list)
    granted: int = 0
    _held: set[Holding] = field(default_factory=set)
    _had: dict[Holding, datetime] = field(default_factory=dict)
    _ended: dict[Holding, datetime] = field(default_factory=dict)
    _before: Mapping[str, footprint.Body] = field(default_factory=dict)
    _deleted: set[str] = field(default_factory=set)
    _ours: set[str] = field(default_factory=set)
    _bore: dict[str, datetime] = field(default_factory=dict)
    _bearing: set[str] = field(default_factory=set)
    _began: datetime = field(init=False)
    powers: Powers = field(init=False)

    def __post_init__(self) -> None:
        self.powers = Powers(self.scene)
        self.begins()

    def begins(self) -> None:
        """Take note that a plan begins to read."""
        self._began = self.scene.clock.now()
        self._mark()

    def rest(self) -> None:
        """Take the tenant as it is for given: what happened until now was nobody's doing in this run."""
        self._had = {}
        self._note_holdings()
        self._mark()

    def acted(self) -> None:
        """Take note of an act of the attacker."""
        self.powers.note(his=True)
        self._note_holdings()
        self._mark()

    def before(self, call: Call) -> None:
        """Remember the tenant before a write of ours."""
        if call.method != "GET":
            self._held = holdings(self.scene.tables)
            self._before = footprint.of(self.scene.tables, self._own())
            self._deleted = {row["id"] for row in self.scene.tables.deleted_items}
            self._mark()

    def after(self, call: Call, response: CollectionResponse) -> None:
        """Judge what a write of ours did."""
        if call.method == "GET" or response.status >= 300:
            return
        what = f"{call.method} /{'/'.join(str(part) for part in call.segments)}"
        self.powers.note(his=False)
        after = footprint.of(self.scene.tables, self._own())
        self._ours |= after.keys() - self._before.keys()
        self._judge_grants(holdings(self.scene.tables), what)
        self._judge_restores(what)
        self._judge_objects(after, what)
        self._judge_creation(call, response, what)
        self._mark()

    def judge_pins(
        self, before: Mapping[str, str], after: Mapping[str, str], renamed: Mapping[str, str]
    ) -> None:
        """Judge what a run did to the lock file: by key, the appIds that it pinned before and pins after;
        `renamed` are the former keys, by the new ones, of renames that it applied.
        """
        for key, app_id in before.items():
            if self.scene.tables.application_by_app_id(app_id) and app_id not in after.values():
                self._tell("pin lost", f"{key} ({app_id}) is not pinned any more")
        for key, former in renamed.items():
            app_id = before.get(former)
            there = app_id is not None and self.scene.tables.application_by_app_id(app_id) is not None
            if there and after.get(key) != app_id:
                self._tell("pin lost", f"{former} ({app_id}) was renamed, and {key} is not pinned to it")

    def _judge_creation(self, call: Call, response: CollectionResponse, what: str) -> None:
        if call.method != "POST" or call.segments != ["applications"] or response.body is None:
            return
        made = {tag.removeprefix(KEY) for tag in response.body["tags"] if tag.startswith(KEY)}
        for app_id, key in self.terms.keys.items():
            if key in made and self.scene.tables.application_by_app_id(app_id):
                self._tell("created again", f"{what}: {key} is pinned to {app_id}, which the tenant has")

    def _judge_grants(self, now: set[Holding], what: str) -> None:
        self._ended |= dict.fromkeys(self._held - now, self.scene.clock.now())
        # What a restore of ours brings back he has as if it had never been gone: it was to be read.
        self._ended = {each: at for each, at in self._ended.items() if each not in now}
        new = now - self._held - self._had.keys()
        self.granted += len(new)
        armed = self._dangerous()
        tables = self.scene.tables
        for each in sorted(new):
            if each.holder in armed and each.holder not in self.terms.declared:
                self._tell(
                    "armed",
                    f"{what}: {self._name(each.holder)} got {each.type} {each.value} of {each.resource}",
                )
            key = self.terms.keys.get(str(self._row(each.holder).get("appId")))
            wanted = self.terms.wanted.get(key or "")
            if wanted is not None and each.value not in wanted:
                self._tell("another key's", f"{what}: {key} got {each.type} {each.value} of {each.resource}")
            api = tables.service_principal_by_app_id(each.resource) or tables.application_by_app_id(
                each.resource
            )
            if (
                api is not None
                and api["id"] in armed
                and self._used_by(each.resource, armed)
                and api["appId"] not in self._pinned
            ):
                self._tell(
                    "armed API",
                    f"{what}: {self._name(each.holder)} got {each.type} {each.value} of his {each.resource}",
                )

    def _judge_restores(self, what: str) -> None:
        """Judge each service principal that a write of ours restored: with it, its roles and consents come
        back to whoever can act as its application.
        """
        tables = self.scene.tables
        for principal in tables.service_principals:
            app = tables.application_by_app_id(principal["appId"])
            if principal["id"] not in self._deleted or app is None:
                continue
            facts = self.powers.known(
                app["id"], principal["id"], self._readable(), created=self.terms.protected
            )
            for way, _, by in facts:
                if by not in self.terms.declared:
                    self._tell("armed by a restore", f"{what}: {self._name(principal['id'])}, {way} {by}")

    def _readable(self) -> datetime:
        """Return until when what was done could be read before a write."""
        slack = 0.0 if self.terms.protected else self.terms.lag + self.terms.pause
        return self.scene.clock.now() - timedelta(seconds=slack)

    def _dangerous(self) -> set[str]:
        if self.terms.protected:
            return self.powers.over(self._readable(), created=True)
        return self.powers.over(self._readable(), created=False, echo=self.terms.echo)

    def _used_by(self, app_id: str, armed: set[str]) -> bool:
        """Tell whether something of his holds a role of an API by his own doing, since before what the
        plan could read; what an earlier plan took away before that, it holds no more.
        """
        seen = self._began - timedelta(seconds=self.terms.lag)
        his = (
            each
            for each, since in self._had.items()
            if each.type == "role" and each.holder in armed and since <= seen < self._ended.get(each, NEVER)
        )
        return any(each.resource == app_id for each in his)

    def _note_holdings(self) -> None:
        now, held = self.scene.clock.now(), holdings(self.scene.tables)
        # What he took away himself, as by a deletion, nobody could read until it is there again.
        self._ended = dict.fromkeys(self._had.keys() - held, now) | self._ended
        # What he gives himself again, or restores, he has since then.
        again = held & self._ended.keys()
        for each in again:
            del self._ended[each], self._had[each]
        self._had = dict.fromkeys(held, now) | self._had

    def _judge_objects(self, after: Mapping[str, footprint.Body], what: str) -> None:
        for id_, was in self._before.items():
            now = after.get(id_)
            changed = footprint.difference(was, now)
            if not changed:
                continue
            if self.terms.protected and id_ not in self._ours and was.app_id not in self.terms.ours:
                self._judge_life(was, now, what)
            if not self._may_touch(id_, was):
                self._tell(
                    "another's", f"{what}: {was.name} ({was.app_id}) was changed: {', '.join(changed)}"
                )

    def _judge_life(self, was: footprint.Body, now: footprint.Body | None, what: str) -> None:
        """Judge what a protected environment did to something that the project did not make."""
        if was.app_id in self._pinned:
            return
        released = now is not None and bool(footprint.marks(was.row)) and not footprint.marks(now.row)
        if now is None or now.deleted != was.deleted or released:
            verb = (
                "purged"
                if now is None
                else "released"
                if released
                else "deleted"
                if now.deleted
                else "restored"
            )
            self._tell("untrusted", f"{what}: {was.name} ({was.app_id}) was {verb}")

    def _own(self) -> set[str]:
        """Return the service principals of what the project made, and whom it gives roles of others' APIs."""
        principals = self.scene.tables.service_principals
        known = {*self._ours, self.terms.partner}
        return {row["id"] for row in principals if row["id"] in known or row["appId"] in self.terms.ours}

    def _may_touch(self, id_: str, was: footprint.Body) -> bool:
        last, lag = self._bore.get(was.app_id), timedelta(seconds=self.terms.lag)
        owners = {tag for tag in was.row["tags"] if tag.startswith(OWNER)}
        if owners - {f"{OWNER}{self.terms.owner}"} and not self._his(id_, was):
            # Another's mark that is younger than what can be read was not to be seen.
            return last is not None and last > self.scene.clock.now() - lag
        if id_ in self._ours or was.app_id in self._pinned:
            return True
        return last is not None and last >= self._began - lag

    def _his(self, id_: str, was: footprint.Body) -> bool:
        """Tell whether he made it, or its application: a service principal shows the tags of its
        application, so that whoever made that may write any owner's mark on ours.
        """
        applications = (row for row in footprint.rows(self.scene.tables) if "servicePrincipalType" not in row)
        made = {row["appId"] for row in applications if row["id"] in self.powers.made}
        return id_ in self.powers.made or was.app_id in made

    @property
    def _pinned(self) -> frozenset[str]:
        return self.terms.pinned - self.powers.made_app_ids

    def _mark(self) -> None:
        """Note which objects bear this owner's marks now, or did until now, and no other's."""
        now, bearing = self.scene.clock.now(), set[str]()
        for row in footprint.rows(self.scene.tables):
            owners = [tag for tag in row["tags"] if tag.startswith(OWNER)]
            keys = [tag for tag in row["tags"] if tag.startswith(KEY)]
            if owners == [f"{OWNER}{self.terms.owner}"] and len(keys) == 1:
                bearing.add(row["appId"])
        self._bore |= dict.fromkeys(bearing | self._bearing, now)
        self._bearing = bearing

    def _row(self, id_: str) -> dict[str, object]:
        tables = self.scene.tables
        found = (
            table.get(id_)
            for table in (tables.service_principals, tables.applications, tables.groups, tables.users)
        )
        return next((row for row in found if row is not None), {})

    def _name(self, id_: str) -> str:
        row = self._row(id_)
        return f"{row.get('displayName', id_)!r} ({row.get('appId', id_)})"

    def _tell(self, invariant: str, reported: str) -> None:
        self.breaches.append(Breach(invariant, reported))
