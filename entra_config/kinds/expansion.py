"""Changes in, ordered steps out: PATCHes merged, guards that follow what this run writes itself, needs
made explicit.
"""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter

from entra_config.graph.request import Request
from entra_config.kinds import allowed_tenants
from entra_config.kinds.application import AUTHORIZED
from entra_config.kinds.application_steps import CERTIFICATES, REQUIRED
from entra_config.kinds.base import (
    LOOKED_TAG,
    OWNER_TAG,
    Kind,
    application_address,
    enterprise_address,
    looked_ref,
    text,
)
from entra_config.kinds.directory import Directory
from entra_config.kinds.entitlement_entries import ROLE_KEYS, SCOPE_KEYS, writable
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.kinds.graph_values import at, nest, pick
from entra_config.kinds.identifier_uris import URIS
from entra_config.kinds.writes import Patch, Rechecks, WriteView
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.plan.model import Change, Create, Delete, Restore, Update
from entra_config.plan.resolving import probe_of, step_of, wanted_by
from entra_config.plan.steps import Holds, Phase, Probe, Step, Watch
from entra_config.resource import Address, Ref, State, Text, Value

# Both collections of `api` go whenever either changes: whether Graph merges below `api` is not settled (field
# notes differ).
COMPANIONS = (("api.oauth2PermissionScopes", "api.preAuthorizedApplications"),)
COLLECTIONS = {"application": "/applications/", "enterpriseApplication": "/servicePrincipals/"}


@dataclass(frozen=True, slots=True)
class Ordered:
    """The steps of a plan, each after all that it needs, and how many calls in sequence they take."""

    steps: tuple[Step, ...]
    depth: int


def expand(kinds: Iterable[Kind], view: WriteView) -> Ordered:
    """Return the steps that carry out the view's changes."""
    steps: list[Step] = []
    patches: dict[tuple[Address, Phase], list[Patch]] = defaultdict(list)
    writes = [write for kind in kinds for write in kind.expand(view)]
    for write in (*writes, *marking(writes, view)):
        if isinstance(write, Patch):
            patches[write.target, write.phase].append(write)
        else:
            steps.append(write)
    steps += _merged(patches, view, _wire(view.directory, view.desired))
    steps.sort(key=lambda step: step.phase)
    details = view.actual.ids
    return _ordered([step_of(step, details) for step in steps], details, view.looks)


def marking(writes: Iterable[Step | Patch], view: WriteView) -> Iterator[Patch]:
    """Yield one mark for each client that is given anything, and that somebody may have owned until a
    moment ago.
    """
    armed = {address for write in writes for address in write.order.arms}
    for address in sorted(armed):
        if address in view.looks and view.looks[address].marked:
            yield Patch(address, Phase.LOOK, {"tags": _looked_tags(address, view)}, (), address)


def _looked_tags(address: Address, view: WriteView) -> list[Value]:
    """Return the tags that a client has by now, with the mark of this look in the place of an earlier one."""
    change = view.changes.get(address)
    if isinstance(change, Update) and any(field.path == "tags" for field in change.fields):
        tags = change.after.values["tags"]
    else:
        tags = (view.directory.live[address.key].subject.application or {}).get("tags") or ()
    return [
        *(tag for tag in tags if not tag.startswith(LOOKED_TAG)),
        text(LOOKED_TAG, looked_ref(address.key)),
    ]


# During a rollout Graph answers properties that it does not take back.
_AUTHORIZED_KEYS = ("appId", "delegatedPermissionIds")


def _wire(directory: Directory, desired: State) -> dict[Address, dict[str, Value]]:
    """Return the values of each application and service principal as they were read."""
    found: dict[Address, dict[str, Value]] = {}
    for key, live in directory.live.items():
        for address, body in (
            (application_address(key), live.subject.application),
            (enterprise_address(key), live.subject.service_principal),
        ):
            if body is not None:
                wanted = desired.get(address)
                found[address] = pick(
                    body,
                    sorted({"tags", "uniqueName", *(wanted.values if wanted else ())} - {RESTRICTIONS}),
                )
        app = live.subject.application
        if app is not None:
            found[application_address(key)] |= {
                URIS: app.get(URIS) or [],
                SCOPES: writable(at(app, SCOPES) or [], SCOPE_KEYS),
                ROLES: writable(at(app, ROLES) or [], ROLE_KEYS),
                AUTHORIZED: writable(at(app, AUTHORIZED) or [], _AUTHORIZED_KEYS),
                REQUIRED: app.get(REQUIRED) or [],
                CERTIFICATES: app.get(CERTIFICATES) or [],
                **dict(allowed_tenants.read(live)),
            }
    return found


