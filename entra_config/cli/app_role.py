"""`entra-config app-role …`: the change of a pull request, made in the YAML in place, with what a plan
makes of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import completing, formats, wiring
from entra_config.cli import plan as planning
from entra_config.cli.options import Common, OfflineCommand, OnlineCommand
from entra_config.errors import UsageError
from entra_config.manifest.parts import AppRole, MemberType
from entra_config.report import escape
from entra_config.report.lines import Line, diffed, line, padded

if TYPE_CHECKING:
    from datetime import date

    from entra_config.manifest.editing.editor import Edit, Scope
    from entra_config.manifest.model import Manifest

app = typer.Typer(
    help="Add, rename, remove, assign and list app roles in the manifest.", no_args_is_help=True
)

Role = Annotated[
    str,
    typer.Argument(
        metavar="APP/ROLE",
        autocompletion=completing.roles,
        help="The application's key and the role's label, such as api/Admin.",
    ),
]
Users = Annotated[list[str] | None, typer.Option("--user", metavar="UPN", help="A user.")]
Groups = Annotated[list[str] | None, typer.Option("--group", metavar="NAME", help="A group.")]
Applications = Annotated[
    list[str] | None,
    typer.Option(
        "--application", metavar="NAME", help="An application of others; ours ask by `apiPermissions`."
    ),
]
Members = Annotated[
    Literal["User", "Application", "both"],
    typer.Option("--for", help="Whom it may be given to: users and groups, applications."),
]
_MEMBERS: dict[str, tuple[MemberType, ...]] = {
    "User": ("User",),
    "Application": ("Application",),
    "both": ("User", "Application"),
}
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")]
Planned = Annotated[
    bool | None,
    typer.Option(
        "--plan/--no-plan",
        help="Show what a plan makes of it; default: where a cloud or a credential is named.",
    ),
]
All = Annotated[
    bool, typer.Option("--all", help="Edit the entry with `each`, for all applications that it makes.")
]
OnlyHere = Annotated[
    bool, typer.Option("--only-here", help="Edit the application's own entry, not the one with `each`.")
]
KeepValue = Annotated[bool, typer.Option("--keep-value", help="Tokens go on carrying the old name.")]


@app.command(cls=OnlineCommand)
def add(
    context: typer.Context,
    *,
    role: Role,
    description: Annotated[str, typer.Option("--description", help="What it allows.")],
    display_name: Annotated[str | None, typer.Option("--display-name", help="Default: the label.")] = None,
    members: Members = "User",
    every: All = False,
    only_here: OnlyHere = False,
    test: Annotated[bool, typer.Option("--test/--no-test", help="Write its first access test too.")] = True,
    dry_run: DryRun = False,
    plan: Planned = None,
) -> int:
    """Add a role to an application, with its first access test."""
    from entra_config.manifest.editing import edit

    common = Common.of(context)
    application, label = _split(role)
    kinds = _MEMBERS[members]
    made = edit.add(
        common.manifest,
        application,
        label,
        description=description,
        display_name=display_name,
        members=kinds,
        scope=_scope(every=every, only_here=only_here),
    )
    if test:
        made = _tested(common, made, application, label)
    return finish(common, made, dry_run=dry_run, plan=plan)


@app.command(cls=OnlineCommand)
def rename(
    context: typer.Context,
    *,
    role: Role,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new label.")],
    keep_value: KeepValue = False,
    every: All = False,
    dry_run: DryRun = False,
    plan: Planned = None,
) -> int:
    """Rename a role wherever it stands; its assignments stay."""
    from entra_config.manifest.editing import edit

    common = Common.of(context)
    application, label = _split(role)
    return finish(
        common,
        edit.rename(
            common.manifest, application, label, new, keep_value=keep_value, scope="all" if every else ""
        ),
        dry_run=dry_run,
        plan=plan,
    )


@app.command(cls=OnlineCommand)
def remove(
    context: typer.Context,
    *,
    role: Role,
    every: All = False,
    dry_run: DryRun = False,
    plan: Planned = None,
) -> int:
    """Remove a role, with who holds it and what asks for it."""
    from entra_config.manifest.editing import edit

    common = Common.of(context)
    application, label = _split(role)
    made = edit.remove(common.manifest, application, label, scope="all" if every else "")
    return finish(common, made, dry_run=dry_run, plan=plan)


@app.command(cls=OnlineCommand)
def assign(
    context: typer.Context,
    *,
    role: Role,
    user: Users = None,
    group: Groups = None,
    application: Applications = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Its last day, such as 2027-01-31.")
    ] = None,
    every: All = False,
    only_here: OnlyHere = False,
    dry_run: DryRun = False,
    plan: Planned = None,
) -> int:
    """Give a role to users, groups and applications of others: everywhere, or with -e in one environment."""
    from entra_config.manifest.editing import edit

    common = Common.of(context)
    key, label = _split(role)
    users, groups, others = _somebody(user, group, application)
    where = common.environment
    made = edit.assign(
        common.manifest,
        key,
        label,
        users=users,
        groups=groups,
        applications=others,
        environment=where,
        until=_day(until) if until is not None else None,
        scope=_scope(every=every, only_here=only_here),
    )
    return finish(common, made, dry_run=dry_run, plan=plan)


@app.command(cls=OnlineCommand)
def unassign(
    context: typer.Context,
    *,
    role: Role,
    user: Users = None,
    group: Groups = None,
    application: Applications = None,
    every: All = False,
    only_here: OnlyHere = False,
    dry_run: DryRun = False,
    plan: Planned = None,
) -> int:
    """Take a role from users, groups and applications of others: everywhere, or with -e in one
    environment.
    """
    from entra_config.manifest.editing import edit

    common = Common.of(context)
    key, label = _split(role)
    users, groups, others = _somebody(user, group, application)
    where = common.environment
    made = edit.unassign(
        common.manifest,
        key,
        label,
        users=users,
        groups=groups,
        applications=others,
        environment=where,
        scope=_scope(every=every, only_here=only_here),
    )
    return finish(common, made, dry_run=dry_run, plan=plan)


@app.command("list", cls=OfflineCommand)
def list_command(
    context: typer.Context,
    *,
    form: formats.ShortFormat = "text",
) -> int:
    """List the roles of an environment and who has them, as the manifest says."""
    common = Common.of(context)
    manifest = wiring.manifest(common)
    rows = [
        _describe(manifest, key, role)
        for key, application in manifest.applications.items()
        for role in application.app_roles.values()
    ]
    report = formats.ShortReport(
        lambda: {"version": 1, "kind": "appRoles", "roles": rows}, lambda: map(_row, rows)
    )
    formats.write(common.output, formats.SHORT, form, report)
    return 0


def _scope(*, every: bool, only_here: bool) -> Scope:
    if every and only_here:
        raise UsageError("--all and --only-here exclude each other")
    return "all" if every else "here" if only_here else ""


def _day(text: str) -> date:
    from entra_config.manifest.until import DayError, parse

    try:
        return parse(text)
    except DayError as error:
        raise UsageError(f"--until {text}: expected {error}") from error


def _describe(manifest: Manifest, application: str, role: AppRole) -> dict[str, object]:
    """Return a role with the people and applications that have it, and those that request it."""
    held = manifest.assignments.get((application, role.label))
    permissions = {
        key: permission
        for key, client in manifest.applications.items()
        if (permission := client.api_permissions.get(application)) is not None
    }
    clients = [key for key, each in permissions.items() if role.label in (each.application_consent or ())]
    asking = [key for key, each in permissions.items() if role.label in each.application]
    return {
        "application": application,
        "role": role.label,
        "value": role.value,
        "for": list(role.allowed_member_types),
        "groups": [named.name for named in held.groups] if held else [],
        "users": [named.name for named in held.users] if held else [],
        "applications": [*(named.name for named in (held.applications if held else ())), *clients],
        "requestedBy": [key for key in asking if key not in clients],
    }


def _tested(common: Common, made: Edit, application: str, label: str) -> Edit:
    """Return a new role with its first access test beside it, or with the reason why there is none."""
    from entra_config.testing import first

    found = first.of_role(common.manifest, application, label, made.after)
    if found.note:
        return replace(made, notes=(*made.notes, found.note))
    return made.joined({found.path: ""}, {found.path: found.text})


def _row(row: dict[str, object]) -> Line:
    holders = [f"group {name}" for name in _texts(row["groups"])] + _texts(row["users"])
    holders += [f"application {name}" for name in _texts(row["applications"])]
    holders += [f"requested by {name}" for name in _texts(row["requestedBy"])]
    name = padded(escape.text(f"{row['application']}/{row['role']}"), 24)
    return line((name, "bold"), escape.text(", ".join(holders) or "nobody"))


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _split(role: str) -> tuple[str, str]:
    application, found, label = role.partition("/")
    if not found or not application or not label:
        raise UsageError(f"{role}: expected APP/ROLE, such as api/Admin")
    return application, label


def _somebody(
    user: list[str] | None, group: list[str] | None, application: list[str] | None
) -> tuple[list[str], list[str], list[str]]:
    if not (user or group or application):
        raise UsageError("name somebody: --user UPN, --group NAME or --application NAME")
    return user or [], group or [], application or []


def finish(common: Common, made: Edit, *, dry_run: bool, plan: bool | None) -> int:
    """Show the change, say what it breaks, write it, and show what a plan makes of it."""
    common.output.lines([diffed(each) for each in made.diff.splitlines()])
    for note in made.notes:
        common.output.say(f"note: {note}", "yellow")
    if made.breaking:
        common.output.say(
            "this is breaking: tokens carry the value of a role, and applications ask for it", "yellow"
        )
    if not dry_run:
        made.write()
        common.output.say(f"written: {', '.join(map(str, sorted(made.after)))}")
    return planning.show_edited(common, made.after, wanted=plan)
