"""Which line a comment is for that asks lint to be silent."""

from __future__ import annotations

import pytest

from entra_config.manifest.environments import ignores

ASKS = "# entra-config: ignore[token-v1] because of the vendor"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"a: 1\nb: 2 {ASKS}\nc: 3\n", 2),
        (f"a: 1\n{ASKS}\nb: 2\n", 3),
        (f"{ASKS}\nb: 2\n", 2),
        (f"a: 1\n  {ASKS}\n\n  # another comment\n\nb: 2\n", 6),
        (f"{ASKS}\n{ASKS}\nb: 2\n", 3),
        (f"a: 1\n{ASKS}\n# the end\n", 0),
        (f"a: 1\n{ASKS}", 0),
    ],
)
def test_a_comment_is_for_its_own_line_or_for_the_next_one_that_is_none(text: str, line: int) -> None:
    """Behind a value for that; alone in a line for what comes below; at the end of a file for nothing."""
    requested = list(ignores.read(text, "a.yaml"))

    assert requested[0].line == line
    assert {each.line for each in requested} == {line}
