"""A lint report in, lines for a terminal out: the finding, its line of the file, a caret below it, what
helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from entra_config.errors import Position
from entra_config.lint.model import NAMES, LintFinding, Report
from entra_config.manifest.lint_policy import Severity
from entra_config.report import escape
from entra_config.report.lines import Line, cells, line

STYLES: Mapping[Severity, str] = {"E": "bold red", "W": "bold yellow", "I": "bold cyan"}
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_WORD = re.compile(r"(?:[^\s,\[\]{}]|\{[^{}\s]*\})+")
WIDEST = 160


def lines(report: Report, texts: Mapping[Path, str]) -> Iterator[Line]:
    """Yield the whole report; `texts` are those of the manifest's files."""
    split = {str(path): text.splitlines() for path, text in texts.items()}
    for each in report.findings:
        yield from _finding(each, split)
        yield line()
    for sentence in report.not_read:
        yield line(("not read: ", "bold"), escape.text(sentence))
    yield line((summary(report), "bold"))
    if report.unseen:
        reported = ", ".join(f"{count} with --persona {persona}" for persona, count in report.unseen.items())
        yield line((f"Not shown: {reported}.", "dim"))


def summary(report: Report) -> str:
    """Return the last line: how many of each severity, and how many are silenced."""
    counts = [
        (name, sum(each.severity == severity for each in report.findings)) for severity, name in NAMES.items()
    ]
    reported = ", ".join(
        f"{count} {name}{'' if count == 1 or name == 'info' else 's'}" for name, count in counts if count
    )
    silent = f" {len(report.suppressed)} silenced." if report.suppressed else ""
    return f"{reported or 'Nothing'} found in {', '.join(report.environments)}.{silent}"


def _finding(each: LintFinding, texts: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    style = STYLES[each.severity]
    yield line((f"{NAMES[each.severity]}[{each.rule}]", style), ": ", (escape.text(each.message), "bold"))
    number = str(each.position.line) if each.position else ""
    gutter = " " * len(number)
    if each.position:
        yield line(f"{gutter}--> ", escape.text(str(each.position)))
        yield from _snippet(each.position, texts, number, style)
    where = "in the tenant of " if each.live else "in "
    yield line(f"{gutter} = ", (f"{where}{', '.join(each.environments)}", "dim"))
    yield line(f"{gutter} = ", ("help: ", "bold"), escape.text(each.help))


def _snippet(where: Position, texts: Mapping[str, Sequence[str]], number: str, style: str) -> Iterator[Line]:
    content = texts.get(where.file, ())
    if where.line > len(content):
        return
    text = content[where.line - 1]
    before, marked = text[: where.column - 1], spot(text, where.column - 1)
    gutter = " " * len(number)
    yield line(f"{gutter} |")
    yield line(f"{number} | ", _short(escape.text(text)))
    blank = " " * cells(escape.text(before))
    yield line(f"{gutter} | ", blank, ("^" * max(1, cells(escape.text(marked))), style))


def spot(text: str, start: int) -> str:
    """Return what a finding at this column of a line points to: a quoted text, or a word up to what ends
    it.
    """
    rest = text[start:]
    found = _QUOTED.match(rest) or _WORD.match(rest)
    return found[0].removesuffix(":") if found else rest[:1]


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
