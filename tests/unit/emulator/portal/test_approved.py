"""Each page of the portal shows what its approved file says: `make approve` writes the files anew."""

import pytest

from tests.unit.emulator.portal.approved import read_states, show_state


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        pytest.param(heading, text, id=f"{path.stem}: {heading.partition(':')[0]}")
        for path, heading, text in read_states()
    ],
)
def test_a_page_shows_what_was_approved(heading: str, text: str) -> None:
    """Hold each value of the page, in each state that the files have."""
    assert show_state(heading) == text
