"""What somebody plants in a checkout, or types into an input, is run by no step that has a credential, on
no ref.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import unmeasured
from tests.workflows.estate import Estate
from tests.workflows.manifest_files import ROLES
from tests.workflows.runs import Event, assert_all

PROGRAMS = True
MODULES = (
    "json.py",
    "sitecustomize.py",
    "usercustomize.py",
    "pip.py",
    "typer.py",
    "github_api.py",
    "room.py",
    "entra_config/__init__.py",
    "entra_config/cli/__init__.py",
    "entra_config/cli/main.py",
    "entra_emulator/__init__.py",
    "entra_fleet/__init__.py",
    "entra_emulator/api.py",
    "manifests/json.py",
    "manifests/applications/sitecustomize.py",
)
SCRIPTS = (
    "hooks/post-checkout",
    ".githooks/post-checkout",
    ".git-hooks/pre-commit",
    "entra-config",
    "python3",
    "bin/entra-config",
)
# A folder that looks like a bare repository, in which git would run what its configuration names.
BARE = {"HEAD": "ref: refs/heads/main\n", "objects/keep": "", "refs/keep": ""}


def plant(folder: Path, log: Path) -> None:
    """Put into a checkout what Python, pip, curl, git and a shell take from a folder where they are
    careless.
    """
    python = f"open({str(log)!r}, 'a').write(__file__ + chr(10))\n"
    shell = f"#!/bin/sh\necho $0 >>{log}\n"
    texts = {
        **dict.fromkeys(MODULES, python),
        **dict.fromkeys(SCRIPTS, shell),
        ".netrc": "machine localhost login planted password planted\n",
        ".curlrc": f'output = "{log}"\n',
        "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/simple\n",
        ".env": "ENTRA_CONFIG_EMULATOR_STATE=/nowhere\nENTRA_CONFIG_CLOUD=global\nAZURE_CLIENT_ID=planted\n",
        ".gitconfig": f"[core]\n\thooksPath = hooks\n\tfsmonitor = {log.parent}/planted\n",
        ".gitattributes": "* filter=planted\n",
    }
    for prefix in ("", "manifests/"):
        texts |= {prefix + name: text for name, text in BARE.items()}
        texts[f"{prefix}config"] = (
            "[core]\n\trepositoryformatversion = 0\n\tworktree = .\n\tfsmonitor = echo "
            f">>{log}\n\thooksPath = hooks\n"
            f'[filter "planted"]\n\tsmudge = echo smudge >>{log}; cat\n\tclean = echo clean >>{log}; cat\n'
        )
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return where what ran says so."""
    return tmp_path / "ran"


def test_the_trap_works(tmp_path: Path, log: Path) -> None:
    """A Python that is not isolated, started where it is planted, runs it: what follows could fail."""
    plant(tmp_path / "checkout", log)

    for words in (["-c", "import json"], ["-I", "-c", "import json"]):
        subprocess.run([sys.executable, *words], cwd=tmp_path / "checkout", env=unmeasured(), check=True)

    assert log.read_text().splitlines() == [str(tmp_path / "checkout/json.py")]

    subprocess.run(
        ["git", "-C", str(tmp_path / "checkout/manifests"), "status"], check=False, capture_output=True
    )

    assert len(log.read_text().splitlines()) > 1, (
        "git, asked in the folder, runs what its configuration names"
    )


@pytest.mark.pipelines
def test_nothing_planted_runs_from_a_fork_a_branch_or_main(estate: Estate, log: Path) -> None:
    """Validated from a fork, planned from a branch, merged and applied by the writers: none of it ran, and
    all went well.
    """
    estate.start()
    plant(estate.desk, log)
    estate.edit(ROLES, "description: Changes records.", "description: Changes every record.")
    sha = estate.propose(30, "Harmless")

    assert_all(estate.plan(30, sha, fork=True), "success", "skipped")
    assert_all(estate.plan(30, sha), "success")
    jobs = estate.push(estate.merge(30))

    assert_all(jobs, "success", "skipped")
    assert jobs["apply-dev"].result == jobs["apply-prod"].result == "success"
    assert_all(estate.night(), "success")
    assert not log.exists(), log.read_text()


@pytest.mark.pipelines
def test_a_branch_that_rewrites_scripts_and_actions_is_planned_by_main(estate: Estate, log: Path) -> None:
    """The plan, its sign-in and the comment are main's: what a pull request makes of them is to be read,
    nothing else.
    """
    estate.start()
    for name in ("scripts/comment.py", "scripts/changed.py", "scripts/github_api.py"):
        (estate.desk / ".github" / name).write_text(f"open({str(log)!r}, 'a').write(__file__)\n")
    for name in ("scripts/plan_for_review.sh", "actions/sign-in/sign_in.sh"):
        (estate.desk / ".github" / name).write_text(f"echo $0 >>{log}\n")
    review = estate.desk / ".github/workflows/entra-review.yml"
    review.write_text(
        review.read_text().replace("bash main/.github/scripts/plan_for_review.sh", f"env >>{log}")
    )
    estate.edit(ROLES, "description: Administers.", "description: Runs it.")

    jobs = estate.open_pull(31, "Rewritten")

    assert_all(jobs, "success")
    assert "Runs it." in estate.hub.comments[31][0]["body"]
    assert not log.exists(), log.read_text()


