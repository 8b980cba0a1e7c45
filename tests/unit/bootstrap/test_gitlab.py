"""What of a project on GitLab becomes subjects, audiences and files; what can be none is refused."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from entra_config.bootstrap import gitlab
from entra_config.errors import UsageError

ROOT = Path(__file__).parents[3]
PROJECT = gitlab.project("group/sub/my.app", "https://gitlab.example.com/")
STAGES = ("check", "review", "plan", "apply", "drift")


def script(name: str) -> ModuleType:
    """Return a script of GitLab's jobs as a module."""
    spec = importlib.util.spec_from_file_location(
        f"gitlab_script_{name}", ROOT / f".gitlab/scripts/{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    # In a repository that bootstrap made, GitHub's two scripts stand beside it.
    sys.path.append(str(ROOT / ".github/scripts"))
    spec.loader.exec_module(module)
    sys.path.remove(str(ROOT / ".github/scripts"))
    return module


def test_subjects_are_mains_and_audiences_keep_writers_apart() -> None:
    """GitLab's subjects say no environment: what a job asks for does."""
    signs = gitlab.sign_ins(PROJECT, ("dev", "prod"))

    assert signs.issuer == "https://gitlab.example.com"
    ways = [*signs.reader, *(way for each in signs.writers.values() for way in each)]
    assert {way.subject for way in ways} == {"project_path:group/sub/my.app:ref_type:branch:ref:main"}
    assert len({way.audience for way in ways}) == 3


NO_PROJECTS = [
    "",
    "alone",
    "a//b",
    "/a/b",
    "a/b/",
    "a/b c",
    "a/b:ref_type:branch:ref:x",
    "a/b\n",
    "-a/b",
    "a/.b",
]
NO_URLS = [
    "",
    "gitlab.com",
    "http://gitlab.com",
    "https://u:p@gitlab.com",
    "https://gitlab.com?x",
    "https://a b",
]


@pytest.mark.parametrize("path", NO_PROJECTS)
def test_what_is_no_project_is_refused(path: str) -> None:
    """A subject with a mistake in it opens nothing, or another's jobs."""
    with pytest.raises(UsageError, match="GROUP/NAME"):
        gitlab.project(path, "https://gitlab.com")


@pytest.mark.parametrize("url", NO_URLS)
def test_what_is_no_gitlab_is_refused(url: str) -> None:
    """The address is the issuer that Entra fetches keys from."""
    with pytest.raises(UsageError, match="--url"):
        gitlab.project("group/app", url)


@pytest.mark.parametrize("environments", [("prod",), ("dev", "prod"), ("dev", "test", "prod", "dr")])
def test_each_environment_waits_for_the_one_before_it(environments: tuple[str, ...]) -> None:
    """What fails in one does not reach the next; no job that plans asks for a writer's audience."""
    text = gitlab.files(environments, "manifests", "pipeline", own_jobs=False)[gitlab.CI_FILE]
    jobs = list(yaml.safe_load_all(text))[-1]

    for before, name in zip((None, *environments), environments, strict=False):
        waits = [{"job": f"apply {before}", "artifacts": False}] if before else []
        needs = [f"plan {name}", *waits]
        assert jobs[f"apply {name}"]["needs"] == needs
        assert jobs[f"apply {name}"]["id_tokens"]["ENTRA_ID_TOKEN"]["aud"] == gitlab.audience_of(name)
    asking = {name for name, job in jobs.items() if isinstance(job, dict) and "id_tokens" in job}
    default = {name for name in asking if jobs[name]["id_tokens"]["ENTRA_ID_TOKEN"]["aud"] == gitlab.AUDIENCE}
    assert asking - default == {f"apply {name}" for name in environments}
    assert not asking & {"check", "access tests", "start review"}


def test_what_ends_has_jobs_of_the_schedule_alone() -> None:
    """Only where something ends: the reader plans, the writer takes it away when somebody starts it, holding
    nothing else up; neither lifts a limit, and no other job asks for the writer's audience.
    """
    without = gitlab.files(("dev", "prod"), "manifests", "pipeline", own_jobs=False)[gitlab.CI_FILE]
    text = gitlab.files(("dev", "prod"), "manifests", "pipeline", own_jobs=False, ends=True)[gitlab.CI_FILE]
    assert "__" not in text
    (_, before), (_, found) = (list(yaml.safe_load_all(each)) for each in (without, text))
    assert {name: found[name] for name in before} == before
    names = [f"{job} {name}" for name in ("dev", "prod") for job in ("plan expired", "expire")]
    assert sorted(found.keys() - before.keys()) == sorted(names)
    asking = {
        name
        for name, job in found.items()
        if isinstance(job, dict) and "AzureADTokenExchange/prod" in str(job.get("id_tokens"))
    }
    assert asking == {"apply prod", "expire prod"}
    for name in ("dev", "prod"):
        plan, expire = found[f"plan expired {name}"], found[f"expire {name}"]
        assert "environment" not in plan
        assert (expire["environment"], expire["needs"]) == (name, [f"plan expired {name}"])
        assert expire["allow_failure"] is True
        assert [rule.get("when") for rule in expire["rules"]] == ["manual"]
        assert all('"schedule"' in rule["if"] for job in (plan, expire) for rule in job["rules"])
        assert "ENTRA_CONFIG_ALLOW" not in {*plan["variables"], *expire["variables"]}
    script = (ROOT / ".gitlab/scripts/job.sh").read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if " --expired " in line]
    assert len(lines) == 2
    assert not any("--allow" in line for line in lines)


