"""What a shell asks while somebody types in; the values of this manifest that begin so, out.

The manifest is the one that the line names by then (`-f`, or the default). What cannot be read completes to
nothing: the command itself tells why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from entra_config.errors import EntraConfigError

if TYPE_CHECKING:
    from entra_config.manifest.reading.node import Map


def environments(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the manifest's environments."""
    return _beginning(_keys(ctx, "environments"), incomplete)


def applications(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of the applications that the manifest declares."""
    return _beginning(_keys(ctx, "applications"), incomplete)


def switchable(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of the applications and of the enterprise applications."""
    return _beginning([*_keys(ctx, "applications"), *_keys(ctx, "enterpriseApplications")], incomplete)


def roles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return `app/role` for each role that an application declares."""
    return _beginning(_roles(ctx), incomplete)


def addresses(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the addresses of the applications, which are what `--target` is mostly given."""
    return _beginning([f"application.{key}" for key in _keys(ctx, "applications")], incomplete)


def words(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001  # typer hands it over by this name
    """Return the words of `--allow`, also after those that stand before a comma."""
    from entra_config.checks import limits

    before, comma, last = incomplete.rpartition(",")
    given = before.split(",")
    return [f"{before}{comma}{word}" for word in limits.WORDS if word.startswith(last) and word not in given]


def _beginning(found: Iterable[str], incomplete: str) -> list[str]:
    return [each for each in found if each.startswith(incomplete)]


def _roles(ctx: typer.Context) -> Iterator[str]:
    declared = _map(ctx, "applications")
    for key in declared.entries if declared else ():
        application = _within(declared, key)
        offered = _within(application, "appRoles")
        yield from (f"{key}/{label}" for label in (offered.entries if offered else ()))


def _keys(ctx: typer.Context, section: str) -> list[str]:
    found = _map(ctx, section)
    return list(found.entries) if found else []


def _map(ctx: typer.Context, section: str) -> Map | None:
    from entra_config.manifest.environments import expansion, source
    from entra_config.manifest.reading.node import Map
    from entra_config.manifest.reading.problems import Problems
    from entra_config.manifest.reading.reader import Reader

    with suppress(EntraConfigError, OSError):
        read = source.read(_manifest(ctx))
        return _within(expansion.expand(read, Map(), "", Reader(Problems())).tree, section)
    return None


def _manifest(ctx: typer.Context) -> Path:
    declared = next(each for each in ctx.command.params if each.name == "manifest")
    return Path(ctx.params.get("manifest") or str(declared.default))


def _within(node: Map | None, key: str) -> Map | None:
    from entra_config.manifest.reading.node import Map

    found = node.node(key) if node else None
    return found if isinstance(found, Map) else None
