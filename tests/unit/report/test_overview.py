"""The picture of a report, its filters, and the classes by which they filter."""

from __future__ import annotations

import re

import pytest

from entra_config.report import rendering
from entra_config.report.overview import FILTERED, SQUARES, Overview, Rated
from entra_config.report.pages import Named

NAMES = {"api": "My <API>"}
ITEMS: list[Rated] = [("spa", "low"), ("api", "high"), ("spa", "low"), ("api", "medium")]


def overview(items: list[Rated], more: list[Rated] | None = None) -> Overview:
    """Return the overview of some items."""
    return Overview(items, "finding", NAMES, more or ())


def part(name: str, *values: object) -> str:
    """Return what a part of the pages' templates draws."""
    return str(getattr(rendering.html_templates().get_template("parts.html").module, name)(*values))


def many(number: int) -> list[Rated]:
    """Return an item of so many applications each."""
    return [(f"a{each}", "low") for each in range(number)]


def plain(markup: str) -> str:
    """Return the words of some markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup)).strip()


def test_an_element_is_marked_with_its_level_and_its_application() -> None:
    """Applications are numbered as they come; those that are filtered only come last."""
    found = overview(ITEMS, [("dev", "low"), ("api", "low")])
    marked = [found.classes(key, "high") for key in ("spa", "api", "dev")]
    assert marked == ["is-high of-0", "is-high of-1", "is-high of-2"]


@pytest.mark.parametrize(("number", "filtered"), [(0, 0), (1, 1), (40, 40), (41, 0)])
def test_each_application_is_hidden_by_its_box(number: int, filtered: int) -> None:
    """On a screen alone, and not where there are too many boxes."""
    assert FILTERED == 40
    rules = "".join(
        f"main:has(#application-{each}:not(:checked)) .of-{each} {{ display: none; }}\n"
        for each in range(filtered)
    )
    assert overview(many(number)).style == (f"@media screen {{\n{rules}}}\n" if filtered else "")


@pytest.mark.parametrize(
    ("items", "more", "boxes"),
    [
        ([], [], []),
        ([("api", "low")], [], []),
        ([("api", "low")] * 2, [], []),
        ([("api", "low"), ("api", "high")], [], ["high", "medium", "low"]),
        ([("api", "low")], [("api", "high")], ["high", "medium", "low"]),
        ([("api", "low")], [("spa", "low")], ["high", "medium", "low", "0 My &lt;API&gt;", "1 spa"]),
        (many(41), [], []),
        ([*many(41), ("a0", "high")], [], ["high", "medium", "low"]),
    ],
)
def test_there_are_boxes_where_there_is_something_to_choose(
    items: list[Rated], more: list[Rated], boxes: list[str]
) -> None:
    """Levels, and two to forty applications, each by its name."""
    found = [
        (f"{number} {plain(label)}" if kind == "application" else number)
        for kind, number, label in re.findall(
            r'<label><input type="checkbox" id="(risk|application)-(\w+)" checked>(.*?)</label>',
            part("filters", overview(items, more)),
        )
    ]
    assert found == boxes


def test_forty_applications_have_boxes() -> None:
    """One more has none."""
    assert len(re.findall("application-", part("filters", overview(many(40))))) == 40


def test_the_picture_has_a_row_for_each_application_and_a_square_for_each_item() -> None:
    """That leads to it; what is filtered only is not counted, and the last row counts all."""
    whole = part("squares", overview(ITEMS, [("dev", "low")]))
    assert "<figcaption>By application and risk. A square is a finding</figcaption>" in whole
    rows = [plain(each) for each in re.findall(r"<tr role=\"row\">(.*?)</tr>", whole)]
    assert rows == [
        "Application High Medium Low",
        "spa – – 1 3",
        "My &lt;API&gt; api 2 4 –",
        "All 2 1 1 2",
    ]
    assert '<a class="square low" href="#finding-3" aria-label="Finding 3, Low">3</a>' in whole
    none = part("squares", overview([("api", "low")]))
    assert plain(none).endswith("All 1 – – 1")


@pytest.mark.parametrize(("number", "more"), [(60, ""), (61, "and 1 more"), (75, "and 15 more")])
def test_a_cell_has_sixty_squares(number: int, more: str) -> None:
    """What are more are counted."""
    assert SQUARES == 60
    whole = part("squares", overview([("api", "low")] * number))
    assert len(re.findall('class="square low"', whole)) == 60
    assert re.findall('<span class="meta">(.*?)</span>', whole) == ([more] if more else [])


@pytest.mark.parametrize(
    ("key", "shown"),
    [("api", 'My &lt;API&gt; <code class="meta">api</code>'), ("s<a", "s&lt;a"), ("same", "same")],
)
def test_an_application_is_shown_by_its_name_and_its_key(key: str, shown: str) -> None:
    """By its key alone where it has no other name."""
    assert part("application", Named.of(key, NAMES | {"same": "same"})) == shown