def _merged(
    patches: Mapping[tuple[Address, Phase], list[Patch]],
    view: WriteView,
    live: Mapping[Address, Mapping[str, Value]],
) -> list[Step]:
    """Return one PATCH for each target and phase, in the order of the phases, each guarded by what the one
    before left.

    `live` holds what Graph has at each target, by path, as it was read.
    """
    steps: list[Step] = []
    holding: dict[Address, dict[str, Value]] = {}
    for target, phase in sorted(patches, key=lambda place: (place[1], place[0])):
        parts = patches[target, phase]
        created = isinstance(view.changes.get(target), Create)
        now = holding.setdefault(target, dict(live.get(target, {})))
        if created and not now:
            now |= _created(target, view)
        values: dict[str, Value] = {}
        for part in parts:
            values |= part.values
        first: dict[str, Value] = {}
        for part in parts:
            first |= part.first
        for group in COMPANIONS:
            if any(path in values for path in group):
                values |= {path: now[path] for path in group if path not in values and path in now}
        # Nobody else can have changed what this run has just made.
        guarded = {
            path: now.get(path) for path in values if path in now or not allowed_tenants.of_beta([path])
        }
        guard = None if created or not guarded else _guard(target, guarded, _mirrored_tags(target, view))
        word = "adopt" if _adopts(view.changes.get(target), now, values) else phase.word
        # What is deleted in the end is never to be read back.
        kept = not isinstance(view.changes.get(target), Delete)
        steps.append(_patch((target, phase, word), parts, values, first, guard=guard, kept=kept))
        now |= values
    return steps


