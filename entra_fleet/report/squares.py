"""A report on a fleet in; how many shards of each wave came to what, as a table and as squares, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from entra_config.report import page
from entra_config.report.escape import html as safe
from entra_fleet.report import wording
from entra_fleet.report.document import FleetGroupPart, FleetReportDocument

STYLE = (
    "svg.shards{display:block;width:100%;max-width:480px;height:auto;margin:0 0 12px}"
    "svg.shards path{fill:var(--line)}svg.shards .stopped{fill:var(--ink)}svg.shards .high{fill:var(--high)}"
    "svg.shards .medium{fill:var(--mid)}svg.shards .low{fill:var(--edge)}"
    ".legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.8125rem}"
    "table.waves td,table.waves th{min-width:0}"
    "@media (min-width:705px){table.waves td,table.waves th+th{text-align:right;padding:6px 0 6px 12px}}"
    "@media print{svg.shards path{print-color-adjust:exact}}"
)
_ROW, _SIZE, _GAP = 48, 8, 2  # squares beside each other; units of the picture
HELD = wording.OBSTACLES["heldBack"]
_What = tuple[str, str]  # a word, and the class of its squares


def picture(report: FleetReportDocument) -> Iterator[str]:
    """Yield the picture: each shard counts once in the table and has one square, the riskiest first."""
    waves = _waves(report)
    whats = list(dict.fromkeys(what for what, _ in _shards(report)))
    if not waves:
        return
    heads, whole = [word for word, _ in whats], sum(waves.values(), Counter[_What]())
    yield '<div class="pictures"><div>'
    yield from page.table("wide waves", ["Wave", *heads, "All"], "Shards by wave")
    for number, counts in sorted(waves.items()):
        yield page.row(
            _called(report, number), [*_cells(counts, whats), f"{counts.total():,}"], [*heads, "All"]
        )
    if len(waves) > 1:
        yield page.row("All", [*_cells(whole, whats), f"{whole.total():,}"], [*heads, "All"])
    yield "</tbody></table></div><figure><figcaption>The same, a square a shard, wave by wave</figcaption>"
    for number, counts in sorted(waves.items()):
        yield f'<p class="meta">Wave {number}</p>'
        yield _squares(number, [(what, counts[what]) for what in whats if counts[what]])
    yield '<p class="legend">'
    yield from (_signed(what, f"{what[0]} {whole[what]:,}") for what in whats)
    yield "</p></figure></div>"


def mark(group: FleetGroupPart) -> str:
    """Return the sign of what is in the way of a kind, else of its level, with its word."""
    what = _what(group)
    level = f'<div class="meta">{safe(wording.level(group))}</div>' if what[1] == "stopped" else ""
    return f"<div>{_signed(what, what[0])}{level}</div>"


def _signed(what: _What, said: str) -> str:
    word, style = what
    signs: dict[str, page.Sign] = {"high": "high", "medium": "medium", "low": "low"}
    if style in signs:
        return page.signed(signs[style], said)
    if style == "stopped":
        return page.signed("held" if word == HELD else "refused", said)
    return f"<span>{safe(said)}</span>"


def _called(report: FleetReportDocument, number: int) -> str:
    words = report.waves[number - 1] if number <= len(report.waves) else ""
    return f"{number}, {safe(words)}" if words and len(report.waves) > 1 else str(number)


def _cells(counts: Counter[_What], whats: list[_What]) -> list[str]:
    return [_signed(what, f"{counts[what]:,}") if counts[what] else "–" for what in whats]


def _waves(report: FleetReportDocument) -> dict[int, Counter[_What]]:
    found: dict[int, Counter[_What]] = {}
    for what, wave in _shards(report):
        found.setdefault(wave, Counter())[what] += 1
    return found


def _shards(report: FleetReportDocument) -> Iterator[tuple[_What, int]]:
    for group in report.groups:
        yield from ((_what(group), each.wave) for each in group.members)
    yield from ((("Failed", "high"), each.wave) for each in report.failed)
    yield from ((("No result", "stopped"), each.wave) for each in report.without)
    yield from ((("Not planned", "none"), each.wave) for each in report.not_planned)


def _what(group: FleetGroupPart) -> _What:
    """Return what is in the way of a kind, else its level."""
    if wording.stopped(group):
        return wording.before(group).removesuffix(" · "), "stopped"
    return wording.level(group), group.risk


def _squares(number: int, parts: list[tuple[_What, int]]) -> str:
    """Return the squares of a wave; each colour is one path, and the words are in the table too."""
    paths, place = [], 0
    for (_, style), count in parts:
        steps = (divmod(each, _ROW) for each in range(place, place + count))
        side = _SIZE + _GAP
        drawn = "".join(f"M{x * side} {y * side}h{_SIZE}v{_SIZE}h-{_SIZE}z" for y, x in steps)
        paths.append(f'<path class="{style}" d="{drawn}"/>')
        place += count
    high = -(-place // _ROW) * (_SIZE + _GAP)
    said = ", ".join(f"{count:,} {word}" for (word, _), count in parts)
    return (
        f'<svg class="shards" viewBox="0 0 {_ROW * (_SIZE + _GAP)} {high}" role="img" '
        f'aria-label="Wave {number}: {safe(said)}">{"".join(paths)}</svg>'
    )
