"""Compare this machine's clock with Microsoft Graph's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_config.errors import RefusedError

if TYPE_CHECKING:
    from entra_config.graph.client import Graph

MOST = 300.0  # seconds; Entra itself accepts five minutes between clocks


def check_clock(graph: Graph) -> None:
    """Refuse to act on dates while the two clocks are more than five minutes apart."""
    ahead = graph.ahead
    if ahead is None or abs(ahead) <= MOST:
        return
    apart = f"{_format_duration(abs(ahead))} {'behind' if ahead > 0 else 'ahead of'} Microsoft Graph's"
    raise RefusedError(
        f"the clock of this machine is {apart}. This command judges dates (`until`, the end of secrets, the "
        "times of the audit log), so it changed nothing. Set the clock of this machine and run the command "
        "again"
    )


def _format_duration(seconds: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3600)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}s"
    return f"{seconds / 60:.0f} minutes"
