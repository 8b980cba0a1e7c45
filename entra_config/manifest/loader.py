"""Path of a manifest and an environment in, a typed Manifest out, or one error with everything that is
wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from entra_config.errors import ManifestError, Position, UsageError
from entra_config.manifest.environments import (
    environment,
    fleet_environment,
    lock,
    restriction_effects,
    source,
)
from entra_config.manifest.environments.environment import Selected
from entra_config.manifest.environments.names import Names
from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.environments.shard import Shard
from entra_config.manifest.environments.source import Source
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.environment import CREDENTIAL, ENVIRONMENT
from entra_config.manifest.fields.root import LEFT
from entra_config.manifest.model import Manifest, Named, OtherPin
from entra_config.manifest.reading.node import Entry, Map, Scalar, entries_at, node_at
from entra_config.manifest.reading.problems import Problems, listing
from entra_config.manifest.reading.reader import KEY, Reader
from entra_config.manifest.sections import (
    assignments,
    authority,
    enterprise,
    grants,
    policies,
    sinks,
    target_reader,
)
from entra_config.manifest.sections.application import Applications
from entra_config.manifest.sections.declared_applications import DeclaredApplications


@dataclass(frozen=True, slots=True)
class Loaded:
    """One environment, the tree that it was read from (overrides on top, placeholders filled), and the
    files. `item_texts` are the texts that items of lists fill, by position (see `Expanded`).
    """

    manifest: Manifest
    tree: Map
    source: Source
    item_texts: Mapping[Position, str] = field(default_factory=dict)


def load(
    path: Path,
    environment_name: str | None = None,
    *,
    pins: Lock | None = None,
    contents: Mapping[Path, str] = MappingProxyType({}),
    shard: Shard | None = None,
) -> Manifest:
    """Load one environment; without a name the shard's, or the only one. `pins` stand in for the lock file,
    `contents` for the disk's texts.
    """
    return load_one(_read(path, contents, shard), environment_name, pins).manifest


def load_one(read: Source, environment_name: str | None = None, pins: Lock | None = None) -> Loaded:
    """Load one environment of a source, with the tree that it was read from."""
    wanted = environment_name or (read.shard.environment if read.shard is not None else None)
    name = environment.choose(read, wanted)
    if fleet_environment.is_of_fleet(read.environments.node(name)) and read.placed(name) is None:
        raise UsageError(f"environment `{name}` of {read.path} is of a fleet: say --fleet FILE --tenant NAME")
    return _load(read, name, pins)


def load_all(
    path: Path, *, contents: Mapping[Path, str] = MappingProxyType({}), shard: Shard | None = None
) -> list[Manifest]:
    """Load every environment, of a fleet's that of the shard alone; raise one error with the problems of all,
    and where without a shard there is none. `contents` stand in for what the disk has.
    """
    return [each.manifest for each in loaded(path, contents=contents, shard=shard)]


def loaded(
    path: Path,
    *,
    contents: Mapping[Path, str] = MappingProxyType({}),
    shard: Shard | None = None,
    known: Loaded | None = None,
) -> list[Loaded]:
    """Load every environment as `load_all` does, each with the tree that it was read from; `known` is one
    that was loaded already, whose files are not read again.
    """
    found = checked(path, contents=contents, shard=shard, known=known)
    if not found:
        fleets = listing(of_fleets(path))
        raise UsageError(f"{fleets} of {path}: of a fleet; say --fleet FILE --tenant NAME")
    return found


def checked(
    path: Path,
    *,
    contents: Mapping[Path, str] = MappingProxyType({}),
    shard: Shard | None = None,
    known: Loaded | None = None,
) -> list[Loaded]:
    """Load every environment, but those of a fleet that the shard is not of: they hold or not per tenant."""
    read = known.source if known is not None else _read(path, contents, shard)
    problems = Problems()
    found = []
    for name, entry in read.environments.entries.items():
        if fleet_environment.is_of_fleet(entry.node) and read.placed(name) is None:
            continue
        if known is not None and known.manifest.environment == name:
            found.append(known)
            continue
        try:
            found.append(_load(read, name, None))
        except ManifestError as error:
            problems.extend(error)
    if not found:
        for problem in read.problems.found:
            problems.add(problem.position, problem.message)
    problems.finish()
    return found


def of_fleets(path: Path) -> list[str]:
    """Return the names of a manifest's environments that are of a fleet."""
    entries = _environments(path)
    return [name for name, entry in entries.items() if fleet_environment.is_of_fleet(entry.node)]


