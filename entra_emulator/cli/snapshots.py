"""`snapshot save`, `restore`, `export` and `diff`: tenants as they were, by name and in files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from entra_emulator.cli.output import escape, fail
from entra_emulator.cli.running import DEFAULT_STATE, State, call, running_on
from entra_emulator.program import program_name

if TYPE_CHECKING:
    from entra_emulator.directory import Tenants
    from entra_emulator.snapshots.bounds import SnapshotFileError
    from entra_emulator.snapshots.compare import DirectoryDifference

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_LONGEST = 60


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; an older one is replaced.")],
    state: State = DEFAULT_STATE,
    name: Annotated[
        str, typer.Option("--name", help="A saved snapshot, instead of the current state.")
    ] = "now",
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="Write the keys that sign tokens too. Keep the file secret."),
    ] = False,
) -> None:
    """Write the tenants to a file, for `{group} start --snapshot FILE` here or on another machine.

    It has hashes of client secrets, and no key without --with-keys.
    """
    from entra_emulator.snapshots import files, folder

    if file.is_dir():
        fail(f"{file} is a folder: name a file in it")
    directory = _kept(name, state)
    try:
        files.write(file, directory, folder.keys(state) if with_keys else None)
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    typer.echo(f"Wrote {file}{', with the keys that sign tokens' if with_keys else ''}.", err=True)


def save(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name; an older one of this name is replaced.")],
    state: State = DEFAULT_STATE,
) -> None:
    """Save the tenants under a name, for as long as the emulator runs."""
    call(running_on(state), state, "/_emulator/snapshots", {"save": name})
    typer.echo(f"To restore this state:\n  {program_name()} snapshot restore {name}", err=True)


def restore(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A saved snapshot, or beginning.")],
    state: State = DEFAULT_STATE,
) -> None:
    """Restore the tenants of a snapshot; the clock goes on."""
    call(running_on(state), state, "/_emulator/snapshots", {"restore": name})
    typer.echo(f"Restored {name}.", err=True)


def diff(
    since: Annotated[
        str, typer.Argument(metavar="A", help="A snapshot file, a saved snapshot's name, or beginning.")
    ],
    until: Annotated[str, typer.Argument(metavar="B", help="The same; default: the current state.")] = "now",
    state: State = DEFAULT_STATE,
) -> None:
    """Show what differs between two snapshots; exit code 2 if something does."""
    from entra_emulator.snapshots.compare import differences

    old, new = _either(since, state), _either(until, state)
    found = differences(old, new)
    names = {each.tenant_id: each.display_name for each in (*old.tenants.values(), *new.tenants.values())}
    last = ""
    for each in found:
        if each.tenant != last:
            typer.echo(f"{escape(names[each.tenant])} ({each.tenant})")
            last = each.tenant
        typer.echo(f"  {_line(each)}")
    if found:
        raise typer.Exit(2)
    typer.echo("Nothing differs.", err=True)


COMMANDS = (save, restore, export)
ABOUT = "Save and restore all tenants, by name or in a file."


class SnapshotCommands(TyperGroup):
    """The commands of `snapshot`, which was a command before: a file after it is told what to run."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command; the name of a file is an error that says how to write one."""
        if args[0] not in self.commands and (Path(args[0]).suffix == ".json" or "/" in args[0]):
            ctx.fail(f"To write a snapshot to a file, run `{program_name()} snapshot export {args[0]}`.")
        return super().resolve_command(ctx, args)


def begin_with(state: Path, path: Path) -> None:
    """Put the tenants of a file into a state folder that no emulator runs on."""
    from entra_emulator.snapshots import files, folder
    from entra_emulator.snapshots.bounds import SnapshotFileError
    from entra_emulator.state import runs

    if runs.find_run(state) is not None:
        fail(f"an emulator runs on {state}: `{program_name()} stop` first, or give another --state")
    try:
        folder.begin_with(state, files.read_snapshot(path))
    except SnapshotFileError as error:
        fail(_described(path, error))


def _line(difference: "DirectoryDifference") -> str:
    words = f"{_SIGNS[difference.kind]} {difference.place}: {escape(difference.name)}"
    changed = (f"{each.name} {_short(each.before)} → {_short(each.after)}" for each in difference.properties)
    return f"{words}: {', '.join(changed)}" if difference.properties else words


def _short(value: object) -> str:
    text = escape(repr(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _either(name: str, state: Path) -> "Tenants":
    """Read a file, where there is one or the name looks like one; otherwise ask the running emulator."""
    from entra_emulator.snapshots import files
    from entra_emulator.snapshots.bounds import SnapshotFileError

    path = Path(name)
    if "/" not in name and path.suffix != ".json" and not path.exists():
        return _kept(name, state)
    try:
        return files.read_snapshot(path).directory
    except SnapshotFileError as error:
        fail(_described(path, error))


def _described(path: Path, error: "SnapshotFileError") -> str:
    return str(error) if error.where == str(path) else f"{path}: {error}"


def _kept(name: str, state: Path) -> "Tenants":
    """Read a snapshot of the emulator by its state folder: who may read the folder may have the hashes."""
    from entra_emulator.snapshots import files, folder
    from entra_emulator.snapshots.bounds import SnapshotFileError
    from entra_emulator.state import runs
    from entra_emulator.state.state_files import HANDED_FILE

    found = runs.find_run(state)
    try:
        if found is None and name == "now":
            return folder.saved(state)
        call(running_on(state), state, "/_emulator/save", {"snapshot": name})
        return files.read_snapshot(state / HANDED_FILE).directory
    except SnapshotFileError as error:
        fail(str(error))
    finally:
        (state / HANDED_FILE).unlink(missing_ok=True)
