"""What a command of `bootstrap` shows, asks for, writes, sets and applies, and with which code it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from entra_config.bootstrap.checkout import Checkout
from entra_config.bootstrap.flow import Choice
from entra_config.bootstrap.model import Files
from entra_config.bootstrap.survey import HubWrite, Survey
from entra_config.cli import apply as applying
from entra_config.cli import bootstrap as command
from entra_config.cli import carrying
from entra_config.cli import plan as planning
from entra_config.cli.options import Common
from entra_config.plan import file
from entra_config.plan.model import Plan, Refusal, TenantInfo
from entra_config.plan.options import Options
from tests.unit.report.plans import TENANT, worked_example

NOTHING = Plan("pipeline", "prod", TenantInfo(TENANT, "contoso"), (), ())
CHANGES = replace(worked_example(), tenant=TenantInfo(TENANT, "contoso"))
BLOCKED = replace(NOTHING, refusals=(Refusal("many", "too many"),))
CHOICE = Choice(check=False, apply=False)
NEW = Files(
    {"pipeline/entra-config.yaml": "new\n", "manifests/x.yaml": "same\n"}, {"manifests/x.yaml": "same\n"}
)
SAME = Files({"manifests/x.yaml": "same\n"}, {"manifests/x.yaml": "same\n"})
WRITE, SET = "write these files", "set this in GitHub"
APPLY = f"apply this to contoso ({TENANT})"


@dataclass
class Run:
    """A command in a repository: what it finds, in turn, what it plans, and all that it did, in order."""

    root: Path
    plan: Plan = NOTHING
    sure: bool = True
    code: int = 0
    found: list[Survey] = field(default_factory=list)
    did: list[object] = field(default_factory=list)

    @property
    def common(self) -> Common:
        """Return the options that are given."""
        return Common("dev", cloud="usgov")

    def survey(
        self, files: Files = SAME, *, steps: tuple[str, ...] = (), lacking: tuple[str, ...] = ()
    ) -> Survey:
        """Find something."""
        place = Checkout(self.root, self.root / "manifests", "manifests", "pipeline")
        writes = tuple(HubWrite(each, lambda each=each: self.did.append(f"does {each}")) for each in steps)  # type: ignore[misc]  # a default
        found = Survey(place, files, "GitHub", "", writes, (), ("the host",), lacking, "push it")
        self.found.append(found)
        return found

    def look(self, whole: bool) -> Survey:
        """Look."""
        self.did.append(("looks", whole))
        return self.found.pop(0)

    def __call__(self, choice: Choice = CHOICE, *, auto_approve: bool = False, **changed: bool) -> int:
        """Run the command."""
        where = self.found[0].place
        return command._run(
            self.common, where, self.look, replace(choice, **changed), ALLOW, auto_approve=auto_approve
        )


NEXT_APPLY = (
    "next, as an administrator: entra-config apply --allow dangerous -f pipeline --cloud usgov, then this "
    "command again"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Work in a repository; nothing is planned or applied elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENTRA_CONFIG_CLOUD", raising=False)
    found = Run(tmp_path)

    async def make(common: Common, options: Options, *, contents: Mapping[Path, str]) -> Plan:
        assert (common.environment, common.manifest) == (None, Path("pipeline/entra-config.yaml"))
        found.did.append(("plans", options.allow, dict(contents)))
        return found.plan

    def show(common: Common, plan: Plan) -> None:
        assert common.manifest == Path("pipeline")
        found.did.append(("shows", plan is found.plan))

    def applied(common: Common, *, digest: str, allow: frozenset[str]) -> int:
        assert common.manifest == Path("pipeline")
        found.did.append(("applies", digest == file.digest(found.plan), allow))
        return found.code

    def agreed(question: str, phrase: str) -> bool:
        found.did.append((question, phrase))
        return found.sure

    monkeypatch.setattr(planning, "make", make)
    monkeypatch.setattr(planning, "show", show)
    monkeypatch.setattr(applying, "run", applied)
    monkeypatch.setattr(carrying, "agreed", agreed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    return found


LOOKS = ("looks", True)
ALLOW = frozenset({"many"})
SHOWS = ("shows", True)


def plans(*drafts: str) -> tuple[object, ...]:
    """Return what is planned: with these drafts of the identities' manifest."""
    return "plans", ALLOW, {Path("pipeline") / name: "new\n" for name in drafts}


