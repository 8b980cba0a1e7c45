"""Text and styled lines in; data on stdout, talk on stderr, colours where a terminal shows them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

from entra_config.files import write_output
from entra_config.report import encoding, escape, lines, palette
from entra_config.report.lines import Line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.theme import Theme

WIDEST = 120


def theme(console: Console) -> Theme:
    """Return the colours of this program's styles for the ground that a terminal says it has."""
    from rich.theme import Theme

    on = palette.ground(os.environ.get("COLORFGBG", ""))
    return Theme(palette.styles(on, many=console.color_system in {"truecolor", "windows"}))


def _console(stream: TextIO, width: int | None = None) -> Console:
    from rich.console import Console

    # rich has no colours for a dumb terminal; who forces them there is taken at the word.
    system: Literal["standard", "auto"] = "standard" if os.environ.get("TERM") == "dumb" else "auto"
    return Console(file=stream, width=width, highlight=False, force_terminal=True, color_system=system)


def private(path: Path, text: str) -> None:
    """Write a report that only its owner may read: reports name people."""
    write_output(path, text, mode=0o600)


@dataclass(frozen=True, slots=True)
class Output:
    """How a command talks."""

    no_color: bool = False
    verbose: bool = False
    quiet: bool = False

    def data(self, text: str) -> None:
        """Write the document that was asked for."""
        encoding.write_document(sys.stdout, text)

    def lines(self, content: Iterable[Line], *, talk: bool = False) -> None:
        """Write styled lines: as data, or as talk."""
        if not (talk and self.quiet):
            self._write(sys.stderr if talk else sys.stdout, list(content))

    def say(self, message: str, style: str = "") -> None:
        """Tell how it goes, unless silence was asked for."""
        if not self.quiet:
            self._write(
                sys.stderr, [lines.line((escape.text(each), style)) for each in message.splitlines() or [""]]
            )

    def failed(self, first: str, *more: str) -> None:
        """Tell what went wrong, whatever silence was asked for."""
        if self.coloured(sys.stderr):
            console = _console(sys.stderr)
            with console.use_theme(theme(console)):
                console.print("error:", style="bold red", end="")
        else:
            sys.stderr.write("error:")
        sys.stderr.write("".join(f"{escape.text(line)}\n" for line in (f" {first}", *more)))
        sys.stderr.flush()

    def detail(self, message: str) -> None:
        """Tell what only somebody who looks for a cause wants to know."""
        if self.verbose:
            self._write(sys.stderr, [lines.line((escape.text(each), "dim")) for each in message.splitlines()])

    def coloured(self, stream: TextIO) -> bool:
        """Tell whether colours go to a stream: a terminal unless somebody said no, anything where FORCE_COLOR
        says so (`0` says nothing); a no wins.
        """
        if self.no_color or os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR", "") not in {"", "0"}:
            return True
        return os.environ.get("TERM") != "dumb" and stream.isatty()

    def _write(self, stream: TextIO, content: list[Line]) -> None:
        with encoding.naming(stream):
            self._print(stream, content)

    def _print(self, stream: TextIO, content: list[Line]) -> None:
        columns = shutil.get_terminal_size().columns if stream.isatty() else 0
        width = lines.edge(content, min(columns, WIDEST), columns) if columns else lines.WIDTH
        if self.coloured(stream):
            console = _console(stream, width)
            with console.use_theme(theme(console)):
                console.print(lines.styled(content, width, columns), soft_wrap=True)
        elif columns:
            stream.write(
                "".join(
                    f"{row.rstrip()}\n" for row in lines.styled(content, width, columns).plain.split("\n")
                )
            )
        else:
            stream.write(lines.format_lines(content, width))
        stream.flush()
