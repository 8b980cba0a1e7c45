"""The common options in; the estate whose credentials a command works on, its sinks and its clock out."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import EntraConfigError
from entra_config.report import escape

if TYPE_CHECKING:
    from entra_config.credentials.estate import Estate
    from entra_config.credentials.holding import Time
    from entra_config.credentials.life import InSink
    from entra_config.credentials.rotation import Rotating
    from entra_config.credentials.sinks.base import Keeper
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest


def holding(common: Common) -> Manifest:
    """Load the manifest without what is over: no secret is made of a label that is."""
    from entra_config.manifest import ending

    return ending.at(wiring.manifest(common), wiring.now())


@asynccontextmanager
async def opened(common: Common) -> AsyncIterator[tuple[Graph, Estate]]:
    """Sign in, and read what the credentials of the manifest are of."""
    from entra_config.credentials.estate import Estate

    manifest = holding(common)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            yield graph, await Estate.read(graph, manifest)


def keeper(common: Common, subject: Rotating, tenant_id: str) -> Keeper:
    """Return what keeps the value of one declared secret, or the key pair of one certificate."""
    from entra_config.credentials.certificates import PairKeeper
    from entra_config.credentials.sinks import table

    kept = table.keeper(subject.sink, os.environ, cloud=common.cloud, tenant_id=tenant_id)
    return PairKeeper(kept) if subject.declared.type == "certificate" else kept


async def kept(
    common: Common, estate: Estate, only: str = ""
) -> tuple[dict[tuple[str, str], InSink], dict[tuple[str, str], EntraConfigError]]:
    """Ask the sinks, or those of one application, what they keep; those that could not, or must not, be
    asked are told.
    """
    found: dict[tuple[str, str], InSink] = {}
    failed: dict[tuple[str, str], EntraConfigError] = {}
    keys = [
        key
        for key, each in estate.manifest.applications.items()
        if each.rotating and key in estate.directory.live and only in {"", key}
    ]
    for subject in estate.subjects(keys):
        place = subject.key, subject.declared.label
        try:
            # Asking runs a program, or shows a token to whoever is there.
            estate.check_place(subject, frozenset())
            sink = keeper(common, subject, estate.manifest.tenant_id)
            found[place] = (await sink.content()).kept
        except EntraConfigError as error:
            failed[place] = error
            common.output.say(f"{subject.name}: what its sink keeps is not known: {escape.text(str(error))}")
    return found, failed


def time() -> Time:
    """Return the clock, and how one waits."""
    import asyncio

    from entra_config.credentials.holding import Time

    return Time(wiring.now, asyncio.sleep)
