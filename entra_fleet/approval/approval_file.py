"""An approval in, a file of it out; and a file in, the approval out, if it is whole and nobody edited it.

What came under an approval stands in files with its id in their names: no later approval takes their place.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.output import private
from entra_config.errors import StalePlanError, UsageError

if TYPE_CHECKING:
    from entra_fleet.report.approval_document import FleetApprovalDocument

LARGEST = 20_000_000  # bytes
_ID = 32  # hex digits


def identified(document: FleetApprovalDocument) -> FleetApprovalDocument:
    """Return an approval with the id of all else in it."""
    from entra_fleet.groups import classes

    content = document.model_dump(mode="json", exclude={"id"})
    return document.model_copy(update={"id": f"a-{classes.identified(content)[:_ID]}"})


def write(path: Path, document: FleetApprovalDocument) -> None:
    """Write an approval, whole or not at all, for its owner alone."""
    try:
        private(path, document.model_dump_json(by_alias=True, indent=1) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def read(path: Path, expected: str | None = None) -> FleetApprovalDocument:
    """Read an approval; one that was edited, or is not the one that is expected, is refused."""
    from pydantic import ValidationError

    from entra_config.documents import is_other_version
    from entra_fleet.report.approval_document import FleetApprovalDocument

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise UsageError(f"{path}: larger than an approval can be")
    try:
        found = FleetApprovalDocument.model_validate_json(data, strict=True)
    except ValidationError as error:
        if is_other_version(error):
            raise UsageError(
                f"{path}: this approval was written by another version of entra-config. Write a new one:\n"
                "  entra-config fleet approve RESULTS --report ID --for 24h"
            ) from error
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise UsageError(
            f"{path}: this is no approval of `fleet approve`: {place}: {first['msg']}"
        ) from error
    if identified(found).id != found.id:
        raise StalePlanError(f"{path}: was edited since it was approved; nothing was changed")
    if expected is not None and found.id != expected:
        raise StalePlanError(f"{path}: is approval {found.id}, and {expected} was meant; nothing was changed")
    return found


def ended(document: FleetApprovalDocument) -> bool:
    """Tell whether its time is over."""
    return wiring.now() >= wiring.instant("ends", document.ends)


def is_wave_allowed(folder: Path, document: FleetApprovalDocument, wave: int) -> bool:
    """Return True if `fleet check` allowed the wave to start."""
    from pydantic import ValidationError

    from entra_fleet.report.approval_document import FleetCheckDocument

    try:
        text = check_path(folder, document, wave).read_text(encoding="utf-8")
        found = FleetCheckDocument.model_validate_json(text, strict=True)
    except (OSError, ValueError, ValidationError):
        return False
    return (found.approval, found.wave) == (document.id, wave)


def allow_wave(folder: Path, document: FleetApprovalDocument, wave: int) -> None:
    """Record that a wave may start."""
    from entra_fleet.report.approval_document import FleetCheckDocument

    made = FleetCheckDocument(
        version=2,
        kind="fleetCheck",
        approval=document.id,
        wave=wave,
        allowed_at=wiring.now().isoformat(timespec="seconds"),
    )
    path = check_path(folder, document, wave)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        private(path, made.model_dump_json(by_alias=True) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def check_path(folder: Path, document: FleetApprovalDocument, wave: int) -> Path:
    """Return the path of the record; the name of a tenant does not begin with `_`."""
    return folder / f"_wave{wave}.{document.id}.json"
