"""A manifest or a snapshot file in; the directory that all tenants of a test run begin with, out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from entra_config import extras
from entra_config.errors import UsageError

try:
    from entra_emulator.api import Tenants, read_snapshot, seed
except ImportError as error:
    raise ImportError(f"entra-config's fixtures: {extras.lacking('emulator')}") from error

# Ids are the same in every run and in every process of it.
SEED = "pytest"


def make(folder: Path, manifest: str, environment: str, snapshot: str) -> Tenants:
    """Make the directory; paths are below `folder`."""
    if manifest and snapshot:
        raise UsageError("pytest's settings: entra_manifest and entra_snapshot are both set: one begins")
    if snapshot:
        return read_snapshot(folder / snapshot).directory
    directory = seed.contoso(seed=SEED)
    if manifest:
        from entra_config.manifest import loader
        from entra_config.testing import applying

        wanted = loader.load(folder / manifest, environment or None)
        applied = asyncio.run(applying.apply(wanted, datetime.now(UTC), directory))
        if applied.left_out:
            raise UsageError(f"{manifest} cannot be applied whole: {'; '.join(applied.left_out)}")
    return directory
