"""A command that reads a manifest in; the problems of one that does not hold as annotations too, where
GitHub reads stdout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from entra_config.cli.output import Output
from entra_config.errors import ManifestError


@contextmanager
def problems(output: Output, *, form: str) -> Iterator[None]:
    """Write the problems of a manifest as annotations before they end the command, where `form` is github."""
    try:
        yield
    except ManifestError as error:
        if form == "github":
            from entra_config.report import github

            output.data(github.problems(error.problems))
        raise