THIEF = """
on: [pull_request, push, workflow_dispatch]
jobs:
  steal:
    runs-on: ubuntu-24.04
    {environment}
    permissions: {{ contents: read, id-token: write }}
    env: {{ ENTRA_CONFIG_ENVIRONMENT: prod, ENTRA_CONFIG_MANIFEST: change/manifests }}
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd
        with: {{ path: change, persist-credentials: false }}
      - uses: ./change/.github/actions/sign-in
        with: {{ tenant-id: "${{{{ vars.ENTRA_TENANT_ID }}}}", client-id: "{client}" }}
      - run: entra-config plan >plan.txt
"""


@pytest.mark.pipelines
@pytest.mark.parametrize("environment", ["", "environment: prod"])
@pytest.mark.parametrize("event", ["pull_request", "push"])
def test_a_workflow_of_a_branch_signs_in_as_nobody(estate: Estate, event: str, environment: str) -> None:
    """Whoever pushes a branch may write a workflow and ask for a token; its subject opens neither the
    reader nor a writer.
    """
    estate.start()
    client = estate.writers["prod"] if environment else "${{ vars.ENTRA_READER_CLIENT_ID }}"
    (estate.desk / ".github/workflows/thief.yml").write_text(
        THIEF.format(environment=environment, client=client)
    )
    sha = estate.propose(32, "Thief")
    ref = "refs/pull/32/merge" if event == "pull_request" else "refs/heads/change-32"

    job = estate.runner.run("thief.yml", Event(event, ref, sha))["steal"]

    assert not job.ok
    assert "AADSTS700213" in job.log or "is not allowed to deploy to prod" in job.log


@pytest.mark.pipelines
def test_apply_and_drift_started_on_a_branch_do_nothing(estate: Estate) -> None:
    """Both may be started by hand on any branch: the branch's own file skips every job, and without its
    conditions it fails.
    """
    estate.start()
    sha = estate.propose(33, "Anything") if touched(estate) else ""
    branch = "refs/heads/change-33"

    assert {job.result for job in estate.by_hand(sha, branch, environment="prod", allow="").values()} == {
        "skipped"
    }
    assert {
        job.result
        for job in estate.runner.run("entra-drift.yml", Event("workflow_dispatch", branch, sha)).values()
    } == {"skipped"}

    file = estate.desk / ".github/workflows/entra-apply.yml"
    file.write_text(file.read_text().replace("github.ref == 'refs/heads/main'", "github.ref != ''"))
    bare = estate.propose(33, "Without conditions")
    jobs = estate.by_hand(bare, branch, environment="all", allow="")
    assert jobs["plan-dev"].result == "failure"
    assert "Only main" in jobs["plan-dev"].log
    assert not {name for name, job in jobs.items() if job.result == "success"}


def touched(estate: Estate) -> bool:
    """Change a text that is nobody's."""
    (estate.desk / "README.md").write_text("Hello.\n")
    return True


@pytest.mark.pipelines
@pytest.mark.parametrize(
    "inputs",
    [
        {"environment": "prod", "allow": "$(touch {log}) `touch {log}`; touch {log} #"},
        {"environment": "prod", "allow": "last\n::set-output name=steps::1\nGITHUB_ENV=x"},
        {"environment": "prod", "allow": "last' || touch {log} || '"},
        {"environment": "prod; touch {log}", "allow": ""},
        {"environment": "dev prod", "allow": ""},
    ],
)
def test_inputs_are_words_and_nothing_else(estate: Estate, log: Path, inputs: dict[str, str]) -> None:
    """What somebody types is a word of a list or an error; no shell, no workflow command and no expression
    reads it.
    """
    given = {name: text.replace("{log}", str(log)) for name, text in inputs.items()}

    jobs = estate.by_hand(estate.runner.git("rev-parse", "main").strip(), **given)

    assert not log.exists()
    assert all(job.skipped for name, job in jobs.items() if name.startswith("apply"))
    assert all(not job.ok or job.skipped for job in jobs.values())


@pytest.mark.pipelines
def test_a_manifest_that_is_a_link_is_not_read(estate: Estate) -> None:
    """A link in the manifest's folder could lead to the job's own token, and an error message would quote
    it.
    """
    estate.start()
    (estate.desk / "manifests/applications/more.yaml").symlink_to("../../../../temp/entra-federated-token")

    sha = estate.propose(34, "A link")
    jobs = estate.plan(34, sha)

    assert not jobs["validate"].ok or "neither a file nor a folder" in jobs["plan/prod"].log
    estate.start()


@pytest.mark.pipelines
def test_a_pull_request_without_manifests_ends_quickly(estate: Estate) -> None:
    """Every pull request starts the check, and one that changes no manifest is green without a sign-in or
    a comment.
    """
    estate.start()
    touched(estate)
    count = len(estate.hub.subjects)

    jobs = estate.open_pull(35, "Words")

    assert_all(jobs, "success", "skipped")
    assert jobs["changed"].outputs == {"pull": "35", "planned": "false"}
    assert len(estate.hub.subjects) == count
    assert not estate.hub.comments.get(35)

    estate.edit(ROLES, "description: Administers.", "description: Runs all of it.")
    assert_all(estate.open_pull(35, "And a manifest"), "success")
    estate.edit(ROLES, "description: Runs all of it.", "description: Administers.")
    assert_all(estate.open_pull(35, "No manifest again"), "success", "skipped")
    (comment,) = estate.hub.comments[35]
    assert "changes no manifest" in comment["body"], "what was shown is not left standing"
