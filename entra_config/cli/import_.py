"""`entra-config import`: registrations that exist become a manifest whose first plan adds ownership tags and
nothing else.
"""

from __future__ import annotations

import dataclasses
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, OnlineCommand
from entra_config.errors import ManifestError, Problem, UsageError

if TYPE_CHECKING:
    from entra_config.importing.grouping import Group
    from entra_config.importing.manifest import ImportTarget, Written
    from entra_config.importing.tenant import Export, WantedRegistrations
    from entra_config.importing.terraform.state import Instance
    from entra_config.importing.undeclarable import Part
    from entra_config.plan.model import Plan


app = typer.Typer()


@app.command(cls=OnlineCommand)
def command(
    context: typer.Context,
    *,
    app_id: Annotated[
        list[str] | None, typer.Option("--app-id", metavar="ID", help="The registration with this client id.")
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="The registration with this display name."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every registration that nobody manages yet.")
    ] = False,
    terraform_state: Annotated[
        Path | None,
        typer.Option(
            "--terraform-state",
            metavar="FILE",
            help="The registrations of a Terraform state or of `terraform show -json`; `-` is stdin.",
        ),
    ] = None,
    project: Annotated[
        str, typer.Option("--project", metavar="NAME", help="The project that will own them.")
    ] = "imported",
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="The new folder to write.")] = Path(
        "manifests"
    ),
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Apply the manifest to an empty emulator in this process, and compare every property.",
        ),
    ] = False,
    group: Annotated[
        bool,
        typer.Option(
            "--group", help="Write applications that differ in a few texts alone as one entry with `each`."
        ),
    ] = False,
) -> int:
    """Write a manifest of registrations that exist; its first plan only adds ownership tags."""
    from entra_config.importing import manifest
    from entra_config.importing.tenant import WantedRegistrations

    common = Common.of(context)
    wanted = WantedRegistrations(tuple(app_id or ()), tuple(name or ()), everything)
    chosen = bool(wanted.app_ids or wanted.names)
    if everything + (chosen or terraform_state is not None) != 1:
        raise UsageError(
            "say what to import: --app-id ID, --name NAME (each as often as needed), "
            "--terraform-state FILE, or --all"
        )
    _check_empty(output)
    environment = common.environment or "prod"
    state = None if terraform_state is None else _read_state(terraform_state)
    if check:
        from entra_config import extras

        extras.require("emulator")
    export, written, plan = wiring.run(make(common, wanted, project, environment, state, group=group))
    manifest.put(output, written.files)
    _summarize(common, output, written, plan)
    return _compare(common, output, export, written, environment) if check else 0


def _check_empty(output: Path) -> None:
    from entra_config.manifest.environments.source import ROOT_NAME

    if not output.exists() or not any(output.iterdir()):
        return
    if (output / ROOT_NAME).exists():
        advice = "import into a new folder with --output, then move what you want to keep"
    else:
        # The root file is written last.
        advice = (
            f"it has no {ROOT_NAME}, so an import may have been interrupted. Delete the folder and import "
            "again, or import into a new folder with --output"
        )
    raise UsageError(f"{output} is not empty: {advice}")


def _read_state(path: Path) -> list[Instance]:
    from entra_config.importing.terraform import state

    if str(path) == "-":
        return state.read(sys.stdin.buffer, "standard input")
    with path.open("rb") as stream:
        return state.read(stream, str(path))


async def make(
    common: Common,
    wanted: WantedRegistrations,
    project: str,
    environment: str,
    state: Sequence[Instance] | None = None,
    *,
    group: bool = False,
) -> tuple[Export, Written, Plan]:
    """Read the tenant, write the manifest, and plan it against the same tenant."""
    from entra_config import reconcile
    from entra_config.importing import tenant
    from entra_config.importing.manifest import ImportTarget
    from entra_config.importing.terraform import claims, transfer
    from entra_config.manifest import loader

    async with wiring.graph(common) as graph:
        claimed = None if state is None else await claims.confirm(graph, state, wanted)
        wanted = wanted if claimed is None else claimed.wanted
        export = await tenant.read(graph, wanted, signed_in=graph.identity.app_id)
        if state is not None and claimed is not None:
            export = claimed.name(export)
            for warning in claims.warnings(claimed, state, export):
                common.output.say(warning, "yellow")
        if not export.registrations:
            taken = (
                f" (already tagged as managed by a project: {', '.join(export.managed)})"
                if export.managed
                else ""
            )
            raise UsageError(f"nothing to import{taken}")
        with TemporaryDirectory(prefix="entra-config-import-") as folder:
            target = ImportTarget(project, environment, graph.tenant_id, common.cloud)
            written = loadable(export, target, Path(folder), group=group)
            manifest = loader.load(Path(folder), environment)
            plan = await reconcile.plan(manifest, graph, now=wiring.now())
    if state is not None:
        parts = claims.belonging(state, export, written.keys)
        files = {**written.files, transfer.FILE: transfer.write(state, parts, written.keys)}
        written = dataclasses.replace(written, files=files)
    for taken in export.managed:
        common.output.say(f"skipped: {taken}, because it is already tagged as managed by a project")
    return export, written, plan


