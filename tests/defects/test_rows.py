"""Each defect of the list can still be made, and the test file that notices it still exists."""

import pytest

from tests.defects.rows import Patch, apply_patch, find_problems, read_rows


def test_every_defect_can_be_made() -> None:
    """Each patch applies once and each switch exists. If code moved, make the patch anew: the same defect."""
    defects = read_rows()
    assert list(find_problems(defects)) == []


def test_a_text_that_is_there_twice_is_not_patched() -> None:
    """The patch would change a place that nobody chose."""
    patch = Patch("some.py", "x = 1\n", "x = 2\n")
    assert apply_patch("x = 1\ny = 2\n", patch) == "x = 2\ny = 2\n"
    with pytest.raises(ValueError, match="replaces 2 times, not once"):
        apply_patch("x = 1\nx = 1\n", patch)
