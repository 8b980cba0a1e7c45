"""Each example of the page about access tests does what the page says, on the worked example."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from entra_config.cli import main

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/tests.md").read_text(encoding="utf-8")
_RUN = re.compile(r"<!-- run: (passes|fails) -->\n```yaml\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
EXAMPLES = _RUN.findall(PAGE)


def test_no_table_was_forgotten() -> None:
    """docs/tests.md has each table that its prose asks for."""
    assert "<!-- table" not in PAGE


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_each_example_runs(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An example passes where the page says so, and fails with what the page shows."""
    ends, text, shown = EXAMPLES[number]
    shutil.copytree(PROJECT / "manifests", tmp_path / "manifests", ignore=shutil.ignore_patterns("tests"))
    (tmp_path / "manifests/tests").mkdir()
    (tmp_path / "manifests/tests/example.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    code = main.main(["test"])
    out = capsys.readouterr().out

    assert code == (0 if ends == "passes" else 1), out
    assert (ends == "fails") == bool(shown)
    assert not shown or out == shown


def test_the_page_has_examples_of_both_kinds() -> None:
    """What is shown to pass and what is shown to fail."""
    assert {ends for ends, _, _ in EXAMPLES} == {"passes", "fails"}