def test_no_job_takes_pins_from_an_artifact() -> None:
    """An artifact is what its job says: pins come into the lock file by a person and a review alone. So no
    job gets the artifact of an apply, and no script writes into the repository.
    """
    files = gitlab.files(("dev", "prod"), "manifests", "pipeline", own_jobs=False, ends=True)
    jobs = {name: job for name, job in _document(files).items() if "script" in job}
    applies = {name for name, job in jobs.items() if "pins" in job.get("artifacts", {}).get("paths", ())}
    assert applies == {"apply dev", "apply prod"}
    for name, job in jobs.items():
        assert not applies & _given_artifacts(name, jobs), name
        assert "dependencies" not in job, name
    ran = "\n".join(
        line
        for path, text in files.items()
        if path != gitlab.CI_FILE
        for line in text.splitlines()
        if not line.lstrip().startswith(("echo", "#"))
    )
    assert "entra-config apply" in ran
    assert not re.findall("entra-config lock|git push|git commit", ran)
    sent = set(re.findall(r'send\(\s*"(?:POST|PUT|PATCH|DELETE)",\s*([^,]+),', ran))
    notes_and_issues = {"where", 'f"{where}/notes"', "f\"{where}/{note['id']}\"", '"/issues"'}
    assert sent == notes_and_issues | {'f"/statuses/{commit}"'}


def _document(files: Mapping[str, str]) -> dict[str, Any]:
    found = list(yaml.safe_load_all(files[gitlab.CI_FILE]))[-1]
    return {name: job for name, job in found.items() if isinstance(job, dict)}


def _given_artifacts(name: str, jobs: Mapping[str, Any]) -> set[str]:
    """Return the jobs whose artifacts GitLab gives to a job: those that it needs, or all of earlier stages
    that its pipeline has.
    """
    job = jobs[name]
    if "needs" in job:
        needs = [{"job": need} if isinstance(need, str) else need for need in job["needs"]]
        return {need["job"] for need in needs if need.get("artifacts", True)}
    return {
        other
        for other, each in jobs.items()
        if STAGES.index(each["stage"]) < STAGES.index(job["stage"]) and _sources(each) & _sources(job)
    }


def _sources(job: Mapping[str, Any]) -> set[str]:
    return {
        source for rule in job["rules"] for source in re.findall(r'PIPELINE_SOURCE == "(\w+)"', rule["if"])
    }


def test_no_line_of_a_note_is_a_command() -> None:
    """A name at the beginning of a line would be carried out by GitLab as the bot."""
    quiet = script("gitlab_api").silent

    assert quiet("/merge\n  /approve\nsee a/b\n\t/close") == "\\/merge\n  \\/approve\nsee a/b\n\t\\/close"


def test_what_bootstrap_writes_stands_in_this_repository() -> None:
    """The scripts are this repository's own, and two of them GitHub's."""
    files = gitlab.files(("dev",), "manifests", "pipeline", own_jobs=False)
    own = {path.name for path in (ROOT / ".gitlab/scripts").iterdir() if path.is_file()}

    assert {Path(path).name for path in files} == {*own, "room.py", "counts.py", gitlab.CI_FILE}


def test_each_writers_variable_is_its_environments_alone() -> None:
    """What is not known yet is not set."""
    lines = gitlab.settings("t", "", {"dev": "d", "prod": "p"})

    assert lines == [
        "glab variable set ENTRA_TENANT_ID t --protected",
        "glab variable set ENTRA_WRITER_CLIENT_ID d --protected --scope dev",
        "glab variable set ENTRA_WRITER_CLIENT_ID p --protected --scope prod",
    ]


