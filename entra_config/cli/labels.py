"""Send an emulator the labels of a manifest that was applied to it, or written from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.options import Common

if TYPE_CHECKING:
    from entra_config.errors import Position
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest
    from entra_config.resource import Address, Facts


async def send(
    common: Common,
    graph: Graph,
    manifest: Manifest,
    planned: Iterable[tuple[Address, Position, Facts]] = (),
    *,
    applied: bool,
) -> None:
    """Send the labels if the cloud is an emulator on this machine; no other cloud is asked anything.

    An emulator of another version that does not know labels has no pages that show them: that is no error.
    """
    emulator = wiring.emulator(common)
    if emulator is None:
        return
    from entra_config.emulator_labels.sending import send_labels

    if error := await send_labels(graph, emulator, manifest, planned, applied=applied):
        common.output.detail(f"the labels could not be sent to the emulator: {error}")
