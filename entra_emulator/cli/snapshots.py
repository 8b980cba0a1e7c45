"""`snapshot`, `take`, `back`, `diff`: tenants as they were, in files and by name."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_emulator.cli.output import escape, fail
from entra_emulator.cli.running import DEFAULT_STATE, State, call, running_on
from entra_emulator.program import program_name

if TYPE_CHECKING:
    from entra_emulator.directory import Tenants
    from entra_emulator.snapshots.bounds import SnapshotFileError
    from entra_emulator.snapshots.compare import DirectoryDifference

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_LONGEST = 60


def snapshot(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; an older one is replaced.")],
    state: State = DEFAULT_STATE,
    name: Annotated[
        str, typer.Option("--name", help="A snapshot that `take` keeps, instead of what is there now.")
    ] = "now",
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="Write the keys that sign tokens too: keep such a file secret."),
    ] = False,
) -> None:
    """Write the tenants to a file, for `{group} start --snapshot FILE` here or on another machine.

    It holds hashes of client secrets, and no key unless told.
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


def take(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name; an older one of this name is replaced.")],
    state: State = DEFAULT_STATE,
) -> None:
    """Keep the tenants of now under a name, for as long as the emulator runs."""
    call(running_on(state), state, "/_emulator/snapshots", {"take": name})
    typer.echo(f"`{program_name()} back {name}` goes back to now.", err=True)


def back(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What `take` kept, or beginning.")],
    state: State = DEFAULT_STATE,
) -> None:
    """Put the tenants back to what `take` kept; the clock goes on."""
    call(running_on(state), state, "/_emulator/snapshots", {"back": name})
    typer.echo(f"The tenants are as at {name}.", err=True)


def diff(
    since: Annotated[str, typer.Argument(metavar="A", help="A snapshot file, a kept name, or beginning.")],
    until: Annotated[str, typer.Argument(metavar="B", help="Likewise; default: what is there now.")] = "now",
    state: State = DEFAULT_STATE,
) -> None:
    """Show what differs between two snapshots; exit code 2 where something does."""
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


COMMANDS = (snapshot, take, back, diff)


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
    """Take a snapshot from the emulator by its state folder: who may read the folder may have the hashes."""
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