def environments(path: Path) -> list[str]:
    """Return the names of a manifest's environments, in its order."""
    return list(_environments(path))


def lock_path(path: Path, environment_name: str, tenant: str = "") -> Path:
    """Return where the lock file of an environment stands, or of one tenant of a fleet's."""
    return lock.path_of(source.locate(path), environment_name, tenant)


def pins_path(manifest: Manifest) -> Path:
    """Return where the lock file of a loaded environment stands."""
    return lock.path_of(Path(manifest.root), manifest.environment, manifest.fleet_tenant)


def _read(
    path: Path, contents: Mapping[Path, str] = MappingProxyType({}), shard: Shard | None = None
) -> Source:
    read = source.read(path, contents=contents, shard=shard)
    if not read.environments.entries:
        read.problems.finish()
    return read


def _environments(path: Path) -> Mapping[str, Entry]:
    """Return the environments that the root file has; where it has none, reading all of it says why."""
    return source.environments(path).entries or _read(path).environments.entries


def _load(read: Source, name: str, pins: Lock | None) -> Loaded:
    problems = Problems()
    for problem in read.problems.found:
        problems.add(problem.position, problem.message)
    selected = environment.select(read, name, problems)
    if pins is None:
        pins = _pins(read, selected, problems)
    manifest = _manifest(read, selected, pins, Reader(problems))
    _check_other_pins(manifest, problems)
    problems.finish()
    return Loaded(manifest, selected.tree, read, selected.item_texts)


def _pins(read: Source, selected: Selected, problems: Problems) -> Lock:
    if not KEY.fullmatch(selected.name):
        # Told already; such a name would lead to files elsewhere.
        return Lock()
    shard = read.placed(selected.name)
    path = lock.path_of(read.path, selected.name, shard.tenant if shard is not None else "")
    if shard is not None and not path.resolve().is_relative_to(read.path.parent.resolve()):
        problems.add(Position(str(path), 1), f"leads out of {read.path.parent}")
        return Lock()
    pins, wrong = _read_lock(read, path)
    for problem in wrong.found:
        problems.add(problem.position, problem.message)
    if pins.tenant_id and pins.tenant_id != selected.tenant_id:
        problems.add(selected.node.where("tenantId"), f"the lock file {path} is of tenant {pins.tenant_id}")
    return pins


def _read_lock(read: Source, path: Path) -> tuple[Lock, Problems]:
    if path not in read.locks:
        problems = Problems()
        read.locks[path] = lock.read(path, problems), problems
    return read.locks[path]


def _read_other_locks(read: Source, environment: str) -> dict[str, Lock]:
    """Return the lock files of other environments. What is wrong with one is an error where its environment
    is loaded.
    """
    names = [name for name in read.environments.entries if name != environment and KEY.fullmatch(name)]
    return {name: _read_lock(read, lock.path_of(read.path, name))[0] for name in names}


def _manifest(read: Source, selected: Selected, pins: Lock, reader: Reader) -> Manifest:
    names = Names(reader, pins)
    declared = reader.map(selected.tree.node("applications"), "applications")
    others = _read_other_locks(read, selected.name)
    directory = _applications(read, selected, declared, names=names, pins=pins, others=others, reader=reader)
    fields, removed = bind(selected.node, selected.name, ENVIRONMENT, reader), selected.tree.node("removed")
    shard = read.placed(selected.name)
    leaving = bind(removed, "removed", LEFT, reader)["applications"].entries
    reader.distinct((*declared.entries.values(), *leaving.values()), "an application")
    every = frozenset(read.environments.entries)
    places = sinks.read(fields["sinks"], read.path, reader)
    sinks.check(directory.own.values(), fields["sinks"], selected.name, reader)
    held = assignments.read(selected.tree.node("appRoleAssignments"), directory, names, read.project)
    return Manifest(
        project=read.project,
        environment=selected.name,
        tenant_id=selected.tenant_id,
        authority=authority.read(fields.node("authority"), reader),
        protected=fields["protected"] or False,
        deployers=_deployers(fields, shard, names),
        policy=policies.policy(fields["policy"], read.tree, directory, selected.excluded),
        applications=directory.own,
        enterprise_applications=directory.external,
        assignments=held.assignments,
        grants=grants.read(selected.tree.node("grants"), directory, names, read.project),
        listed=held.listed,
        unmanaged=held.unmanaged,
        removed=policies.removed(removed, selected.name, every, directory.own, reader),
        settings=target_reader.read(
            selected.tree.node("settings"), directory, selected.excluded, selected.tenant_id
        ),
        excluded=selected.excluded,
        pinned={key: pinned.app_id for key, pinned in pins.applications.items() if pinned.app_id},
        pinned_elsewhere=_pinned_elsewhere(read, selected, others),
        rejected=frozenset(pins.rejected),
        accepted={each.app_id: each.trusted for each in pins.applications.values() if each.app_id},
        rotated={each.app_id: dict(each.secrets) for each in pins.applications.values() if each.app_id},
        renamed={key: pinned.was for key, pinned in pins.applications.items() if pinned.was},
        acknowledged=policies.acknowledged(fields["acknowledged"], directory.own, reader),
        environments=len(every),
        ignores=read.ignores,
        sinks=places,
        path_restrictions=_patterns(read.path_restrictions),
        test_restrictions=_patterns(read.test_restrictions),
        root=str(read.path),
        fleet_tenant=shard.tenant if shard is not None else "",
        empty_lists=selected.empty_lists,
        own_domains=fleet_environment.own_domains(fields["ownDomains"], reader),
    )


