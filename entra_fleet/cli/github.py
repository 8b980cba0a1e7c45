"""`entra-config fleet github`: the workflows of a fleet in GitHub Actions, written into its repository."""

from __future__ import annotations

from pathlib import Path

import typer

from entra_config.cli import bootstrap as options
from entra_config.cli.options import Common
from entra_config.errors import UsageError


def command(
    context: typer.Context,
    *,
    wheel: options.Wheel = None,
    replace: options.Replace = False,
    check: options.Check = False,
) -> int:
    """Write the workflows of the fleet, the scripts that they run, and what they install from."""
    from entra_config.bootstrap import fleet_github
    from entra_config.manifest.tenants import reading

    common = Common.of(context)
    assert common.fleet is not None  # the option has a default
    fleet = reading.read(common.fleet)
    root = _root(common.fleet)
    path = common.fleet.resolve().relative_to(root).as_posix()
    found = fleet_github.find_files(root, path, len(fleet.waves), wheel, replace=replace)
    for each in found.changed:
        common.output.say(f"{'~' if each in found.before else '+'} {each}")
    if check:
        return 2 if found.changed else 0
    found.write(root)
    common.output.say(
        f"{len(found.changed)} files written, for {len(fleet.waves)} waves; commit them, and make the "
        "environments fleet-review, fleet-main and fleet-writer, as docs/fleet.md says"
    )
    return 0


def _root(fleet: Path) -> Path:
    """Return the repository that a fleet's file is in."""
    folder = fleet.resolve().parent
    found = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    if found is None:
        raise UsageError(
            f"{folder} is in no git repository: workflows run what a repository has (`git init`)"
        )
    return found
