"""The demo: its story in order, how it ends where something fails, and what it reads."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli.demo import story, tampering
from entra_config.cli.main import main
from entra_config.cli.options import Common, Session
from entra_config.cli.output import Output
from entra_config.errors import GraphError, UsageError
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import without_variables

COMMANDS = [
    "validate", "plan -e dev --out plan.json", "apply -e dev plan.json", "plan -e dev --detailed-exitcode",
    "drift -e dev", "plan -e dev --detailed-exitcode --out repair.json", "apply -e dev repair.json",
    "plan -e dev --detailed-exitcode", "destroy -e dev --auto-approve",
]  # fmt: skip
CHAPTERS = [
    "1. An empty tenant  contoso: {} people, {} groups, and nothing of this project",
    "2. What would change?  nothing is written by a plan",
    "3. Carry it out  exactly that plan: independent chains side by side, in batches of 20",
    "4. Again  what Graph defaulted, reordered or normalised is no difference",
    "5. Somebody edits the tenant by hand  alice@contoso.com, an administrator in a hurry, with a script",
    "6. Who was that?  the tenant beside the manifest, and the directory's audit log; exit code 2",
    "7. What would put it right?  exactly that, and what it means for whom",
    "8. Repaired",
    "9. Taken out again",
]
BY_HAND = [
    "adds the redirect URI https://preview.example.net/ to the SPA",
    "rewrites the description of the role Writer",
    "takes the dev client off the API's authorized clients",
    "makes dave@contoso.com an Admin",
    "takes user.write out of the consent of the SPA",
]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing in the environment that says how to talk."""
    without_variables(monkeypatch)


def test_the_whole_story_ends_as_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """From an empty tenant to an empty tenant: each command, each code, and what somebody did by hand."""
    tenant = Embedded.create()
    assert main(["demo", "--no-color"]) == 0
    out, _ = capsys.readouterr()
    people = tampering.population(tenant)
    assert re.findall(r"^\$ entra-config (.*)$", out, re.MULTILINE) == COMMANDS
    assert re.findall(r"^exit code (\d), \d+\.\d\d s$", out, re.MULTILINE) == list("000022000")
    assert re.findall(r"^── (.*)$", out, re.MULTILINE) == [each.format(*people) for each in CHAPTERS]
    assert re.findall(r"^  • (.*)$", out, re.MULTILINE) == BY_HAND
    for reported in (
        "21 to add, 0 to change, 0 to remove", "23 done, 0 failed", "No changes: 21 unchanged",
        "1 to add, 3 to change, 1 to remove, 17 unchanged",
    ):  # fmt: skip
        assert reported in out
    number = len(tampering.snapshot(tenant))
    assert (
        f"Nothing of myapp/dev is live, and the {number} other objects of the tenant are as they were." in out
    )
    end = re.search(r"^That was all of it, in (\d+\.\d) s, without a tenant\. Next:\n", out, re.MULTILINE)
    assert end is not None
    assert out[end.end() :] == story.format_next_steps()


class Tale:
    """A story whose commands end as it is said, and what was typed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, output: Output, codes: dict[str, int]) -> None:
        self.typed: list[list[str]] = []
        self.tenant = Embedded.create()
        self.told = story.Story(Common(output=output), self.tenant)

        def run(words: Sequence[str], session: Session) -> int:
            assert isinstance(session, Session)
            self.typed.append(list(words))
            return codes.get(words[0], 0)

        monkeypatch.setattr("entra_config.cli.main.main", run)


@pytest.mark.parametrize(
    ("output", "flags"),
    [
        (Output(), []),
        (Output(no_color=True), ["--no-color"]),
        (Output(verbose=True), ["--verbose"]),
        (Output(no_color=True, verbose=True), ["--no-color", "--verbose"]),
    ],
)
def test_commands_talk_as_the_demo_does(
    monkeypatch: pytest.MonkeyPatch, output: Output, flags: list[str]
) -> None:
    """Each word of theirs is said to them too."""
    tale = Tale(monkeypatch, output, {})
    tale.told.run("plan -e 'my dev'")
    assert tale.typed == [["plan", "-e", "my dev", *flags]]
    assert tale.told.failed == 0


@pytest.mark.parametrize(("code", "expect", "failed"), [(0, 0, 0), (2, 2, 0), (1, 0, 1), (0, 2, 1)])
def test_another_code_than_the_story_says_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, expect: int, failed: int
) -> None:
    """It is said, and the demo ends with it."""
    tale = Tale(monkeypatch, Output(no_color=True), {"drift": code})
    tale.told.run("drift", expect=expect)
    out, err = capsys.readouterr()
    assert out.startswith(f"$ entra-config drift\nexit code {code}, 0.")
    assert out.endswith(" s\n\n")
    assert err == (f"this should have been exit code {expect}\n" if failed else "")
    assert tale.told.failed == failed


def test_what_is_not_as_it_was_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What changed, what went and what came is named."""
    tale = Tale(monkeypatch, Output(no_color=True), {})
    tale.told._compare({"a/1": "x", "b/2": "x"}, {"b/2": "x", "a/1": "x"})
    words = "Nothing of myapp/dev is live, and the 2 other objects of the tenant are as they were."
    assert (capsys.readouterr(), tale.told.failed) == ((f"{words}\n\n", ""), 0)
    tale.told._compare({"a/1": "x", "b/2": "x", "c/3": "x"}, {"b/2": "y", "c/3": "x", "d/4": "x"})
    said = "these objects are not as they were: a/1, b/2, d/4\n"
    assert (capsys.readouterr(), tale.told.failed) == (("", said), 1)


def test_the_demo_ends_with_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever came after it."""
    monkeypatch.setattr(story.Story, "play", lambda self: setattr(self, "failed", 1))
    assert main(["demo", "--quiet"]) == 1


def test_it_reads_nothing_of_the_user_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither variables nor files; afterwards all is as it was."""
    monkeypatch.setenv("ENTRA_CONFIG_ENVIRONMENT", "prod")
    monkeypatch.setenv("OTHER", "1")
    before = Path.cwd()
    with story._in_a_folder():
        assert sorted(path.name for path in Path().iterdir()) == ["manifests"]
        assert Path("manifests/entra-config.yaml").is_file()
        assert "ENTRA_CONFIG_ENVIRONMENT" not in os.environ
        assert os.environ["OTHER"] == "1"
        inside = Path.cwd()
    assert (Path.cwd(), inside.exists(), os.environ["ENTRA_CONFIG_ENVIRONMENT"]) == (before, False, "prod")

    def full(**_: Any) -> Any:
        raise FileNotFoundError("no usable folder")

    monkeypatch.setattr("tempfile.TemporaryDirectory", full)
    with (
        pytest.raises(UsageError, match=r"set TMPDIR to one that can \(no usable folder\)$"),
        story._in_a_folder(),
    ):
        pass


def test_what_graph_refuses_ends_the_tampering() -> None:
    """With what was sent, and what came back."""
    tenant = Embedded.create()

    async def send() -> None:
        async with tenant.client(tenant.user_caller("alice@contoso.com", ["User.Read"])) as graph:
            await tampering._send(graph, "GET", "/nothing")

    with pytest.raises(GraphError, match=r"^GET /nothing: ") as refused:
        asyncio.run(send())
    assert refused.value.status >= 400
