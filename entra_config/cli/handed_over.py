"""What was applied to an emulator, or written from it, in; told to it, where each part is declared, and
nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.kinds import declared_places

if TYPE_CHECKING:
    from entra_config.errors import Position
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan


def applied(common: Common, manifest: Manifest, plan: Plan) -> None:
    """Tell an emulator what was applied, with the places."""
    _announce(common, manifest, "apply", declared_places.places(manifest, plan.declared))


def read(common: Common, manifest: Manifest) -> None:
    """Tell an emulator where what `settings` read from it is declared: nothing was applied by that."""
    _announce(common, manifest, "settings", declared_places.places(manifest))


def _announce(
    common: Common, manifest: Manifest, by: Literal["apply", "settings"], found: Mapping[str, Position]
) -> None:
    """Hand the places over where the cloud is an emulator on this machine; no other cloud is asked anything.

    An emulator of another version that does not know of it has no pages that would show it: that is no error.
    """
    running = wiring.emulator(common)
    if running is None:
        return
    from entra_config.graph import handing_over

    body = {
        "tenant": manifest.tenant_id,
        "owner": manifest.owner,
        "by": by,
        "places": {each: f"{_short(place.file)}:{place.line}" for each, place in found.items()},
        "labels": declared_places.labels(manifest),
    }
    if error := handing_over.announce(running, body):
        common.output.detail(f"the emulator was not told what is declared where: {error}")


def _short(file: str) -> str:
    """Return a file as it is seen from here: its name alone where it stands elsewhere."""
    path = Path(file)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name
