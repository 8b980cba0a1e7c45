"""Path of a fleet's file in, a Fleet out, or one error with everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from entra_config.errors import ManifestError
from entra_config.manifest.environments import files, fleet_environment, source
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.fleet_records import (
    CREDENTIAL,
    FLEET,
    FLEET_LIMITS,
    LAYER,
    PROJECT,
    TENANT,
    TENANTS,
    WAVE,
)
from entra_config.manifest.reading.node import Entry, Map, Node
from entra_config.manifest.reading.problems import Problems, near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.tenants import restricted
from entra_config.manifest.tenants.model import (
    SHARES,
    Fleet,
    FleetCredential,
    FleetLayer,
    FleetLimits,
    FleetProject,
    FleetTenant,
    Wave,
)

ROOT_NAME = "fleet.yaml"
ROOT_ONLY = tuple(key for key in FLEET.keys if key != TENANTS)
_KEPT: dict[Path, Fleet] = {}


def keep(path: Path) -> None:
    """Read a fleet once for this process and what it forks: a thousand tenants are read in 0.2 s, and each of
    their shards would.
    """
    _KEPT[path.absolute()] = read(path)


def read(path: Path) -> Fleet:
    """Read a fleet's file and every file that it names, unless this process keeps it."""
    if (kept := _KEPT.get(path.absolute())) is not None:
        return kept
    problems = Problems()
    reader = Reader(problems)
    root = _document(path, reader)
    tree, restrictions = _merged(root, path, reader)
    projects = _projects(tree, path, reader)
    layers = (
        _layer(bind(node, f"layer {number}", LAYER, reader), f"layer {number}", projects, reader)
        for number, node in enumerate(reader.items(tree.node("layers"), "layers"), 1)
    )
    fleet = Fleet(
        path,
        projects,
        _tenants(tree, projects, reader),
        tuple(layers),
        _credential(tree.node("credential"), reader),
        _waves(tree, reader),
        _limits(tree.node("limits"), reader),
        frozenset(str(file) for file, patterns in restrictions.items() if patterns),
        restrictions,
    )
    _check_tenants(fleet, problems)
    problems.finish()
    return fleet


def _document(path: Path, reader: Reader) -> Map:
    root = source.document(path, reader.problems, {}, holds=", ".join(FLEET.keys), absent="")
    if not root.entries:
        reader.problems.finish()
    reader.only(root, FLEET.keys, FLEET.noun)
    for key in ("projects", *(() if "files" in root.entries else (TENANTS,))):
        if key not in root.entries:
            reader.problems.add(root.position, f"`{key}` is missing: {FLEET.field(key).description}")
    return root


def _merged(root: Map, path: Path, reader: Reader) -> tuple[Map, Mapping[Path, tuple[tuple[str, ...], ...]]]:
    """Return all files as one tree, and the patterns of each one's restrictions."""
    tree, restrictions = root, {}
    for file, several in files.named(root, path, reader).items():
        document = source.document(file, reader.problems, {}, holds=TENANTS)
        for key, entry in document.entries.items():
            if key != TENANTS:
                stands = (
                    f"`{key}` stands only in {path.name}"
                    if key in ROOT_ONLY
                    else f"`{key}` is not a key of it"
                )
                reader.problems.add(entry.position, f"{stands}: this file holds `{TENANTS}`")
        for each in several:
            restricted.named(each, file).check(document, reader.problems)
        if several:
            restricted.check(document, reader.problems)
        restrictions[file] = tuple(each.patterns for each in several)
        tree = source.merge(tree, document.without(*ROOT_ONLY), reader.problems)
    return tree, restrictions


def _projects(tree: Map, path: Path, reader: Reader) -> Mapping[str, FleetProject]:
    declared = reader.map(tree.node("projects"), "projects")
    reader.distinct(declared.entries.values(), "a project")
    found = {
        reader.name(entry, "a project"): _project(entry, path, declared, reader)
        for entry in declared.entries.values()
    }
    _check_order(found, declared, reader.problems)
    return found


def _project(entry: Entry, path: Path, declared: Map, reader: Reader) -> FleetProject:
    fields = bind(entry.node, entry.key, PROJECT, reader, needed_by=f"project `{entry.key}`")
    named, environment = fields["manifest"], fields["environment"] or ""
    for each in fields["before"]:
        if each not in declared.entries:
            message = f"`before`: `{each}` is not a project.{near(each, declared.entries)}"
            reader.problems.add(fields.where("before"), message)
    root = source.locate(path.parent / named) if named else path
    owner = _owner(root, path, environment, fields, reader.problems) if named and environment else ""
    return FleetProject(entry.key, root, environment, owner, fields["before"])


def _owner(root: Path, path: Path, environment: str, fields: Bound, problems: Problems) -> str:
    """Return the owner's mark of a project; note a manifest that is elsewhere or not there, and an
    environment that is none of the fleet's.
    """
    where = fields.where("manifest")
    inside = path.parent.resolve()
    if not root.resolve().is_relative_to(inside):
        problems.add(where, f"`{root}` leads out of {path.parent}")
        return ""
    try:
        read = source.read(root)
    except ManifestError as error:
        problems.extend(error)
        return ""
    declared = read.environments
    entry = declared.entries.get(environment)
    if entry is None:
        message = f"`{environment}` is not an environment of {root}.{near(environment, declared.entries)}"
        problems.add(fields.where("environment"), message)
    elif not fleet_environment.is_of_fleet(entry.node):
        message = f"environment `{environment}` is of no fleet: it lacks `fleet: true` at {entry.position}"
        problems.add(fields.where("environment"), message)
    return f"{read.project}/{environment}"


