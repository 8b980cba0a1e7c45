"""Changes in, ordered steps out: PATCHes merged, guards that follow what this run writes itself, needs made explicit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter

from entra_config.graph.request import Request
from entra_config.kinds.base import LOOKED_TAG, Kind, text
from entra_config.kinds.graph_values import nest
from entra_config.kinds.looking import marking
from entra_config.kinds.resolving import probe_of, step_of, wanted_by
from entra_config.kinds.wire import wire
from entra_config.kinds.writes import Looks, Patch, Phase, Write, WriteView
from entra_config.plan.model import Create, Delete
from entra_config.plan.steps import Holds, Probe, Step, Watch
from entra_config.resource import Address, Ref, State, Text, Value

# Both collections of `api` go whenever either changes: whether Graph merges below `api` is not settled (field notes differ).
COMPANIONS = (("api.oauth2PermissionScopes", "api.preAuthorizedApplications"),)
ONE_BY_ONE = "/federatedCredentials"
COLLECTIONS = {"application": "/applications/", "enterpriseApplication": "/servicePrincipals/"}


@dataclass(frozen=True, slots=True)
class Ordered:
    """The steps of a plan, each after all that it needs, and how many calls in sequence they take."""

    steps: tuple[Step, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A step with what ordering it takes."""

    step: Step
    phase: Phase
    application: Address
    awaits: frozenset[Address]
    releases: frozenset[Address]
    arms: frozenset[Address] = frozenset()
    cleans: bool = False
    gives: frozenset[tuple[Address, str]] = frozenset()
    settles: frozenset[str] = frozenset()
    after: frozenset[Address] = frozenset()


def expand(kinds: Iterable[Kind], view: WriteView) -> Ordered:
    """Return the steps that carry out the view's changes."""
    drafts: list[Draft] = []
    patches: dict[tuple[Address, Phase], list[Patch]] = defaultdict(list)
    writes = [write for kind in kinds for write in kind.expand(view)]
    for write in (*writes, *marking(writes, view)):
        if isinstance(write, Patch):
            patches[write.target, write.phase].append(write)
        else:
            drafts.append(_draft(write))
    drafts += _merged(patches, view, wire(view.directory, view.desired))
    drafts.sort(key=lambda draft: draft.phase)
    return _ordered(drafts, known(view.actual), view.looks)


def known(actual: State) -> dict[Ref, str]:
    """Return every reference that the tenant can already answer."""
    return {Ref(each.address, name): value for each in actual for name, value in each.facts.properties.items()}


def _draft(write: Write) -> Draft:
    step = Step(
        id=write.id,
        carries=write.carries,
        phase=write.phase.name.lower(),
        request=write.request,
        chain=write.chain,
        needs=write.needs,
        produces=write.produces,
        guard=write.guard,
        found_by=write.found_by,
        visible=write.visible,
        premise=write.premise,
        done_if=write.done_if,
        fallback=write.fallback,
    )
    return Draft(
        step,
        write.phase,
        write.application,
        write.awaits,
        write.releases,
        arms=write.arms,
        cleans=write.cleans,
        gives=write.gives,
    )


def _merged(
    patches: Mapping[tuple[Address, Phase], list[Patch]], view: WriteView, live: Mapping[Address, Mapping[str, Value]]
) -> list[Draft]:
    """Return one PATCH for each target and phase, in the order of the phases, each guarded by what the one before left.

    `live` holds what Graph has at each target, by path, as it was read.
    """
    drafts: list[Draft] = []
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
        guard = None if created else _guard(target, {path: now.get(path) for path in values})
        # What is deleted in the end is never to be read back.
        kept = not isinstance(view.changes.get(target), Delete)
        drafts.append(_patch((target, phase), parts, values, first, guard=guard, kept=kept))
        now |= values
    return drafts


def _created(target: Address, view: WriteView) -> dict[str, Value]:
    resource = view.desired.get(target)
    values = resource.values if resource else {}
    found = {path: values[path] for group in COMPANIONS for path in group if path in values}
    return {path: found.get(path, []) for group in COMPANIONS for path in group} if found else {}


def _path(target: Address, query: str = "") -> Text:
    return text(COLLECTIONS[target.kind], Ref(target), query)


def _guard(target: Address, before: Mapping[str, Value]) -> Probe:
    select = ",".join(sorted({path.split(".")[0] for path in before}))
    # Another run of ours, killed a moment ago or beside this one, may have marked that it looked.
    return Probe(Request("GET", _path(target, f"?$select={select}")), Holds(before, (LOOKED_TAG,) if "tags" in before else ()))