def test_the_image_stays_what_it_was_pinned_to() -> None:
    """Who runs bootstrap again without `--image` keeps the digest."""
    pinned = f"registry.example.com:5000/python:3.12@sha256:{'a' * 64}"
    text = gitlab.files(("dev",), "manifests", "pipeline", own_jobs=True, image=pinned)[gitlab.CI_FILE]

    assert gitlab.image_of(text) == pinned
    assert gitlab.image_of(None) == gitlab.image_of("default:\n  tags: [x]\n") == gitlab.IMAGE
    for odd in ("", "a b", "python:3.12@sha256:abc", "x\n  script: y", "-x"):
        with pytest.raises(UsageError, match="--image"):
            gitlab.files(("dev",), "manifests", "pipeline", own_jobs=False, image=odd)


def test_what_leads_out_of_a_change_is_odd(tmp_path: Path) -> None:
    """A link in the folder, the folder itself, or one above it; a folder that is gone."""
    odd = script("review").odd
    (tmp_path / "real/manifests").mkdir(parents=True)
    (tmp_path / "real/manifests/a.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "above").symlink_to(tmp_path / "real")
    (tmp_path / "linked").symlink_to(tmp_path / "real/manifests")
    root = tmp_path.resolve()

    assert not odd(root / "real/manifests")
    assert odd(root / "above/manifests")
    assert odd(root / "linked")
    assert odd(root / "gone")
    (tmp_path / "real/manifests/b.yaml").symlink_to("/etc/passwd")
    assert odd(root / "real/manifests")


class Hub:
    """Two merge requests, the sendings that fail, and what was sent in which order."""

    run_url = "https://gitlab.com/job"

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.sent: list[str] = []
        self.notes: dict[int, str] = {}

    def own_id(self) -> int:
        """Return the bot's id."""
        return 7

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield what is open, the notes of one, or the files of one."""
        number = int(path.split("/")[2]) if path.startswith("/merge_requests/") else 0
        if not number:
            yield from ({"iid": each, "source_project_id": 1, "target_project_id": 1} for each in (1, 2))
        elif "/notes" in path and number in self.notes:
            yield {"id": number, "author": {"id": 7}, "body": self.notes[number]}
        elif "/diffs" in path:
            yield {"old_path": "manifests/a.yaml", "new_path": "manifests/a.yaml"}

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answer what is asked, and keep what is written, unless it fails."""
        number = int(path.split("/")[2][-1])
        if method == "GET":
            return {"sha": f"{number:040}", "head_pipeline": None}
        what = f"{'status' if 'status' in path else 'note'} {number}"
        if what in self.failing:
            raise OSError(what)
        self.sent.append(what)
        if what.startswith("note"):
            assert body is not None
            self.notes[number] = body["body"]
        return {}


def reviewing(monkeypatch: pytest.MonkeyPatch, hub: Hub) -> Callable[[], None]:
    """Return the review of all that is open on a hub; each plan is one line."""
    review = script("review")
    monkeypatch.setenv("CI_DEFAULT_BRANCH", "main")
    monkeypatch.setattr(review, "Api", lambda: hub)
    monkeypatch.setattr(review, "fetched", lambda number, folder: f"{number:040}")
    monkeypatch.setattr(review, "plan", lambda *of: review.Planned("A plan.", 0, of[0], "d"))
    return lambda: review.main("manifests", ["dev"])


@pytest.mark.parametrize("failing", ["status 1", "note 1"])
def test_one_merge_request_that_fails_ends_no_other_review(
    monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """The others have their status and note; the job is red, and says whose review is missing."""
    hub = Hub(failing)
    run = reviewing(monkeypatch, hub)

    with pytest.raises(SystemExit, match=r"Not reviewed, as said above: !1\."):
        run()
    assert hub.sent[-2:] == ["status 2", "note 2"]


def test_a_status_that_was_refused_is_sent_with_the_next_review(monkeypatch: pytest.MonkeyPatch) -> None:
    """The note would say that the commit is planned: there is none until its status is there."""
    hub = Hub("status 1")
    run = reviewing(monkeypatch, hub)
    with pytest.raises(SystemExit):
        run()
    assert 1 not in hub.notes

    hub.failing.clear()
    run()
    assert hub.sent == ["status 2", "note 2", "status 1", "note 1"]
    run()
    assert len(hub.sent) == 4


def test_an_environment_may_be_called_like_a_word_of_yaml() -> None:
    """Its name reaches the scripts without quotes."""
    files = gitlab.files(("true", "a.b"), "manifests", "pipeline", own_jobs=False)
    jobs = list(yaml.safe_load_all(files[gitlab.CI_FILE]))[-1]
    variables = [job.get("variables", {}) for job in jobs.values() if isinstance(job, dict)]
    found = {each["ENTRA_ENVIRONMENTS"] for each in variables if "ENTRA_ENVIRONMENTS" in each}
    assert found == {"a.b true"}
    assert jobs["apply true"]["resource_group"] == "entra-apply-true"