def _check_order(projects: Mapping[str, FleetProject], declared: Map, problems: Problems) -> None:
    """Note each project that, by `before`, comes before itself."""
    for key in projects:
        seen: set[str] = set()
        ahead = [key]
        while ahead:
            following = projects.get(ahead.pop())
            for each in following.before if following is not None else ():
                if each == key:
                    problems.add(declared.where(key), f"`{key}` comes before itself, by `before`")
                    ahead = []
                    break
                if each not in seen:
                    seen.add(each)
                    ahead.append(each)


def _credential(node: Node | None, reader: Reader) -> FleetCredential | None:
    if node is None:
        return None
    fields = bind(node, "credential", CREDENTIAL, reader, needed_by=CREDENTIAL.noun)
    return FleetCredential(fields["kind"] or "", fields["clientId"] or "")


def _layer(fields: Bound, name: str, projects: Mapping[str, FleetProject], reader: Reader) -> FleetLayer:
    """Read what a layer and a tenant say alike; what of it an environment would refuse is told there."""
    overrides = {}
    for key, entry in fields["overrides"].entries.items():
        if key not in projects:
            reader.problems.add(entry.position, f"`{key}` is not a project.{near(key, projects)}")
        overrides[key] = reader.map(entry.node, key)
    credential = _credential(fields["credential"], reader)
    return FleetLayer(name, frozenset(fields["tags"]), fields["variables"], overrides, credential)


def _tenants(tree: Map, projects: Mapping[str, FleetProject], reader: Reader) -> Mapping[str, FleetTenant]:
    declared = reader.map(tree.node(TENANTS), TENANTS)
    reader.distinct(declared.entries.values(), "a tenant")
    found = {}
    for entry in declared.entries.values():
        key = reader.name(entry, "a tenant")
        fields = bind(entry.node, key, TENANT, reader, needed_by=f"tenant `{key}`")
        if "projects" not in fields:
            reader.problems.add(entry.position, f"`projects` of tenant `{key}` is missing: those it has")
        for each in fields["projects"]:
            if each not in projects:
                where = fields.where("projects")
                reader.problems.add(where, f"`{each}` is not a project.{near(each, projects)}")
        own = _layer(fields, f"tenant {key}", projects, reader)
        tenant_id = fields["tenantId"] or ""
        found[key] = FleetTenant(key, tenant_id, own.tags, fields["projects"], own, entry.position)
    return found


def _waves(tree: Map, reader: Reader) -> tuple[Wave, ...]:
    if "waves" not in tree.entries:
        return (Wave(),)
    found = []
    items = reader.items(tree.node("waves"), "waves")
    for item in items:
        wave = bind(item, "a wave", WAVE, reader)
        if len(wave.map.entries) != 1 or not any(wave.values.values()):
            reader.problems.add(item.position, "a wave is one of `tags: […]`, `percent: 10`, `rest: true`")
        elif bool(wave["rest"]) != (item is items[-1]):
            reader.problems.add(item.position, "the last wave, and no other, is `rest: true`")
        found.append(Wave(frozenset(wave["tags"]), wave["percent"] or 0))
    if not items:
        reader.problems.add(tree.where("waves"), "`waves` is empty: the last one is `rest: true`")
    if sum(wave.percent for wave in found) > 100:
        reader.problems.add(tree.where("waves"), "`percent` of all waves is more than 100")
    return tuple(found) or (Wave(),)


def _limits(node: Node | None, reader: Reader) -> FleetLimits:
    fields = bind(node, "limits", FLEET_LIMITS, reader)
    share = fields["failedTenants"]
    if share is None:
        return fields.make(FleetLimits)
    if not (FLEET_LIMITS.field("failedTenants").match(share) and float(share.rstrip("%")) <= 100):
        where = fields.map.entries["failedTenants"].node
        reader.expected(where, "failedTenants", "a share such as 2% or 0.5%")
        return FleetLimits()
    return fields.make(FleetLimits, failed_tenants=round(float(share.rstrip("%")) * SHARES / 100))


def _check_tenants(fleet: Fleet, problems: Problems) -> None:
    """Note a project that is twice in one tenant, by its id, and a tenant that nobody signs in to."""
    first: dict[tuple[str, str], tuple[FleetTenant, str]] = {}
    for tenant in fleet.tenants.values():
        if fleet.credential_of(tenant) is None:
            problems.add(tenant.position, f"nobody signs in to `{tenant.key}`: the fleet has no `credential`")
        for project in filter(None, map(fleet.projects.get, tenant.projects)):
            if not (tenant.tenant_id and project.owner):
                continue
            other, key = first.setdefault((tenant.tenant_id, project.owner), (tenant, project.key))
            if (other, key) != (tenant, project.key):
                message = f"{project.owner} is in tenant {tenant.tenant_id} twice: `{other.key}/{key}` at"
                ends = f"{other.position}, and `{tenant.key}/{project.key}`"
                problems.add(tenant.position, f"{message} {ends}")
