"""A plan that was applied to an emulator in; told to it, where each part is declared, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from entra_config.cli.options import Common
from entra_config.graph import clouds, endpoint

if TYPE_CHECKING:
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan

_SECONDS = 5.0


def tell(common: Common, manifest: Manifest, plan: Plan) -> None:
    """Hand the places over where the cloud is an emulator on this machine; no other cloud is asked anything.

    An emulator of another version that does not know of it has no pages that would show it: that is no error.
    """
    if common.cloud != clouds.EMULATOR or common.session is not None:
        return
    import ssl

    import httpx

    there = endpoint.read(endpoint.folder())
    body = {"tenant": plan.tenant.id, "owner": manifest.owner, "places": places(plan)}
    trust = ssl.create_default_context(cafile=str(there.ca))
    try:
        answer = httpx.put(
            f"{there.cloud.graph}/_emulator/applied", json=body, verify=trust, timeout=_SECONDS
        )
        answer.raise_for_status()
    except httpx.HTTPError as error:
        common.output.detail(f"the emulator was not told what is declared where: {error}")


def places(plan: Plan) -> dict[str, Any]:
    """Return each declared part by its address: the file, as it is seen from here, with its line."""
    return {str(address): f"{_short(place.file)}:{place.line}" for address, place in plan.declared}


def _short(file: str) -> str:
    path = Path(file)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name