def _compare(common: Common, output: Path, export: Export, written: Written, environment: str) -> int:
    """Report whether an emulator that applies the manifest has all that import read."""
    from entra_config.importing import tenant
    from entra_config.manifest import loader
    from entra_config.report.lines import counted
    from entra_config.testing import reimport

    gone = {str(each.application["appId"]) for each in export.registrations} - written.keys.keys()
    manifest = loader.load(output, environment)
    found = wiring.run(reimport.compare(tenant.without(export, gone), written, manifest, wiring.now()))
    for reason in found.skipped:
        common.output.say(f"not compared: {reason}", "yellow")
    for place in found.different:
        common.output.say(f"differs after a new creation: {place}", "red")
    equal = counted(found.equal, "property", "properties")
    numbers = [
        f"{equal} of {counted(found.applications, 'application')} equal",
        f"{found.not_carried} cannot be carried",
    ]
    if found.different:
        numbers.insert(1, f"{len(found.different)} differ")
    common.output.say(f"checked on an emulator: {', '.join(numbers)}")
    return 1 if found.different else 0


def loadable(export: Export, target: ImportTarget, folder: Path, *, group: bool = False) -> Written:
    """Write files that load; `group` writes applications that are alike as one entry.

    A registration that its type refuses gets the type that refuses nothing. What even that type refuses is
    not declared, part by part. A registration that cannot do without such a part is skipped. All of it is
    listed with the reason.
    """
    from entra_config.importing import manifest, tenant
    from entra_config.importing.undeclarable import ASSIGNMENTS

    plain: set[str] = set()
    undeclared: dict[str, dict[Part, str]] = {}
    left_out: dict[str, str] = {}
    while True:
        written = manifest.write(export, target, plain=plain, undeclared=undeclared)
        refused = _refused(written, target, folder)
        if not refused:
            written = dataclasses.replace(written, left_out=left_out)
            return _group(written, folder, target.environment) if group else written
        gone = set()
        for app_id, problems in refused.items():
            known = undeclared.setdefault(app_id, {})
            if ASSIGNMENTS not in problems and app_id not in plain:
                plain.add(app_id)
            elif problems.keys() & {(), *known}:
                gone.add(app_id)
            else:
                known.update(problems)
                plain.discard(app_id)
        for app in [each.application for each in export.registrations if each.application["appId"] in gone]:
            left_out[f"{app['displayName']} ({app['appId']})"] = "; ".join(refused[app["appId"]].values())
        export = tenant.without(export, gone) if gone else export
        if not export.registrations:
            reasons = "; ".join(f"{name}: {why}" for name, why in left_out.items())
            raise UsageError(f"nothing to import that a manifest can declare: {reasons}")


def _refused(written: Written, target: ImportTarget, folder: Path) -> dict[str, dict[Part, str]]:
    """Return what the loader refuses: by appId, the part that is refused and why."""
    from entra_config.importing.undeclarable import ASSIGNMENTS, removable
    from entra_config.manifest import loader
    from entra_config.manifest.reading.yaml import keys_at

    _put_again(folder, written)
    app_ids = {key: app_id for app_id, key in written.keys.items()}
    applications: dict[str, dict[Part, str]] = {}
    assignments: dict[str, dict[Part, str]] = {}
    others: list[Problem] = []
    try:
        _read_all(folder, written)
        loader.load(folder, target.environment)
    except ManifestError as error:
        for problem in error.problems:
            file = problem.position and Path(problem.position.file)
            text = file.read_text(encoding="utf-8") if file and file.is_file() else ""
            section, key, *below = (*keys_at(text, problem.position.line if problem.position else 0), "", "")
            if key not in app_ids or section not in {"applications", *ASSIGNMENTS}:
                others.append(problem)
                continue
            inside = (section,) != ASSIGNMENTS
            part = removable(tuple(filter(None, below))) if inside else ASSIGNMENTS
            reasons = (applications if inside else assignments).setdefault(app_ids[key], {})
            reasons[part] = f"{reasons[part]}; {problem.message}" if part in reasons else problem.message
    if others and not applications and not assignments:
        raise ManifestError(others)
    # Who holds a role may be refused only because of what the application's own file declares.
    return applications or assignments