@pytest.mark.parametrize(
    ("files", "steps", "lacking", "plan", "code"),
    [
        (SAME, (), (), NOTHING, 0),
        (NEW, (), (), NOTHING, 2),
        (SAME, ("a",), (), NOTHING, 2),
        (SAME, (), ("consent",), NOTHING, 2),
        (SAME, (), (), CHANGES, 2),
        (SAME, (), (), BLOCKED, 0),
    ],
    ids=["nothing", "files", "settings", "a consent", "a plan", "a refusal"],
)
def test_check_shows_all_and_writes_nothing(  # noqa: PLR0917  # the columns of a table
    run: Run,
    capsys: pytest.CaptureFixture[str],
    files: Files,
    steps: tuple[str, ...],
    lacking: tuple[str, ...],
    plan: Plan,
    code: int,
) -> None:
    """Exit code 2 where something is to be written, set, applied or consented to."""
    run.plan = plan
    run.survey(files, steps=steps, lacking=lacking)
    assert run(check=True) == code
    shown = [] if plan is NOTHING else [SHOWS]
    assert run.did == [LOOKS, plans(*(["entra-config.yaml"] if files is NEW else [])), *shown]
    out, err = capsys.readouterr()
    assert err.split() == list(lacking)
    assert out.endswith("  ! the host\n\n")
    assert ("+ pipeline/entra-config.yaml" in out) is (files is NEW)
    assert not (run.root / "pipeline").exists()