def _pinned_elsewhere(read: Source, selected: Selected, others: Mapping[str, Lock]) -> dict[str, OtherPin]:
    """Return what the lock files of other environments of the same tenant pin, by appId."""
    return {
        pinned.app_id: OtherPin(name, key, str(lock.path_of(read.path, name)))
        for name, pins in others.items()
        if pins.tenant_id == selected.tenant_id
        for key, pinned in pins.applications.items()
        if pinned.app_id
    }


def _check_other_pins(manifest: Manifest, problems: Problems) -> None:
    """Note each application that another environment pins too: it belongs to one of them."""
    for app_id, key in manifest.keys_by_pin.items():
        other = manifest.pinned_elsewhere.get(app_id)
        if other is not None:
            declared = manifest.applications.get(key)
            place = declared.position if declared else None
            problems.add(
                place or Position(str(pins_path(manifest)), 1),
                f"`{key}` cannot be pinned to appId {app_id}, because {other} is pinned to it. An "
                f"application belongs to one environment. If it is `{key}` of {manifest.environment} now, "
                "remove the pin there first",
            )


def _deployers(fields: Bound, shard: Shard | None, names: Names) -> tuple[Named, ...] | None:
    """Return who applies here; `credential` is the client of the fleet, whose appId is one in all tenants."""
    declared = fields["deployers"]
    if "deployers" not in fields:
        return None
    if shard is not None and isinstance(declared, Scalar) and declared.value == CREDENTIAL:
        return (Named(shard.client_id, position=declared.position, by_app_id=True),)
    return names.listed(declared, "deployer", "deployers", ends=False)


def _applications(
    read: Source,
    selected: Selected,
    declared: Map,
    *,
    names: Names,
    pins: Lock,
    others: Mapping[str, Lock],
    reader: Reader,
) -> DeclaredApplications:
    """Return what is under `applications` and `enterpriseApplications`, each with what refers to others."""
    if len(read.environments.entries) > 1:
        _check_app_ids(read, reader)
    applications = Applications(read.path, selected.tenant_id, pins, names, reader)
    own = applications.read(declared)
    external = enterprise.external(
        selected.tree.node("enterpriseApplications"), declared, names, pins, reader
    )
    directory = DeclaredApplications(own, external, reader)
    directory = DeclaredApplications(applications.connect(declared, directory), external, reader)
    restriction_effects.check(
        restriction_effects.RestrictedEnvironment(read, selected.tree, pins, others, directory.own, external),
        reader.problems,
    )
    return directory


def _patterns(
    restrictions: Mapping[str, tuple[PathRestriction, ...]],
) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {file: tuple(each.patterns for each in several) for file, several in restrictions.items()}


def _check_app_ids(read: Source, reader: Reader) -> None:
    """Note an appId that every environment would share: it names one registration."""
    for key, entry in entries_at(read.tree, "applications").items():
        fields = entries_at(entry.node)
        alone = len(getattr(node_at(entry.node, "only"), "items", ())) == 1
        if "appId" in fields and not alone:
            message = (
                f"`appId` of `{key}` would be the same in every environment: write it in `overrides` or "
                "the lock file"
            )
            reader.problems.add(fields["appId"].position, message)
