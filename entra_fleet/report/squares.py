"""A report on a fleet in; how many shards of each wave came to what, as a table and as squares, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from entra_config.risk import LEVELS
from entra_fleet.report import wording
from entra_fleet.report.document import FleetGroupPart, FleetReportDocument

_ROW, _SIZE, _GAP = 48, 8, 2  # squares beside each other; units of the picture
HELD = wording.OBSTACLES["withheld"]
_What = tuple[str, str]  # a word, and the class of its squares


class Sign(NamedTuple):
    """The name of a sign, which is empty where there is none, and its words."""

    name: str
    words: str


def picture(report: FleetReportDocument) -> dict[str, Any] | None:
    """Return the picture: each shard counts once in the table and has one square, highest risk first."""
    found: dict[int, Counter[_What]] = {}
    whats = list(dict.fromkeys(what for what, _ in _shards(report)))
    for what, wave in _shards(report):
        found.setdefault(wave, Counter())[what] += 1
    if not found:
        return None
    whole = sum(found.values(), Counter[_What]())
    heads = [word for word, _ in whats]
    return {
        "columns": ["Wave", *heads, "All"],
        "heads": heads,
        "waves": [_wave(report, number, counts, whats) for number, counts in sorted(found.items())],
        # One wave needs no row for all.
        "total": _cells(whole, whats) if len(found) > 1 else [],
        "all": f"{whole.total():,}",
        "legend": [_sign(what, f"{what[0]} {whole[what]:,}") for what in whats],
    }


def mark(group: FleetGroupPart) -> dict[str, Any]:
    """Return the sign of what is in the way of a kind, with its level below it; else that of its level."""
    what = _what(group)
    level = wording.level(group) if what[1] == "stopped" else ""
    return {"sign": _sign(what, what[0]), "level": level}


def _sign(what: _What, said: str) -> Sign:
    word, style = what
    if style == "stopped":
        return Sign("held" if word == HELD else "refused", said)
    return Sign(style if style in LEVELS else "", said)


def _wave(
    report: FleetReportDocument, number: int, counts: Counter[_What], whats: list[_What]
) -> dict[str, Any]:
    words = report.waves[number - 1] if number <= len(report.waves) else ""
    parts = [(what, counts[what]) for what in whats if counts[what]]
    return {
        "name": f"{number}, {words}" if words and len(report.waves) > 1 else str(number),
        "number": number,
        "cells": _cells(counts, whats),
        "all": f"{counts.total():,}",
        "said": ", ".join(f"{count:,} {word}" for (word, _), count in parts),
        "drawing": _draw_wave(parts),
    }


def _draw_wave(parts: list[tuple[_What, int]]) -> dict[str, Any]:
    """Return the squares of a wave; each colour is one path."""
    side, squares, place = _SIZE + _GAP, [], 0
    for (_, style), count in parts:
        steps = (divmod(each, _ROW) for each in range(place, place + count))
        path = "".join(f"M{x * side} {y * side}h{_SIZE}v{_SIZE}h-{_SIZE}z" for y, x in steps)
        squares.append({"style": style, "path": path})
        place += count
    return {"width": _ROW * side, "height": -(-place // _ROW) * side, "squares": squares}


def _cells(counts: Counter[_What], whats: list[_What]) -> list[Sign | None]:
    return [_sign(what, f"{counts[what]:,}") if counts[what] else None for what in whats]


def _shards(report: FleetReportDocument) -> Iterator[tuple[_What, int]]:
    for group in report.groups:
        yield from ((_what(group), each.wave) for each in group.members)
    yield from ((("Failed", "high"), each.wave) for each in report.failed)
    yield from ((("No result", "stopped"), each.wave) for each in report.without_result)
    yield from ((("Not planned", "none"), each.wave) for each in report.not_planned)


def _what(group: FleetGroupPart) -> _What:
    """Return what is in the way of a kind, else its level."""
    if wording.stopped(group):
        return wording.before(group).removesuffix(" · "), "stopped"
    return wording.level(group), group.risk
