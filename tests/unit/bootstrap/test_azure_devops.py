"""The pipeline file for Azure DevOps, which nothing here runs: it is YAML, its commands and options exist,
its page says so.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from entra_config.cli.main import main

PAGE = (Path(__file__).parents[3] / "docs/azure-devops.md").read_text(encoding="utf-8")
FILE = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)[0]
COMMANDS = re.findall(r"^\s*(?:inlineScript: )?entra-config (\w+)(.*)$", FILE, re.MULTILINE)


def test_the_file_is_one_document_with_four_stages() -> None:
    """Only stages that are of main sign in, and nobody applies without the digest of what was planned."""
    stages = {each["stage"]: each for each in yaml.safe_load(FILE)["stages"]}

    assert set(stages) == {"check", "plan", "apply", "drift"}
    assert "AzureCLI" not in str(stages["check"])
    assert "refs/heads/main" in stages["plan"]["condition"]
    assert '--digest "$DIGEST"' in str(stages["apply"])


def test_no_job_takes_pins_from_an_artifact() -> None:
    """The pins of an apply are published for a person; no step reads them or writes into the repository."""
    assert "- publish: $(Agent.TempDirectory)/pins\n" in FILE
    assert '--pins "$AGENT_TEMPDIRECTORY/pins/pins.json"' in FILE
    for takes in ("download", "DownloadPipelineArtifact", "entra-config lock", "git ", "az repos"):
        assert takes not in FILE


@pytest.mark.parametrize(("command", "words"), COMMANDS)
def test_each_command_and_option_exists(command: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the file runs is what the program knows."""
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out

    for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", words):
        assert re.search(rf"(?<!\S){option}\b", shown), option


def test_the_page_says_first_that_nothing_was_run() -> None:
    """Who reads no further than a paragraph knows it."""
    assert PAGE.split("\n\n")[1].startswith("**Nothing on this page has been run**")
    assert len(COMMANDS) == 7
