"""The page that follows one change names every room that the change goes through."""

from __future__ import annotations

from tests.docs.session import PROJECT


def test_the_life_of_a_plan_goes_through_every_room() -> None:
    """Each room of `reconcile.py` has its section."""
    page = (PROJECT / "docs/life-of-a-plan.md").read_text(encoding="utf-8")

    sections = [
        line.removeprefix("## ").partition(":")[0] for line in page.splitlines() if line.startswith("## ")
    ]
    assert [each for each in sections if each in {"read", "identify", "states", "judge", "diff", "expand",
    "apply"}] == [
        "read", "identify", "states", "judge", "diff", "expand", "apply",
    ]  # fmt: skip
