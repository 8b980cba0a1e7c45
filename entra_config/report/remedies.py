"""A finding of drift in; what makes it stay, and what takes it back, out: commands, or words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entra_config import quoting
from entra_config.drift.model import Drift, Finding

PLAN_FILE = "revert.json"  # what the commands of a report save their plan as
# By the rule of a finding: what Azure's command line takes of an application.
_AZ = {
    "secret-added": ("credential", "delete", "--key-id"),
    "certificate-added": ("credential", "delete", "--cert", "--key-id"),
    "owner-added": ("owner", "remove", "--owner-object-id"),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way out: a command of a shell, or words."""

    command: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        """Return whichever there is."""
        return self.command or self.words


# By event: what makes it stay, and what takes it back.
_EVENTS = {
    "deleted": (
        "Take the name out of the manifest.",
        "Restore the object, or create it again and run `entra-config lock`.",
    ),
    "renamed": ("Run `entra-config lock`: it writes the new name down.", "Rename the object back."),
    "unidentified": (
        "Look at the candidates, then run `entra-config lock` with `--accept KEY=APPID`, or give the id.",
        "`entra-config plan` shows what an apply would do.",
    ),
    "withheld": ("Do what the message says.", "`entra-config plan` shows what an apply would do."),
}


def accept(finding: Finding, drift: Drift, where: Sequence[str] = ()) -> Remedy:
    """Return what makes the manifest say what the tenant has; `where` names the manifest in a command."""
    if finding.event in _EVENTS:
        return Remedy(words=_EVENTS[finding.event][0])
    if finding.edit:
        words = (*finding.edit, "-e", drift.environment, *where)
        return Remedy(command=quoting.command("entra-config", *words))
    where = f" at {finding.position.short}" if finding.position else ""
    if not finding.mended:
        return Remedy(words=f"Declare it{where}: what nobody declares is told again.")
    said = {
        "added": f"Write it into the manifest{where}.",
        "changed": f"Write what it is now into the manifest{where}.",
        "removed": f"Take it out of the manifest{where}.",
    }
    return Remedy(words=said[finding.sign])


def revert(finding: Finding, drift: Drift) -> Remedy:
    """Return what makes the tenant as the manifest says."""
    if finding.event in _EVENTS:
        return Remedy(words=_EVENTS[finding.event][1])
    if finding.held:
        return Remedy(words="No plan gives it back before the reason above is resolved.")
    if finding.stopped:
        return _command(drift, "enable", finding.address.key)
    if finding.revertible:
        base = ("--base", drift.revision) if drift.revision else ()
        return _command(drift, "drift", "--revert", str(finding.address), "--out", PLAN_FILE, *base)
    object_id, words = finding.ends.get("object"), _AZ.get(finding.rule)
    if words and object_id and isinstance(finding.element, str):
        *verb, option = words
        away = ("az", "ad", "app", *verb, "--id", object_id, option, finding.element)
        return Remedy(command=quoting.command(*away))
    return Remedy(words="No apply takes it away: whoever manages the tenant does, by hand.")


def _command(drift: Drift, command: str, *words: str) -> Remedy:
    words = (command, "-e", drift.environment, *words, *drift.where)
    return Remedy(command=quoting.command("entra-config", *words))
