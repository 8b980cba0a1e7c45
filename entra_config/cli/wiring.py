"""The common options in; the manifest that they name and a Graph that is signed in to its tenant out."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from entra_config.cli.options import Common
from entra_config.errors import ManifestError, TenantError, UsageError
from entra_config.moments import parse_moment

if TYPE_CHECKING:
    from entra_config.cli.bar import Reading
    from entra_config.cli.output import Output
    from entra_config.graph.client import Graph, ResponseReceived
    from entra_config.graph.endpoint import Endpoint
    from entra_config.manifest.environments.shard import Shard
    from entra_config.manifest.model import Manifest


Result = TypeVar("Result")


def manifest(common: Common, contents: Mapping[Path, str] = MappingProxyType({})) -> Manifest:
    """Load the manifest of the environment that was named, or of the only one; `contents` stand in for what
    the disk has. What it says of another cloud than that of the command is an error.
    """
    from entra_config.manifest.sections import sovereign

    if common.loaded is not None and not contents:
        found = common.loaded.manifest
    else:
        from entra_config.manifest import loader

        found = loader.load(common.manifest, common.environment, contents=contents, shard=shard(common))
    sovereign.check(found, common.cloud)
    return found


@contextmanager
def annotate_problems(output: Output, *, form: str) -> Iterator[None]:
    """Write the problems of a manifest as annotations before they end the command, where `form` is github."""
    try:
        yield
    except ManifestError as error:
        if form == "github":
            from entra_config.report import github

            output.data(github.problems(error.problems))
        raise


def shard(common: Common) -> Shard | None:
    """Return the tenant of a fleet that was named, with this project; None where none was."""
    if common.loaded is not None:
        return common.loaded.source.shard
    if common.tenant is None:
        return None
    from entra_config.manifest.tenants import choosing, reading

    fleet = reading.read(common.fleet or Path(reading.ROOT_NAME))
    return choosing.shard(fleet, common.tenant, common.manifest, common.environment)


def environment(common: Common) -> str:
    """Return the name of the environment that was named, or of the only one."""
    if (placed := shard(common)) is not None:
        return placed.environment
    from entra_config.manifest.environments import environment as environments
    from entra_config.manifest.environments import source

    return environments.choose(source.read(common.manifest), common.environment)


def emulator(common: Common) -> Endpoint | None:
    """Return the running emulator if the command is for one; None for a cloud of Microsoft or a session."""
    if common.cloud != "emulator" or common.session is not None:
        return None
    from entra_config.cli import emulator_running

    return emulator_running.find_endpoint()


@asynccontextmanager
async def graph(common: Common, tenant_id: str | None = None) -> AsyncIterator[Graph]:
    """Sign in; a token for another tenant than the manifest's stops everything."""
    from entra_config.graph.connect import connect

    session, placed = common.session, shard(common)
    found = await connect(
        common.cloud,
        credential=session.credential if session else _credential(common, placed),
        transport=session.transport if session else None,
        tenant_id=tenant_id,
        client_id=_client(placed) if placed is not None else None,
        emulator=emulator(common),
        now=lambda: now().timestamp(),
    )
    async with found:
        if tenant_id and found.tenant_id != tenant_id:
            raise TenantError(
                f"signed in to tenant {found.tenant_id}, and this environment of the manifest is of tenant "
                f"{tenant_id}; "
                "nothing was read"
            )
        common.output.detail(
            f"signed in to tenant {found.tenant_id} as {found.identity.name or found.identity.app_id}"
        )
        yield found


def _client(placed: Shard) -> str:
    """Return the client that signs in to a fleet's tenants: its own, or the reader that this run is."""
    return os.environ.get("ENTRA_CONFIG_CLIENT_ID") or placed.client_id


def _credential(common: Common, placed: Shard | None) -> str | None:
    """Return how to sign in: as was said, else as the fleet does; an emulator knows its own."""
    if common.credential is not None or placed is None or common.cloud == "emulator":
        return common.credential
    from entra_config.manifest.fields.fleet_records import KINDS

    return KINDS[placed.kind]


@contextmanager
def reported(graph: Graph, common: Common) -> Iterator[None]:
    """Tell about waits while something is read, with -v about each answer; on a terminal how far it is."""
    reading = _reading(graph, common.output)
    try:
        with graph.observed_by(_ProgressReporter(common, reading)):
            yield
    finally:
        if reading is not None:
            reading.end()


def _reading(graph: Graph, output: Output) -> Reading | None:
    if output.quiet or output.verbose or not sys.stderr.isatty():
        return None
    from entra_config.cli.bar import Reading

    return Reading(graph, output)


@dataclass(frozen=True, slots=True)
class _ProgressReporter:
    common: Common
    reading: Reading | None

    def responded(self, event: ResponseReceived) -> None:
        """Tell about one answer."""
        if self.reading is not None:
            self.reading.note()
        path = str(event.request.path).partition("?")[0]
        self.common.output.detail(
            f"{event.response.status} {event.request.method} {path} ({event.seconds:.2f} s)"
        )

    def waiting(self, reason: str, seconds: float) -> None:
        """Tell about a wait that a person would notice."""
        if seconds >= 1:
            self.common.output.say(f"waiting {seconds:.0f} s: {reason}")

    def noted(self, text: str) -> None:
        """Show how something is read to somebody who looks for a cause."""
        self.common.output.detail(text)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run asynchronous work to its end."""
    import asyncio

    return asyncio.run(work)


def now() -> datetime:
    """Return the time, for all that must know it."""
    return datetime.now(UTC)


def instant(option: str, text: str) -> datetime:
    """Read a time in ISO 8601; without a zone it is UTC."""
    try:
        return parse_moment(text)
    except ValueError as error:
        raise UsageError(
            f"{option} {text}: expected a time such as 2026-11-20 or 2026-11-20T08:30:00Z"
        ) from error


def words(allow: Sequence[str] | None) -> frozenset[str]:
    """Read the words of `--allow`; one that lifts nothing is an error before anything is read."""
    from entra_config.checks import limits

    given = list(filter(None, (word.strip() for each in allow or () for word in each.split(","))))
    if unknown := limits.unknown_words(given):
        raise UsageError(f"--allow {unknown[0]}: no such limit; expected one of {', '.join(limits.WORDS)}")
    return frozenset(given)
