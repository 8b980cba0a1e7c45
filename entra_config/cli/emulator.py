"""`entra-config emulator …`: the emulator's own commands, and what a manifest adds to them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.errors import UsageError
from entra_emulator.api import commands

if TYPE_CHECKING:
    from entra_emulator.api import Tenants

PROGRAM = "entra-config emulator"

Manifests = Annotated[
    list[Path] | None,
    typer.Option(
        "--for", metavar="MANIFEST", help="Make the tenants, users, groups and ids that a manifest names."
    ),
]
Fleets = Annotated[
    list[Path] | None,
    typer.Option("--fleet", metavar="FILE", help="Make the tenants of a fleet, with all that they name."),
]


def read_manifests(
    *, manifest: Manifests = None, fleet: Fleets = None, snapshot: Path | None = None
) -> "Callable[[Tenants], None] | None":
    """Return what fills a directory with all that manifests and fleets name; None if none is given."""
    if not manifest and not fleet:
        return None
    if snapshot is not None:
        raise UsageError("--snapshot has its tenants already: give no --for and no --fleet")
    from entra_config.testing import populating

    return populating.prepare(manifest or [], fleet or [])


app = commands.make_app(PROGRAM, read_manifests)
