"""`fleet …` as it is typed: which shards, by whom, in which waves, and which ids of a report are meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli.main import main
from entra_config.cli.options import Common, Session
from entra_config.cli.output import Output
from entra_config.errors import UsageError
from entra_fleet.approval import approval_file
from entra_fleet.cli import run
from entra_fleet.run import apart, dask_cluster, driver, wave_check, waves
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_result import Task
from entra_fleet.run.waves import How
from tests.unit.fleet.files import loaded
from tests.unit.fleet.fleet_made import GATE, ONE, TWO, approval, hashed, result, store

SESSION: Any = Session(None, None)  # type: ignore[arg-type]  # nobody signs in


@pytest.fixture
def runs(fleet_folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Run nothing; collect what would be run."""
    calls: list[Any] = []

    def every(_: Common, template: Task, how: How) -> int:
        calls.append((template, how))
        return 2

    def some(_: Common, template: Task, names: list[str], seconds: float, *, reported: bool) -> int:
        calls.append((template, names, seconds, reported))
        return 2

    monkeypatch.setattr(waves, "run", every)
    monkeypatch.setattr(run, "_some", some)
    return calls


RUN = ("fleet", "run", "--results", "r", "--run", "one")
PLAN = Task("", "plan", "one", Path("r"), Flags())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a/b --do plan", (PLAN, ["a/b"], 1800, False)),
        ("a/b c/d a/b --do lint --shard-timeout 2.5", (replace(PLAN, do="lint"), ["a/b", "c/d"], 2.5, False)),
        (
            "a/b --do plan --allow many --allow last --cloud china",
            (replace(PLAN, flags=Flags(("last", "many"), "china")), ["a/b"], 1800, False),
        ),
        ("--all --do drift", (replace(PLAN, do="drift"), How(None, 8, 1, 1800))),
        (
            "--all --do plan --scheduler tls://x --parallel 2 --from-wave 3 --shard-timeout 9",
            (PLAN, How("tls://x", 2, 3, 9)),
        ),
    ],
)
def test_what_is_run(runs: list[Any], words: str, expected: tuple[Any, ...]) -> None:
    """Some shards, each once, or all by a cluster."""
    assert main([*RUN, *words.split()]) == 2
    assert runs == [expected]


def test_a_run_without_a_name_gets_one(runs: list[Any]) -> None:
    """Of the time and of chance, and it is said."""
    assert main(["fleet", "run", "a/b", "--do", "plan", "--results", "r"]) == 2
    ((template, _, _, reported),) = runs
    assert reported
    stamp, _, chance = template.run.partition("-")
    assert (len(stamp), stamp[8], stamp[-1], len(chance)) == (16, "T", "Z", 8)


def test_an_apply_has_the_approval_that_was_meant(runs: list[Any]) -> None:
    """By its id, where that is said."""
    document = approval_file.identified(approval(ONE))
    approval_file.write(Path("a.json"), document)
    words = ["a/b", "--do", "apply", "--approval", "a.json"]
    assert main([*RUN, *words, "--approval-id", document.id]) == main([*RUN, *words]) == 2
    assert [template.document for template, *_ in runs] == [document, document]
    assert main([*RUN, *words, "--approval-id", "a-1"]) == 1


