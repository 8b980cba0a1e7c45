"""Each of these mistakes turns the cells that concern it red."""

import pytest

from options.tests import attempt, page
from options.tests.defects import DEFECTS, Defect
from options.tests.estate import Estate

pytestmark = pytest.mark.options

ROWS = {row["name"]: row for row in page.table()}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_mistake_is_noticed(estate: Estate, monkeypatch: pytest.MonkeyPatch, defect: Defect) -> None:
    """By each attack that is named for it: what it wanted came about, or the answer is another one."""
    expected = page.outcomes()
    with defect.made(estate, estate.places[defect.place], monkeypatch) as place:
        found = {name: attempt.run(estate, ROWS[name], place) for name in defect.rows}
    for name, outcome in found.items():
        assert outcome.text != expected[name][defect.place], name
        assert outcome.refused is not defect.passes, outcome.text
