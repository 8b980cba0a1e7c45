"""The comment's room: shared, prod first, closed where it is cut, and what is cut counted and named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import scripts

comment, room, reviewed = scripts.load("comment"), scripts.load("room"), scripts.load("reviewed")
LIMIT = 60_000
WHOLE = "the whole is elsewhere."


def plan(folder: Path, environment: str, lines: int, objects: int = 1) -> None:
    """Write what a plan job leaves: Markdown with a block of code in what can be unfolded, and the saved plan."""
    body = "\n".join(f"+ {environment} line {number} of a plan" for number in range(lines))
    head = f"### plan: {environment}\n\n<details open><summary>What would change</summary>\n"
    text = f"{head}\n```diff\n{body}\n```\n\n</details>\n\nCosts\n"
    (folder / f"{environment}.md").write_text(text)
    content = {f"application.{environment}-{number}-{'long' * 20}": {"": "create"} for number in range(objects)}
    (folder / f"{environment}.json").write_text(json.dumps({"digest": "d" * 64, "content": content}))


def test_a_long_dev_plan_leaves_prod_whole(tmp_path: Path) -> None:
    """Prod's plan comes first and whole; dev's is cut, closed, and its missing lines are counted and named."""
    plan(tmp_path, "dev", 5000)
    plan(tmp_path, "prod", 500)

    text = comment.body(tmp_path, ["prod", "dev"], "https://hub/run/1")

    assert len(text) <= LIMIT
    assert (tmp_path / "prod.md").read_text().strip() in text
    assert text.index("### plan: prod") < text.index("### plan: dev")
    dev = text[text.index("### plan: dev") :]
    shown = dev.count("+ dev line")
    assert f"… {5010 - 5 - shown} of 5010 lines are cut here: the whole is the artifact `plan-dev`" in dev
    assert dev.index("\n```\n\n</details>") < dev.index("lines are cut here")
    assert len(text) > LIMIT - 300, "the room is used"


def test_two_long_plans_have_half_each(tmp_path: Path) -> None:
    """Neither crowds the other out."""
    plan(tmp_path, "dev", 9000)
    plan(tmp_path, "prod", 9000)

    text = comment.body(tmp_path, ["prod", "dev"], "https://hub/run/1")

    prod, dev = text[: text.index("### plan: dev")], text[text.index("### plan: dev") :]
    assert abs(len(prod) - len(dev)) < 1000
    assert len(text) <= LIMIT


def test_digests_take_a_bounded_room(tmp_path: Path) -> None:
    """Hundreds of objects with long names leave the comment to the plan; the whole plan's digest stays, and is said to be all."""
    plan(tmp_path, "dev", 400, objects=5)
    plan(tmp_path, "prod", 400, objects=900)

    text = comment.body(tmp_path, ["prod", "dev"], "https://hub/run/1")

    assert text.count("+ prod line") == text.count("+ dev line") == 400
    (hidden,) = [line for line in text.splitlines() if "digests" in line]
    assert len(hidden) <= comment.DIGESTS
    held = json.loads(hidden.removeprefix("<!-- entra-config:digests ").removesuffix(" -->"))
    assert len(held["dev"]["objects"]) == 5
    assert held["prod"] == {"digest": "d" * 64, "objects": {}}
    said = reviewed.verdict((7, held["prod"]), {"digest": "e" * 64, "content": {"application.x": {}}})
    assert "too large to be compared object by object" in said
    assert "`application.x`" not in said


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("```diff\na\nb\nc\nd", ["```"]),
        ("````\n```\na\nb\nc", ["````"]),
        ("~~~ text\n```\nb\nc\nd", ["~~~"]),
        ("```\na\n```\nb\nc\nd\ne\nf", []),
        ("   ```\n    ```\nb\nc\nd", ["```"]),
        ("```\n<details>\n```\nx\ny\nz", []),
        ("<details><summary>s</summary>\n\n```\na\nb\nc", ["```", "", "</details>"]),
    ],
)
def test_what_is_open_is_closed_as_markdown_reads_it(text: str, closed: list[str]) -> None:
    """A block of code ends with its own mark, at least as long, and only outside of one does a tag mean anything."""
    lines = text.split("\n")

    assert room._closing(lines) == closed


@given(st.lists(st.text("`~ abc<>/details\n", max_size=200), min_size=1, max_size=4), st.integers(400, 3000))
def test_nothing_is_longer_than_its_part_or_silently_shorter(texts: list[str], limit: int) -> None:
    """For any texts and any room: the parts fit, a text that fits is whole, and one that does not says how much is missing."""
    parts = room.share(texts, limit)

    assert sum(parts) <= limit
    for text, part in zip(texts, parts, strict=True):
        shown = room.cut(text, max(part, 100), WHOLE)
        assert len(shown) <= max(part, 100)
        assert shown == text or ("lines are cut here" in shown and WHOLE in shown)
        assert part >= min(len(text), limit // len(texts))
