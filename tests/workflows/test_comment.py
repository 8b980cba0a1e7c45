"""The comments of a plan: what gives power whole and first, prod first; the rest cut, counted and named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from entra_config.plan import effects
from entra_config.plan.model import Effect
from tests.workflows import scripts

comment, reviewed = scripts.load("comment"), scripts.load("reviewed")
LIMIT = 60_000
RUN = "https://hub/run/1"


def plan(
    folder: Path, environment: str, lines: int, objects: int = 1, powers: list[str] | None = None
) -> None:
    """Write what a plan job leaves: Markdown as `--format markdown` writes it, and the saved plan."""
    body = "\n".join(f"+ {environment} line {number} of a plan" for number in range(lines))
    reported = "\n".join(f"! {each}" for each in powers or ())
    first = f"### plan: {environment}\n\n" + (
        f"#### Gives power\n\n```diff\n{reported}\n```\n\n" if powers else ""
    )
    rest = (
        f"<details open><summary>What would change</summary>\n\n```diff\n{body}\n```\n\n</details>\n\nCosts\n"
    )
    (folder / f"{environment}.md").write_text(f"{first}{comment.REST}\n\n{rest}")
    content = {
        f"application.{environment}-{number}-{'long' * 20}": {"": "create"} for number in range(objects)
    }
    (folder / f"{environment}.json").write_text(json.dumps({"digest": "d" * 64, "content": content}))


def visible(bodies: list[str]) -> str:
    """Return what is seen of comments."""
    return re.sub(r"(?m)^<!--.*-->$", "", "\n".join(bodies))


def test_a_long_dev_plan_leaves_prod_whole(tmp_path: Path) -> None:
    """Prod's plan comes first and whole; dev's is cut, closed, and its missing lines are counted and
    named.
    """
    plan(tmp_path, "dev", 5000)
    plan(tmp_path, "prod", 500)

    (text,) = comment.bodies(tmp_path, ["prod", "dev"], RUN)

    assert len(text) <= LIMIT
    assert text.count("+ prod line") == 500
    assert (
        text.index("### plan: prod")
        < text.index("### plan: dev")
        < text.index("+ prod line")
        < text.index("+ dev line")
    )
    dev = text[text.index("+ dev line 0") :]
    shown = dev.count("+ dev line")
    assert f"… {5008 - 3 - shown} of 5008 lines are cut here: the whole is the artifact `plan-dev`" in dev
    assert "its summary, and its job's output" in dev
    assert dev.index("\n```\n\n</details>") < dev.index("lines are cut here")
    assert len(text) > LIMIT - 800, "the room is used"


def test_what_gives_power_is_whole_over_several_comments(tmp_path: Path) -> None:
    """A thousand lines of prod and five hundred of dev stand whole, in order, before anything else; the
    rest has what is left.
    """
    powers = {
        name: [f"role {name} {number:04} {'x' * 100}" for number in range(count)]
        for name, count in (("prod", 1000), ("dev", 500))
    }
    for name, reported in powers.items():
        plan(tmp_path, name, 3000, powers=reported)

    bodies = comment.bodies(tmp_path, ["prod", "dev"], RUN)

    assert 3 <= len(bodies) <= 4
    assert all(len(body) <= LIMIT for body in bodies)
    every = [
        line.removeprefix("! ") for body in bodies for line in body.splitlines() if line.startswith("! ")
    ]
    assert every == powers["prod"] + powers["dev"]
    assert all(body.count("```") % 2 == 0 for body in bodies), (
        "a block that goes on is closed and opened again"
    )
    assert [body.splitlines()[0] for body in bodies] == [
        comment.marker(number) for number in range(1, len(bodies) + 1)
    ]
    assert bodies[0].endswith(f"[Run]({RUN}), 1 of {len(bodies)}")
    assert "lines are cut here: the whole is the artifact `plan-prod`" in bodies[-1]


def test_a_comment_that_silences_lint_is_told_once(tmp_path: Path) -> None:
    """It is for all environments: the first tells it, the others count it; what else is the same is told
    of each.
    """
    silent = [
        effects.line(Effect("guard", f"lint is silent of {rule} in team.yaml because {why}"))
        for rule, why in (("redirect-http", "x"), ("fic-many", "lint is silent of redirect-http"))
    ]
    lowered = [effects.line(Effect("guard", "team.yaml may declare everything"))]
    for name, powers in (
        ("prod", [*lowered, silent[0]]),
        ("stage", [silent[0], silent[1], *lowered]),
        ("dev", [*silent, *silent]),
    ):
        plan(tmp_path, name, 3, powers=powers)

    (text,) = comment.bodies(tmp_path, ["prod", "stage", "dev"], RUN)

    assert text.count(silent[0]) == text.count(silent[1]) == 1
    assert text.count(lowered[0]) == 2
    assert (
        text.index("### plan: prod")
        < text.index(silent[0])
        < text.index("### plan: stage")
        < text.index(silent[1])
    )
    counted = [line.split()[1:] for line in text.splitlines() if line.endswith("as above")]
    assert counted == [["guard", "lint:", "1", "as", "above"], ["guard", "lint:", "4", "as", "above"]]


def test_what_does_not_fit_five_comments_is_counted(tmp_path: Path) -> None:
    """By then the plan is refused: what fits is shown, prod's first, and how much is missing is said of
    each environment.
    """
    for name in ("prod", "dev"):
        plan(tmp_path, name, 10, powers=[f"role {name} {number:05} {'x' * 100}" for number in range(4000)])

    bodies = comment.bodies(tmp_path, ["prod", "dev"], RUN)

    assert len(bodies) == 5
    assert all(len(body) <= LIMIT for body in bodies)
    text = visible(bodies)
    assert text.count("role prod") < 4000
    assert text.count("role dev") == 0
    assert text.count("lines are cut here") >= 2
    assert f"of {4000 + 6} lines are cut here: the whole is the artifact `plan-prod`" in text


def test_a_name_is_no_border(tmp_path: Path) -> None:
    """What looks like the line between the two parts, in a name, is a line of code with a sign before it."""
    plan(tmp_path, "prod", 3, powers=[comment.REST, "```", "-->", "</details>", "role last"])

    (text,) = comment.bodies(tmp_path, ["prod"], RUN)

    assert text.index("role last") < text.index("What would change")


def test_a_plan_that_no_summary_takes_is_not_said_to_be_there(tmp_path: Path) -> None:
    """Above the size at which the summary is left out, the artifact and the output are named alone."""
    plan(tmp_path, "prod", 60_000)

    (text,) = comment.bodies(tmp_path, ["prod"], RUN)

    assert (
        "the whole is the artifact `plan-prod` of [the run](https://hub/run/1), and its job's output." in text
    )
    script = (scripts.FOLDER / "scripts/plan_for_review.sh").read_text()
    assert f"-lt {comment.SUMMARY}" in script
    assert '\ncat "plans/$name.md"\n' in script


def test_two_long_plans_have_half_each(tmp_path: Path) -> None:
    """Neither crowds the other out."""
    plan(tmp_path, "dev", 9000)
    plan(tmp_path, "prod", 9000)

    (text,) = comment.bodies(tmp_path, ["prod", "dev"], RUN)

    assert abs(text.count("+ prod line") - text.count("+ dev line")) < 100
    assert len(text) <= LIMIT


def test_digests_take_a_bounded_room(tmp_path: Path) -> None:
    """Hundreds of objects with long names leave the comment to the plan; the whole plan's digest stays,
    and is said to be all.
    """
    plan(tmp_path, "dev", 400, objects=5)
    plan(tmp_path, "prod", 400, objects=900)

    (text,) = comment.bodies(tmp_path, ["prod", "dev"], RUN)

    assert text.count("+ prod line") == text.count("+ dev line") == 400
    (hidden,) = [line for line in text.splitlines() if "digests" in line]
    assert len(hidden) <= comment.DIGESTS
    held = json.loads(hidden.removeprefix("<!-- entra-config:digests ").removesuffix(" -->"))
    assert len(held["dev"]["objects"]) == 5
    assert held["prod"] == {"digest": "d" * 64, "objects": {}}
    said = reviewed.verdict((7, held["prod"]), {"digest": "e" * 64, "content": {"application.x": {}}})
    assert "too large to be compared object by object" in said
    assert "`application.x`" not in said


@settings(max_examples=15)
@given(st.integers(1, 6), st.integers(60, 400), st.integers(0, 2), st.integers(0, 2**32))
def test_what_the_plan_lets_through_fits(
    tmp_path: Path, number: int, length: int, kind: int, seed: int
) -> None:
    """Whatever effects the engine calls few enough for so many environments, each of their lines is whole
    in the comments.
    """
    for file in tmp_path.iterdir():
        file.unlink()
    random = Random(seed)
    names = ["prod", *(f"stage-{index}" for index in range(number - 1))]
    room_of_each = effects.room(number)
    reported: dict[str, list[str]] = {}
    for name in names:
        lines: list[str] = []
        used = 0
        while True:
            size = (length, random.randint(1, length), random.choice((length, effects.LONGEST - 20)))[kind]
            line = f"{name} {len(lines):05} {'x' * size}"
            if used + len(line) + 3 > room_of_each:
                break
            used += len(line) + 3
            lines.append(line)
        reported[name] = lines
        plan(tmp_path, name, 500, objects=50, powers=lines)

    bodies = comment.bodies(tmp_path, ["prod"], RUN)

    assert len(bodies) <= effects.COMMENTS
    assert all(len(body) <= effects.COMMENT for body in bodies)
    shown = [
        line.removeprefix("! ") for body in bodies for line in body.splitlines() if line.startswith("! ")
    ]
    assert shown == [line for name in names for line in reported[name]]


class Hub:
    """Keeps comments as GitHub does."""

    def __init__(self) -> None:
        self.held: list[dict[str, object]] = []
        self.count = 0

    def pages(self, _path: str) -> list[dict[str, object]]:
        """Return all comments."""
        return list(self.held)

    def send(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, object] | None:
        """Write, change or delete one."""
        if method == "POST":
            assert body is not None
            self.count += 1
            self.held.append(
                {"id": self.count, "user": {"type": "Bot"}, "html_url": f"c{self.count}", **body}
            )
            return self.held[-1]
        (found,) = [each for each in self.held if path == f"/issues/comments/{each['id']}"]
        if method == "DELETE":
            self.held.remove(found)
            return None
        found |= body or {}
        return found


def test_comments_are_updated_in_place_and_none_is_left_over() -> None:
    """A smaller plan takes its further comments away; what a person wrote stays, whatever it quotes."""
    hub = Hub()
    person = {"id": 99, "user": {"type": "User"}, "html_url": "p", "body": comment.marker(2)}
    hub.held.append(person)

    comment.upsert(hub, 1, [f"{comment.marker(number)}\nfirst" for number in (1, 2, 3)])
    assert [each["id"] for each in hub.held] == [99, 1, 2, 3]
    comment.upsert(hub, 1, [f"{comment.marker(1)}\nsecond"])

    assert [(each["id"], each["body"]) for each in hub.held] == [
        (99, comment.marker(2)),
        (1, f"{comment.MARKER}\nsecond"),
    ]
