"""What a report lists, by application and by risk, in; its picture, its filters without a script, and the
classes by which they filter, out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from entra_config.report import page
from entra_config.report.escape import html as safe
from entra_config.risk import LEVELS, Risk

Rated = tuple[str, Risk]  # the key of an application, and a level
FILTERED = 40  # applications that have a box of their own to filter by
SQUARES = 60  # of one cell; what are more are counted


class Overview:
    """A report's items, in the order in which they are listed; `more` are filtered and not counted."""

    def __init__(
        self, items: Sequence[Rated], noun: str, names: Mapping[str, str], more: Iterable[Rated] = ()
    ) -> None:
        self._items, self._noun, self._names = items, noun, names
        self._also = tuple(more)
        self._applications = list(dict.fromkeys(key for key, _ in (*items, *self._also)))

    def classes(self, application: str, risk: Risk) -> str:
        """Return what an element of the page is marked with, so that the filters find it."""
        return f"is-{risk} of-{self._applications.index(application)}"

    def style(self) -> str:
        """Return the rules of the filters; on paper everything is there."""
        filtered = range(len(self._applications)) if len(self._applications) <= FILTERED else ()
        rules = "".join(
            f"main:has(#application-{index}:not(:checked)) .of-{index} {{ display: none; }}\n"
            for index in filtered
        )
        return f"@media screen {{\n{rules}}}\n" if rules else ""

    def filters(self) -> Iterator[str]:
        """Yield the boxes; nothing where there is nothing to choose from."""
        levels = {risk for _, risk in (*self._items, *self._also)}
        chosen = 1 < len(self._applications) <= FILTERED
        if len(levels) < 2 and not chosen:
            return
        yield '<div class="filters"><fieldset><legend>Risk</legend>'
        for level in LEVELS:
            yield f'<label><input type="checkbox" id="risk-{level}" checked> {page.mark(level)}</label>'
        yield "</fieldset>"
        if chosen:
            yield "<fieldset><legend>Application</legend>"
            for index, key in enumerate(self._applications):
                box = f'<input type="checkbox" id="application-{index}" checked>'
                yield f"<label>{box} {safe(self._names.get(key, key))}</label>"
            yield "</fieldset>"
        yield "</div>"

    def squares(self) -> Iterator[str]:
        """Yield the picture: a row an application, a column a level, a square an item that leads to it."""
        noun = self._noun
        yield f"<figure><figcaption>By application and risk. A square is a {noun}</figcaption>"
        yield from page.table("by-risk", ("Application", *(level.word for level in LEVELS.values())))
        found: dict[Rated, list[int]] = {}
        for number, each in enumerate(self._items, 1):
            found.setdefault(each, []).append(number)
        shown = list(dict.fromkeys(key for key, _ in self._items))
        for key in shown:
            cells = [self._cell(level, found.get((key, level), [])) for level in LEVELS]
            yield page.row(named(key, self._names), cells)
        counts = Counter(level for _, level in self._items)
        totals = [page.mark(level, str(counts[level])) if counts[level] else "–" for level in LEVELS]
        yield f"{page.row(f'All {len(shown)}', totals)}</tbody></table></figure>"

    def _cell(self, level: Risk, numbers: Sequence[int]) -> str:
        said = f"{self._noun.capitalize()} {{}}, {LEVELS[level].word}"
        links = "".join(
            f'<a class="square {level}" href="#{self._noun}-{number}" '
            f'aria-label="{said.format(number)}">{number}</a>'
            for number in numbers[:SQUARES]
        )
        if len(numbers) > SQUARES:
            links += f'<span class="meta">and {len(numbers) - SQUARES} more</span>'
        return f'<span class="squares">{links}</span>' if links else "–"


def named(key: str, names: Mapping[str, str]) -> str:
    """Return an application as pages show it: its display name with its key, or its key alone."""
    name = names.get(key, key)
    return safe(name) if name == key else f'{safe(name)} <code class="meta">{safe(key)}</code>'