def _adopts(change: Change | None, now: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
    """Return True for a write of our ownership tags to an application that had no tag of this owner."""
    if not isinstance(change, Update):
        return False
    owners = {tag for tag in values.get("tags") or () if isinstance(tag, str) and tag.startswith(OWNER_TAG)}
    return not owners <= set(now.get("tags") or ())


def _created(target: Address, view: WriteView) -> dict[str, Value]:
    resource = view.desired.get(target)
    values = resource.values if resource else {}
    paths = [path for group in COMPANIONS for path in group]
    return {path: values.get(path, []) for path in paths} if not values.keys().isdisjoint(paths) else {}


def _path(target: Address, query: str = "") -> Text:
    return text(COLLECTIONS[target.kind], Ref(target), query)


def _mirrored_tags(target: Address, view: WriteView) -> frozenset[str]:
    """Return the tags that Graph adds to a service principal, or removes from it, when this run writes the
    tags of its application.
    """
    owner = application_address(target.key)
    change = view.changes.get(owner)
    if target == owner or not isinstance(change, Update | Restore):
        return frozenset()
    before, after = (side.values.get("tags") or () for side in (change.before, change.after))
    return frozenset(tag for tag in {*before} ^ {*after} if isinstance(tag, str))


def _guard(target: Address, before: Mapping[str, Value], mirrored: frozenset[str] = frozenset()) -> Probe:
    select = ",".join(sorted({path.split(".")[0] for path in before}))
    # Another run of ours, killed a moment ago or beside this one, may have marked that it looked.
    return Probe(
        Request("GET", _path(target, f"?$select={select}"), beta=allowed_tenants.of_beta(before)),
        Holds(before, (LOOKED_TAG,), mirrored) if "tags" in before else Holds(before),
    )


def _patch(
    place: tuple[Address, Phase, str],
    parts: Sequence[Patch],
    values: dict[str, Value],
    first: dict[str, Value],
    *,
    guard: Probe | None,
    kept: bool,
) -> Step:
    target, phase, word = place
    beta = allowed_tenants.of_beta(values)
    request = Request("PATCH", _path(target), nest(values), beta=beta)
    # What only goes along may be changed by a later phase; a key is never answered.
    own = {path for part in parts for path in part.values} - {"keyCredentials"}
    written = {path: value for path, value in values.items() if path in own and kept}
    return Step(
        id=f"{target}/{word}",
        carries=tuple(dict.fromkeys(address for part in parts for address in part.carries)),
        phase=phase,
        request=request,
        of=parts[0].of,
        chain=str(target),
        order=functools.reduce(operator.or_, (part.order for part in parts)),
        guard=guard,
        visible=_guard(target, written) if written else None,
        done_if=tuple(text_ for part in parts for text_ in part.done_if),
        fallback=(Request("PATCH", _path(target), nest({**values, **first}), beta=beta), request)
        if first
        else (),
    )


@dataclass
class _Doing:
    """The ids of the steps that do something to an application, or for an address, which others wait for."""

    extends: dict[Address, set[str]] = field(default_factory=lambda: defaultdict(set))
    releases: dict[Address, set[str]] = field(default_factory=lambda: defaultdict(set))
    cleans: dict[Address, set[str]] = field(default_factory=lambda: defaultdict(set))
    marks: dict[Address, set[str]] = field(default_factory=lambda: defaultdict(set))
    carries: dict[Address, set[str]] = field(default_factory=lambda: defaultdict(set))
    settles: dict[tuple[Address, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, steps: Iterable[Step]) -> _Doing:
        """Collect them."""
        found = cls()
        for step in steps:
            target, order = _target(step), step.order
            extending = step.phase in {Phase.CREATE, Phase.NAME, Phase.EXTEND} and step.chain == str(target)
            for doing, does in (
                (found.cleans, order.cleans),
                (found.marks, step.phase is Phase.LOOK),
                (found.extends, extending),
            ):
                if does:
                    doing[target].add(step.id)
            for doing, addresses in ((found.carries, step.carries), (found.releases, order.releases)):
                for address in addresses:
                    doing[address].add(step.id)
            found.settles |= {(target, id_): step.id for id_ in order.settles}
        return found


def _target(step: Step) -> Address:
    assert step.of is not None, step.id
    return step.of


def _ordered(steps: Sequence[Step], details: Mapping[Ref, str], looks: Mapping[Address, Rechecks]) -> Ordered:
    makers = {ref: step.id for step in steps for ref in step.produces}
    doing = _Doing.of(steps)
    final: list[Step] = []
    chains: dict[str, str] = {}
    after: dict[str, str] = {}
    for step in steps:
        needs = (
            set(step.needs)
            | _needs(step, doing)
            | {makers[ref] for ref in wanted_by(step.request) if ref in makers}
        )
        if step.chain in chains:
            after[step.id] = chains[step.chain]
            needs |= set() if step.order.loose else {chains[step.chain]}
        if step.chain:
            chains[step.chain] = step.id
        seen = tuple(replace(watch, probe=probe_of(watch.probe, details)) for watch in _watches(step, looks))
        final.append(replace(step, needs=frozenset(needs - {step.id}), watches=seen))
    return _sorted(final, after)


def _needs(step: Step, doing: _Doing) -> set[str]:
    """Return the steps that the order of a step waits for."""
    order, needs = step.order, set[str]()
    for address in order.awaits:
        needs |= doing.extends[address]
    for address in order.after:
        needs |= doing.carries[address]
    # Edited before given: a token never carries what the role was before, and it may be disabled for a while.
    needs |= {doing.settles[given] for given in order.gives if given in doing.settles}
    for address in order.arms:
        needs |= doing.cleans[address] | doing.marks[address]
    if step.phase is Phase.LOOK:
        needs |= doing.cleans[_target(step)]
    if step.phase >= Phase.EDIT:
        # Taken away before edited: nobody carries the new value who was to lose the old one.
        # Disabling protects nobody.
        needs |= doing.releases[_target(step)]
    return needs


def _watches(step: Step, looks: Mapping[Address, Rechecks]) -> Iterator[Watch]:
    """Yield what must hold before a write: of those whom it gives something, and of whom it marks as
    looked at.
    """
    if step.phase is Phase.LOOK:
        yield from looks[_target(step)].owners
    for address in sorted(step.order.arms):
        if address in looks:
            yield from (*looks[address].owners, *looks[address].others)


def _sorted(steps: Sequence[Step], after: Mapping[str, str]) -> Ordered:
    """Return the steps in the order of `needs` and `after` (first come, first served), and the longest
    path through them.
    """
    by_id = {step.id: step for step in steps}
    sorter = TopologicalSorter(
        {step.id: (step.needs | {after.get(step.id, "")}) & by_id.keys() for step in steps}
    )
    sorter.prepare()
    places = {step.id: place for place, step in enumerate(steps)}
    order: list[Step] = []
    depth = 0
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=places.__getitem__)
        order.extend(by_id[id_] for id_ in ready)
        sorter.done(*ready)
        depth += 1
    return Ordered(tuple(order), depth)