NEEDS = "--do apply needs --approval FILE, which `fleet approve` wrote; nothing else takes it"
OF_PLAN = "--base is of --do plan, and not of --scheduler: each worker has its own checkout"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--do plan", "say which shards, or --all"),
        ("a/b --all --do plan", "say which shards, or --all"),
        ("a/b --do plan --scheduler tls://x", "--scheduler and --from-wave are of --all"),
        ("a/b --do plan --from-wave 2", "--scheduler and --from-wave are of --all"),
        ("a/b --do apply", NEEDS),
        ("a/b --do plan --approval a.json", NEEDS),
        ("a/b --do plan --approval-id a-1", NEEDS),
        ("a/b --do apply --approval-id a-1", NEEDS),
        ("a/b --do drift --base v1", OF_PLAN),
        ("--all --do plan --base v1 --scheduler tls://x", OF_PLAN),
        ("a/b --do plan --allow nothing", "--allow nothing: no such limit; expected one of "),
    ],
)
def test_what_makes_no_sense_is_not_begun(
    runs: list[Any], capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    """It is said which words part."""
    assert main([*RUN, *words.split()]) == 1
    assert (capsys.readouterr().err.startswith(f"error: {said}"), runs) == (True, [])


@pytest.mark.parametrize(
    ("name", "fits"),
    [("a", True), ("a" * 64, True), ("a" * 65, False), (".a", False), ("a b", False), ("a_.-9", True)],
)
def test_a_run_s_name_is_a_file_s(runs: list[Any], name: str, *, fits: bool) -> None:
    """Whoever reads results takes it for nothing else."""
    assert main(["fleet", "run", "a/b", "--do", "plan", "--results", "r", "--run", name]) == (
        2 if fits else 1
    )
    assert len(runs) == fits


def test_some_shards_are_done_one_after_the_other(
    fleet_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done in this run is not done again; what is lost is said with why."""
    shards, begun = loaded(fleet_folder), list[Any]()

    def one(_: Any, __: Common, task: Task, seconds: float) -> Any:
        begun.append((task, seconds))
        return (result(task.shard, code=0), "") if task.shard == ONE else (None, "it is gone")

    monkeypatch.setattr(apart, "run", one)
    store(fleet_folder / "r", result(GATE, hash=hashed(shards[GATE])))
    common = Common(fleet=Path("fleet.yaml"), output=Output(no_color=True))
    assert run._some(common, PLAN, [GATE, ONE, TWO], 2.5, reported=True) == 0
    assert begun == [(replace(PLAN, shard=each), 2.5) for each in (ONE, TWO)]
    assert capsys.readouterr().err.splitlines() == [
        "run one", f"{GATE}: done in this run", f"{ONE}: nothing to do", f"{TWO}: failed: it is gone"
    ]  # fmt: skip
    run._some(common, PLAN, [GATE], 2.5, reported=False)
    assert capsys.readouterr().err == f"{GATE}: done in this run\n"


def _client(address: str) -> Any:
    """Stand in for a client of a cluster."""
    return SimpleNamespace(scheduler=SimpleNamespace(address=address))


class Waves:
    """Stands in for a cluster: which waves it was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made, self.waves = list[Any](), list[Any]()

        @contextmanager
        def local(_: Common, results: Path, parallel: int) -> Iterator[Any]:
            self.made.append((results, parallel))
            yield _client("here")

        @contextmanager
        def remote(address: str) -> Iterator[Any]:
            self.made.append(address)
            yield _client("there")

        def wave(own: Any, number: int, every: Any) -> None:
            names = [(task.shard, shard.placed.shard.name) for task, shard in every]
            assert all(one == other for one, other in names)
            self.waves.append((own.address, own.parallel, own.seconds, number, [each[0] for each in names]))

        monkeypatch.setattr(dask_cluster, "local", local)
        monkeypatch.setattr(dask_cluster, "remote", remote)
        monkeypatch.setattr(driver.ClusterDriver, "wave", wave)


def test_all_are_done_wave_by_wave(
    fleet_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the one that is said, by a cluster that is made here or is there."""
    made, last = Waves(monkeypatch), loaded(fleet_folder)[TWO].placed.wave
    common = Common(fleet=Path("fleet.yaml"), output=Output(no_color=True))
    assert waves.run(common, PLAN, How(None, 5, 1, 2.5)) == 0
    assert made.made == [(Path("r"), 5)]
    assert made.waves == [("here", 5, 2.5, 1, [GATE, ONE]), ("here", 5, 2.5, last, [TWO])]
    assert (capsys.readouterr().err, Path("r").is_dir()) == ("run one: 3 shards, 2 waves\n", True)
    assert waves.run(common, PLAN, How("tls://x", 5, last, 2.5)) == 0
    assert (made.made[1:], made.waves[2:]) == (["tls://x"], [("there", 5, 2.5, last, [TWO])])
    with pytest.raises(UsageError, match=r"^--all signs in by each worker$"):
        waves.run(replace(common, session=SESSION), PLAN, How(None, 5, 1, 2.5))


def test_of_an_approval_each_wave_is_let_in(fleet_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it begins, and only what is approved."""
    made, let = Waves(monkeypatch), list[Any]()
    monkeypatch.setattr(wave_check, "allow_wave", lambda *given: let.append((*given, len(made.waves))))
    document = approval(ONE, TWO)
    task = replace(PLAN, do="apply", document=document)
    waves.run(Common(fleet=Path("fleet.yaml")), task, How(None, 1, 1, 2.5))
    last = loaded(fleet_folder)[TWO].placed.wave
    assert [each[3:] for each in made.waves] == [(1, [ONE]), (last, [TWO])]
    assert let == [(document, Path("r"), 1, 0), (document, Path("r"), last, 1)]
