"""A running emulator and what was applied to it in; told to its control, and why it was not told out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from entra_config.graph import connect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from entra_config.graph.endpoint import Endpoint

_SECONDS = 5.0


def announce(there: Endpoint, applied: Mapping[str, Any]) -> str:
    """Tell an emulator on this machine what was applied and where it is declared, as its
    `/_emulator/applied` takes it; return "" or why it does not know it now.
    """
    import httpx

    url = f"{there.cloud.graph}/_emulator/applied"
    try:
        # Loopback needs no proxy.
        response = httpx.put(
            url, json=applied, verify=connect.trust(there.ca), trust_env=False, timeout=_SECONDS
        )
        response.raise_for_status()
    except httpx.HTTPError as error:
        return str(error) or type(error).__name__
    return ""