def _patch(
    place: tuple[Address, Phase],
    parts: Sequence[Patch],
    values: dict[str, Value],
    first: dict[str, Value],
    *,
    guard: Probe | None,
    kept: bool,
) -> Draft:
    target, phase = place
    request = Request("PATCH", _path(target), nest(values))
    # What only goes along may be changed by a later phase; a key is never answered.
    own = {path for part in parts for path in part.values} - {"keyCredentials"}
    written = {path: value for path, value in values.items() if path in own and kept}
    step = Step(
        id=f"{target}/{phase.name.lower()}",
        carries=tuple(dict.fromkeys(address for part in parts for address in part.carries)),
        phase=phase.name.lower(),
        request=request,
        chain=str(target),
        guard=guard,
        visible=_guard(target, written) if written else None,
        done_if=tuple(text_ for part in parts for text_ in part.done_if),
        fallback=(Request("PATCH", _path(target), nest({**values, **first})), request) if first else (),
    )
    awaits = frozenset[Address]().union(*(part.awaits for part in parts))
    releases = frozenset[Address]().union(*(part.releases for part in parts))
    settles = frozenset[str]().union(*(part.settles for part in parts))
    arms = frozenset[Address]().union(*(part.arms for part in parts))
    cleans = any(part.cleans for part in parts)
    after = frozenset[Address]().union(*(part.after for part in parts))
    return Draft(step, phase, parts[0].application, awaits, releases, arms=arms, cleans=cleans, settles=settles, after=after)


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
    def of(cls, drafts: Iterable[Draft]) -> _Doing:
        """Collect them."""
        found = cls()
        for draft in drafts:
            target, step = draft.application, draft.step
            extending = draft.phase in {Phase.CREATE, Phase.EXTEND} and step.chain == str(target)
            for doing, does in (
                (found.cleans, draft.cleans),
                (found.marks, draft.phase is Phase.LOOK),
                (found.extends, extending),
            ):
                if does:
                    doing[target].add(step.id)
            for doing, addresses in ((found.carries, step.carries), (found.releases, draft.releases)):
                for address in addresses:
                    doing[address].add(step.id)
            found.settles |= {(target, id_): step.id for id_ in draft.settles}
        return found


def _ordered(drafts: Sequence[Draft], answers: Mapping[Ref, str], looks: Mapping[Address, Looks]) -> Ordered:
    steps = [step_of(draft.step, answers) for draft in drafts]
    makers = {ref: step.id for step in steps for ref in step.produces}
    doing = _Doing.of(drafts)
    final: list[Step] = []
    chains: dict[str, str] = {}
    after: dict[str, str] = {}
    for draft, step in zip(drafts, steps, strict=True):
        needs = set(step.needs) | {makers[ref] for ref in wanted_by(step) if ref in makers}
        for address in draft.awaits:
            needs |= doing.extends[address]
        for address in draft.after:
            needs |= doing.carries[address]
        # Edited before given: a token never carries what the role was before, and it may be disabled for a moment.
        needs |= {doing.settles[given] for given in draft.gives if given in doing.settles}
        for address in draft.arms:
            needs |= doing.cleans[address] | doing.marks[address]
        if draft.phase is Phase.LOOK:
            needs |= doing.cleans[draft.application]
        if draft.phase >= Phase.EDIT:
            # Taken away before edited: nobody carries the new value who was to lose the old one. Disabling protects nobody.
            needs |= doing.releases[draft.application]
        if step.chain in chains:
            after[step.id] = chains[step.chain]
            # Federated credentials are written one after another, but none needs the one before.
            needs |= set() if step.chain.endswith(ONE_BY_ONE) else {chains[step.chain]}
        if step.chain:
            chains[step.chain] = step.id
        seen = tuple(
            replace(watch, probe=probe)
            for watch in _watches(draft, looks)
            if (probe := probe_of(watch.probe, answers)) is not None
        )
        final.append(replace(step, needs=frozenset(needs - {step.id}), watches=seen))
    return _sorted(final, after)


def _watches(draft: Draft, looks: Mapping[Address, Looks]) -> Iterator[Watch]:
    """Yield what must hold before a write: of those whom it gives something, and of whom it marks as looked at."""
    if draft.phase is Phase.LOOK:
        yield from looks[draft.application].owners
    for address in sorted(draft.arms):
        if address in looks:
            yield from (*looks[address].owners, *looks[address].others)


def _sorted(steps: Sequence[Step], after: Mapping[str, str]) -> Ordered:
    """Return the steps in the order of `needs` and `after` (first come, first served), and the longest path through them."""
    by_id = {step.id: step for step in steps}
    sorter = TopologicalSorter({step.id: (step.needs | {after.get(step.id, "")}) & by_id.keys() for step in steps})
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
