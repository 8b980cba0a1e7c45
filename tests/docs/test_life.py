"""The page that follows one change through every room says what happens today."""

from __future__ import annotations

from tests.docs import life
from tests.docs.session import PROJECT


def test_the_life_of_a_plan_is_as_the_page_says() -> None:
    """`python -m tests.docs.life > docs/life-of-a-plan.md` would change nothing; each room of
    `reconcile.py` has its section.
    """
    page = life.page()

    assert (PROJECT / "docs/life-of-a-plan.md").read_text(encoding="utf-8") == page
    sections = [
        line.removeprefix("## ").partition(":")[0] for line in page.splitlines() if line.startswith("## ")
    ]
    assert [each for each in sections if each in {"read", "identify", "states", "judge", "diff", "expand",
    "apply"}] == [
        "read", "identify", "states", "judge", "diff", "expand", "apply",
    ]  # fmt: skip