def _group(written: Written, folder: Path, environment: str) -> Written:
    """Write applications that are alike as one entry. What cannot be grouped stays in separate files."""
    from entra_config.importing import grouping, manifest

    not_grouped: list[str] = []
    try:
        separate = _read_applications(folder, environment)
        groups = {each.key: each for each in grouping.find(written.entries, written.comments)}
        while groups:
            grouped = manifest.group(written, groups.values())
            reasons = _find_faults(groups, grouped, folder, environment, separate)
            if not reasons:
                return dataclasses.replace(grouped, not_grouped=tuple(not_grouped))
            for key, reason in reasons.items():
                not_grouped.append(f"{len(groups.pop(key).keys)} applications `{key}`, because {reason}")
    except Exception as error:  # noqa: BLE001  # the files without groups are a complete import
        not_grouped.append(f"all applications, because grouping failed: {type(error).__name__}")
    _put_again(folder, written)
    return dataclasses.replace(written, not_grouped=tuple(not_grouped))


def _put_again(folder: Path, written: Written) -> None:
    from entra_config.importing import manifest

    shutil.rmtree(folder / "applications", ignore_errors=True)
    manifest.put(folder, written.files)


def _find_faults(
    groups: Mapping[str, Group],
    grouped: Written,
    folder: Path,
    environment: str,
    separate: Mapping[str, object],
) -> dict[str, str]:
    """Return the groups that do not load to the same applications, by key, with the reason."""
    _put_again(folder, grouped)
    try:
        _read_all(folder, grouped)
        loaded = _read_applications(folder, environment)
    except ManifestError as error:
        reasons: dict[str, str] = {}
        for problem in error.problems:
            file = Path(problem.position.file).stem if problem.position else ""
            reasons |= {key: problem.message for key, group in groups.items() if group.file == file}
        return reasons or dict.fromkeys(groups, error.problems[0].message)
    changed = {key for key in separate.keys() | loaded.keys() if separate.get(key) != loaded.get(key)}
    reason = "as one entry they would be other applications"
    return {key: reason for key, group in groups.items() if changed & {*group.keys}} or dict.fromkeys(
        groups if changed else (), reason
    )


def _read_applications(folder: Path, environment: str) -> dict[str, object]:
    """Return what the applications of a manifest are, as plain data."""
    from entra_config.manifest import loader
    from entra_config.manifest.environments import source
    from entra_config.manifest.reading.node import to_data

    tree = to_data(loader.load_one(source.read(folder), environment).tree)
    applications: dict[str, object] = tree["applications"]
    return applications


def _read_all(folder: Path, written: Written) -> None:
    """Refuse the files that cannot be read at all, before anything refuses what refers to their entries."""
    from entra_config.manifest.reading import yaml
    from entra_config.manifest.reading.problems import Problems

    problems = Problems()
    for name, content in written.files.items():
        if isinstance(content, str):
            try:
                yaml.read(content, str(folder / name))
            except ManifestError as error:
                problems.extend(error)
    problems.finish()


def _not_carried(applications: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Yield a line for each property that a manifest cannot carry: of how many applications, and why."""
    from entra_config.report.lines import counted

    found = Counter(item for lost in applications for item in lost.items())
    for (name, reason), number in sorted(found.items()):
        yield f"{name} of {counted(number, 'application')}: {reason}"


def _summarize(common: Common, output: Path, written: Written, plan: Plan) -> None:
    from entra_config.importing.terraform import transfer
    from entra_config.plan.model import Update
    from entra_config.report.lines import counted

    registrations, files = counted(len(written.keys), "registration"), counted(len(written.files), "file")
    common.output.say(f"written: {output}, {registrations} in {files}")
    for path, number in written.groups.items():
        common.output.say(f"grouped: {number} applications are one entry with `each` in {output / path}")
    for what in written.not_grouped:
        common.output.say(f"not grouped: {what}. They are in separate files", "yellow")
    for name, why in written.left_out.items():
        common.output.say(f"skipped: {name}, because a manifest cannot declare it: {why}", "yellow")
    for key, left in written.left_alone.items():
        for each in left:
            common.output.say(f"left alone: {key} has {each}", "yellow")
    for line in _not_carried(written.not_carried.values()):
        common.output.say(f"not carried: {line}", "yellow")
    others = [
        change
        for change in plan.changes
        if not isinstance(change, Update) or any(field.path != "tags" for field in change.fields)
    ]
    plain = output.as_posix() == "manifests"
    command = "`entra-config plan" + ("" if plain else f" -f {shlex.quote(str(output))}") + "`"
    if others:
        summary = (
            f"the first plan would do more than add ownership tags ({len(others)} changes): "
            f"look at it with {command}"
        )
        common.output.say(summary, "yellow")
    else:
        common.output.say(f"the first plan only adds ownership tags: look at it with {command}")
    for refusal in plan.refusals:
        common.output.say(f"the first plan is refused: {refusal.message}", "yellow")
    if transfer.FILE in written.files:
        common.output.say(
            f"after the first apply, add {output / transfer.FILE} to Terraform's configuration: "
            "it says how Terraform gives up these resources"
        )
