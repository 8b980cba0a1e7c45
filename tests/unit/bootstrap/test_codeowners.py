"""The block of lines that guards a pipeline: last, kept by whoever owns a line of it, the same when
written again.
"""

from __future__ import annotations

import pytest

from entra_config.bootstrap import codeowners
from entra_config.bootstrap.codeowners import BEGIN, END

FENCES = {
    "manifests/teams/billing.yaml": ["applications/api/appRoles/Billing.*"],
    "manifests/my team.yaml": ["consents/x"],
}


def test_each_folder_and_each_fence_has_a_line() -> None:
    """What a fence lets a file declare stands beside it."""
    text = codeowners.written("", codeowners.guarded("manifests", "pipeline", FENCES), ["@example/platform"])

    rows = [line.split() for line in text.splitlines()[1:-1]]
    assert [row[0] for row in rows[:3]] == ["/.github/", "/pipeline/", "/manifests/"]
    assert "/manifests/my\\ team.yaml " in text
    assert rows[-1] == [
        "/manifests/teams/billing.yaml",
        "@example/platform",
        "#",
        "applications/api/appRoles/Billing.*",
    ]


def test_written_again_it_is_the_same() -> None:
    """Running it again changes nothing, whatever stands before the block."""
    guards = codeowners.guarded("manifests", "pipeline", FENCES)
    for before in ("", "* @all\n", "* @all\n\n\n"):
        once = codeowners.written(before, guards, ["@a"])
        assert codeowners.written(once, guards, ["@b"]) == once


def test_owners_stay_and_the_block_goes_last() -> None:
    """A team that was written into its line keeps it; what somebody put behind the block goes before it."""
    guards = codeowners.guarded("manifests", "pipeline", FENCES)
    text = codeowners.written("* @all\n", guards, ["@a"]).replace(
        "billing.yaml @a", "billing.yaml @example/billing @x"
    )

    again = codeowners.written(text + "docs/ @writers\n", guards, ["@a"])

    assert codeowners.owners(again, "/manifests/teams/billing.yaml") == ("@example/billing", "@x")
    assert again.rstrip().endswith(END)
    assert again.index("docs/ @writers") < again.index(BEGIN)
    assert again.startswith("* @all\n")


def test_a_block_that_somebody_cut_takes_nothing_along() -> None:
    """Without its end nobody knows what is ours: what stands after it stays."""
    guards = codeowners.guarded("manifests", "pipeline", {})
    text = codeowners.written("", guards, ["@a"]).replace(END, "") + "* @all\n"

    assert "* @all" in codeowners.written(text, guards, ["@a"])


def test_what_a_fence_says_begins_no_line() -> None:
    """A pattern with a line break in it, as YAML may have one, is no owner of anything; such a path has no
    line.
    """
    path_restrictions = {
        "manifests/a.yaml": ["applications/x\n* @mallory"],
        "manifests/b\n* @mallory": ["consents/x"],
    }
    text = codeowners.written("", codeowners.guarded("manifests", "pipeline", path_restrictions), ["@a"])

    assert len(text.splitlines()) == 8
    assert not any(line.startswith("*") for line in text.splitlines())


def test_who_owned_lines_before_owns_them_still() -> None:
    """The last line that fits decides: the block repeats whom the lines before it name below its folders."""
    guards = codeowners.guarded("manifests", "pipeline", {})
    before = "/.github/ @sec\nmanifests/apps/a.yaml @team-a @b\n/docs/ @writers\n*.md @x\n"

    text = codeowners.written(before, guards, ["@platform"])

    block = {line.split()[0]: line.split()[1:] for line in text.partition(BEGIN)[2].splitlines()[1:-1]}
    assert block["/.github/"] == ["@sec"]
    assert block["/manifests/"] == ["@platform"]
    assert block["/manifests/apps/a.yaml"] == ["@team-a", "@b"]
    assert set(block) == {
        "/.github/",
        "/pipeline/",
        "/manifests/",
        "/CODEOWNERS",
        "/docs/CODEOWNERS",
        "/manifests/apps/a.yaml",
    }
    assert text.startswith(before)
    assert codeowners.written(text, guards, ["@other"]) == text


def test_the_file_guards_itself() -> None:
    """A pull request that takes the block out, or puts another file before it, needs its owner's word."""
    patterns = [each.pattern for each in codeowners.guarded("manifests", "pipeline", {})]

    assert {"/.github/", "/CODEOWNERS", "/docs/CODEOWNERS"} <= set(patterns)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{codeowners.BEGIN}\n/a/ @o\n{codeowners.END}\n", ("@o",)),
        (f"{codeowners.BEGIN}\n/a/ @o @p   # declares\n{codeowners.END}\n", ("@o", "@p")),
        (f"{codeowners.BEGIN}\n# /a/ @o\n{codeowners.END}\n", ()),
        (f"{codeowners.BEGIN}\n/a/ @o\n", ()),
        (f"/a/ @o\n{codeowners.END}\n", ()),
        ("/a/ @o\n", ()),
    ],
    ids=["in the block", "two", "a comment", "without its end", "without its begin", "outside"],
)
def test_owners_are_read_of_the_block_alone(text: str, expected: tuple[str, ...]) -> None:
    """Hold that half a block is none."""
    assert codeowners.owners(text, "/a/") == expected


def test_a_whole_file_with_its_block() -> None:
    """Hold what stood there, then each line of the block: its owners, what is below it, and no line twice."""
    before = "# ours\n*  @all\n/a/ @kept\n/a/b.yaml @below\nc d @never\n/z @else\n"
    guards = [codeowners.Guarded("a/"), codeowners.Guarded("x y.yaml", ("users", "groups"))]
    block = [
        "/a/         @kept",
        "/x\\ y.yaml  @default @other   # users, groups",
        "/a/b.yaml   @below",
    ]
    written = codeowners.written(before, guards, ["@default", "@other"])

    assert [" ".join(line.split()) for line in written.splitlines()] == [
        *(" ".join(line.split()) for line in before.splitlines()),
        "",
        codeowners.BEGIN,
        *(" ".join(line.split()) for line in block),
        codeowners.END,
    ]
    assert codeowners.written(written, guards, ["@default", "@other"]) == written
    assert codeowners.written("", guards[:1], ["@o"]) == f"{codeowners.BEGIN}\n/a/ @o\n{codeowners.END}\n"
