"""Write a plan into a file that only its owner may read, and read such a file."""

from __future__ import annotations

from pathlib import Path

from entra_config.errors import UsageError
from entra_config.files import write_output
from entra_config.plan import file
from entra_config.plan.file import Saved
from entra_config.plan.model import Work
from entra_config.plan.options import NO_OPTIONS, Options


def write(path: Path, plan: Work, options: Options = NO_OPTIONS) -> None:
    """Save a plan and the options that it was made with; UsageError where the file cannot be written."""
    try:
        write_output(path, file.text(plan, options), mode=0o600)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def read(path: Path) -> Saved:
    """Read a saved plan; UsageError where there is none, or with the place where it is wrong."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    return file.read(data, str(path))
