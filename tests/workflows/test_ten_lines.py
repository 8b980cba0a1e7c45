"""The ten lines of docs/action.md and what they call, as files: one workflow, its set-up, and odd inputs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from entra_config.bootstrap.github import CLAIMS
from tests.workflows.caller import BLOCKS, PAGE, SUBJECTS
from tests.workflows.github import ISSUER
from tests.workflows.runs import PROJECT
from tests.workflows.scripts import load


def test_the_page_has_ten_lines_and_they_are_one_workflow() -> None:
    """What the page shows is all of the file."""
    lines = BLOCKS[0].splitlines()
    assert len(lines) == 10
    assert set(yaml.safe_load(BLOCKS[0])) == {True, "jobs"}


def test_the_page_sets_up_what_the_pipeline_asks_for() -> None:
    """Each variable, claim and environment of the workflow is in the page's list, and it leads to no
    heading that is gone.
    """
    setup = PAGE.partition("### Set-up")[2].partition("## The action")[0]
    workflow = (PROJECT / ".github/workflows/pipeline.yml").read_text(encoding="utf-8")

    assert set(re.findall(r"^ +\| `(ENTRA_\w+)`", setup, re.MULTILINE)) == set(
        re.findall(r"vars\.(\w+)", workflow)
    )
    assert tuple(re.findall(r"include_claim_keys\[\]=(\w+)", setup)) == CLAIMS
    assert set(SUBJECTS) == {"reader", "writer"}
    assert ISSUER in setup
    assert "repo:OWNER/REPO:" not in PAGE
    for page, heading in re.findall(r"\]\(([\w-]+\.md)#([\w-]+)\)", PAGE):
        headings = re.findall(r"(?m)^#+ (.+)$", (PROJECT / "docs" / page).read_text(encoding="utf-8"))
        assert heading in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("block", BLOCKS)
def test_what_the_page_shows_is_clean_to_zizmor(tmp_path: Path, block: str) -> None:
    """Who copies a workflow of the page gets nothing that a linter of workflows finds fault with."""
    file = tmp_path / ".github/workflows/entra.yml"
    file.parent.mkdir(parents=True)
    file.write_text(block, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "zizmor"), "--offline", "--quiet", "--no-config", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("dev prod stage more", "One to three environments"),
        (" ", "One to three environments"),
        ("dev DEV", "each once"),
        ("dev $(touch${IFS}x)", "A name has letters"),
        ("dev -prod", "A name has letters"),
    ],
)
def test_an_odd_environment_ends_at_once(given: str, said: str) -> None:
    """Names are compared with a form before anything is done with them, and are not repeated where they do
    not have it.
    """
    with pytest.raises(SystemExit, match=said) as raised:
        load("begin", "called").stages(given)
    assert "touch" not in str(raised.value)


@pytest.mark.parametrize(
    "given", ["", "/etc", "../elsewhere", "a/../..", "a\nfirst=prod", "a b", "-f", "${x}"]
)
def test_an_odd_folder_ends_at_once(given: str) -> None:
    """The manifest is below the checkout, in letters that no line of outputs and no path ends at."""
    with pytest.raises(SystemExit, match="a folder of this repository"):
        load("begin", "called").folder(given)


def test_a_comment_shows_the_last_stage_first() -> None:
    """What is applied last matters most; a stage that there is none of is empty."""
    begun = load("begin", "called").stages("dev test prod")

    assert begun == {
        "first": "dev",
        "second": "test",
        "third": "prod",
        "environments": '["dev", "test", "prod"]',
        "shown": "prod test dev",
    }
    assert load("begin", "called").stages("prod")["second"] == ""


def test_drift_of_the_called_pipeline_may_ask_what_was_deployed_last() -> None:
    """Its job has the rights and the history that `drift` needs for its base; so has one of the files that
    `bootstrap` writes, and the ten lines give them.
    """
    jobs = {
        name: yaml.safe_load((PROJECT / f".github/workflows/{name}.yml").read_text("utf-8"))["jobs"]["drift"]
        for name in ("pipeline", "entra-drift")
    }
    ours = [{"path": "main", "fetch-depth": 0, "persist-credentials": False}] * 2
    rights = {"actions": "read", "contents": "read", "deployments": "read", "id-token": "write"}

    assert [job["permissions"] for job in jobs.values()] == [rights] * 2
    checkouts = [
        step["with"] for job in jobs.values() for step in job["steps"] if "checkout@" in step.get("uses", "")
    ]
    assert [each for each in checkouts if each["path"] == "main"] == ours
    assert rights.items() <= yaml.safe_load(BLOCKS[0])["jobs"]["entra"]["permissions"].items()