def test_what_is_refused_is_not_written(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, before anybody is asked."""
    run.plan = BLOCKED
    run.survey(NEW, steps=("a",))
    assert run() == 3
    assert run.did == [LOOKS, plans("entra-config.yaml"), SHOWS]
    assert capsys.readouterr().err == "nothing was written: the plan of the identities is refused\n"


@pytest.mark.parametrize(
    ("files", "steps", "plan", "apply", "question"),
    [
        (SAME, (), NOTHING, False, ""),
        (SAME, (), CHANGES, False, ""),
        (SAME, (), NOTHING, True, ""),
        (NEW, (), NOTHING, False, WRITE),
        (NEW, ("a",), NOTHING, False, f"{WRITE} and {SET}"),
        (SAME, ("a",), NOTHING, True, SET),
        (SAME, (), CHANGES, True, APPLY),
        (NEW, ("a",), CHANGES, True, f"{WRITE}, {SET} and {APPLY}"),
        (NEW, ("a",), CHANGES, False, f"{WRITE} and {SET}"),
    ],
)
@pytest.mark.parametrize("sure", [True, False])
def test_one_question_is_of_all_that_is_written(  # noqa: PLR0917  # the columns of a table
    run: Run,
    capsys: pytest.CaptureFixture[str],
    files: Files,
    steps: tuple[str, ...],
    plan: Plan,
    apply: bool,
    question: str,
    sure: bool,
) -> None:
    """Nobody is asked where there is nothing to write; who says no keeps all as it is."""
    run.plan, run.sure, run.code = plan, sure, 1
    run.survey(files, steps=steps)
    code = run(apply=apply)
    asked = [each for each in run.did if isinstance(each, tuple) and each[1] == "yes"]
    if question:
        wording = f"{question[0].upper()}{question[1:]}? Only `yes` is taken for an answer:"
        assert asked == [(wording, "yes")]
    else:
        assert asked == []
    did = sure or not question
    assert code == (int(apply) if did else 1)
    assert ("Nothing was changed." in capsys.readouterr().err) is (not did)
    assert (run.root / "pipeline/entra-config.yaml").exists() is (did and files is NEW)
    assert ("does a" in run.did) is (did and bool(steps))
    assert (("applies", True, ALLOW) in run.did) is (did and apply)


@pytest.mark.parametrize(
    ("plan", "lacking", "last"),
    [
        (NOTHING, (), "push it"),
        (CHANGES, (), "next, as an administrator: "),
        (NOTHING, ("consent",), "next, as an administrator: "),
    ],
)
def test_what_comes_next_is_said(
    run: Run, capsys: pytest.CaptureFixture[str], plan: Plan, lacking: tuple[str, ...], last: str
) -> None:
    """What was written and set, then an administrator's command where identities wait for one."""
    run.plan = plan
    run.survey(NEW, steps=("a", "b"), lacking=lacking)
    assert run(auto_approve=True) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[:-1] == [*lacking, "wrote 1 files: review them, commit them", "set: a", "set: b"]
    assert said[-1].startswith(last)
    if plan is CHANGES:
        assert "apply --allow dangerous -f pipeline --cloud usgov, then this command again" in said[-1]


@pytest.mark.parametrize("code", [0, 3])
def test_once_applied_the_rest_is_looked_at_again(
    run: Run, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    """Who the identities are is known then: their pins, and what is set at the host."""
    run.plan, run.code = CHANGES, code
    run.survey(NEW)
    run.survey(SAME, steps=("client",), lacking=("consent",))
    assert run(apply=True, auto_approve=True) == code
    assert run.did == [
        LOOKS, plans("entra-config.yaml"), SHOWS, ("applies", True, ALLOW), ("looks", False), "does client"
    ]  # fmt: skip
    assert capsys.readouterr().err.splitlines() == [
        "wrote 1 files: review them, commit them", "set: client", "consent",
        NEXT_APPLY,
        "push it",
    ]  # fmt: skip


def test_what_failed_is_not_looked_at_again(run: Run) -> None:
    """Its code is the command's."""
    run.plan, run.code = CHANGES, 1
    run.survey()
    assert run(apply=True, auto_approve=True) == 1
    assert ("looks", False) not in run.did


def test_who_says_no_to_the_rest_keeps_what_is_applied(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The same command does the rest."""
    run.survey()
    run.survey(steps=("client",))
    run.sure = False
    assert run(apply=True) == 1
    assert run.did[-1] == ("Set this in GitHub? Only `yes` is taken for an answer:", "yes")
    assert capsys.readouterr().err.splitlines() == [
        "Nothing was changed.",
        "the identities are applied; this command again writes and sets the rest",
    ]


@pytest.mark.parametrize(
    ("files", "steps", "writes"), [(SAME, (), False), (NEW, (), True), (SAME, ("a",), True)]
)
def test_what_there_is_to_write(run: Run, files: Files, steps: tuple[str, ...], *, writes: bool) -> None:
    """Files, or what may be set at the host."""
    assert run.survey(files, steps=steps).writes is writes


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (Files({"a": "x\n"}), ["+ a"]),
        (Files({"a": "x\n"}, {"a": "y\n"}), ["~ a"]),
        (Files({"a": "x\n", "b": "x\n"}, {"b": "y\n"}), ["+ a", "~ b"]),
        (Files({"a": "x\n"}, {"a": "x\n"}), []),
        (Files({"a": "x\n"}, {"a": "x\n"}, ("kept",)), ["! kept"]),
        (Files({"a": "x\n"}, {}, ("kept",)), ["+ a", "! kept"]),
        (Files({}), []),
    ],
)
def test_new_files_and_changed_ones_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: Files, shown: list[str]
) -> None:
    """What is as it shall be is not told; what somebody added and stays is; a blank line ends each part."""
    monkeypatch.chdir(tmp_path)
    where = Checkout(tmp_path, Path("manifests"), "manifests", "pipeline")
    lines = ["".join(text for text, _ in each.spans) for each in command._file_lines(where, files)]

    assert [each for each in lines if each[:2] in ("+ ", "~ ", "! ")] == shown
    assert (lines[-1:] == [""]) == bool(shown)
