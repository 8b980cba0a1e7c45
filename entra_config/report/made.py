"""How a report was made, in; what its page says of that, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from entra_config import __version__, quoting
from entra_config.report.pages import Fact


@dataclass(frozen=True, slots=True)
class HowMade:
    """Which tool made a report and when, of which revision of the manifest, by which command.

    `tool` is its version with its commit where that is known, `command` the words after the program's name.
    `options` are those of the plan, for a command that carries it out; `where` names the manifest and `there`
    the tenant, in a fleet and a cloud, in the commands that the page shows.
    """

    tool: str = f"entra-config {__version__}"
    at: datetime | None = None
    manifest: str = ""
    command: Sequence[str] = ()
    options: Sequence[str] = ()
    where: Sequence[str] = ()
    there: Sequence[str] = ()


def facts(made: HowMade, by: str) -> Iterator[Fact]:
    """Yield when a report was made, as whom, and of which manifest, for the head of a page."""
    when = f"{made.at:%Y-%m-%d %H:%M} UTC" if made.at is not None else ""
    said = ", ".join(each for each in (when, f"by {by}" if by else "") if each)
    if said:
        yield Fact("Made", said)
    if made.manifest:
        yield Fact("Manifest", code=made.manifest)


def footer(made: HowMade, by: str) -> str:
    """Return the last line of a page."""
    parts = [made.tool, quoting.command(*made.command) if made.command else ""]
    parts.append(f"signed in as {by}" if by else "")
    return " · ".join(each for each in parts if each)
