"""Ways past the plan's workflow, by name: each as it went, and what it comes to now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

from tests.programs import unmeasured
from tests.workflows import scripts
from tests.workflows.runs import PROJECT


def test_story_12_nothing_of_the_checkout_runs_beside_a_credential(tmp_path: Path) -> None:
    """A `json.py` in the repository's root is imported by no script and no line of the pipeline's,
    wherever it is started.
    """
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    for script in sorted((PROJECT / ".github/scripts").glob("*.py")):
        subprocess.run(
            [sys.executable, "-I", str(script)],
            cwd=tmp_path,
            env=unmeasured(),
            capture_output=True,
            check=False,
        )
    assert not (tmp_path / "ran").exists()
    started = subprocess.run(
        [sys.executable, "-c", "import json"],
        cwd=tmp_path,
        env=unmeasured(),
        capture_output=True,
        check=False,
    )
    assert started.returncode == 0
    assert (tmp_path / "ran").exists(), "the trap works"

    files = [
        file for kind in ("entra-*.yml", "action.yml", "*.sh") for file in (PROJECT / ".github").rglob(kind)
    ]
    assert len(files) > 6
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            bare = line.split("#")[0]
            assert "python3 " not in bare or "python3 -I " in bare, (file, line)
            assert "python " not in bare or "python -I " in bare or "bin/python" in bare, (file, line)


def test_story_13_any_path_starts_the_plan() -> None:
    """A pull request that changes `json.py` alone starts entra-plan as every other does; only what is
    planned is left out.
    """
    workflow = yaml.safe_load((PROJECT / ".github/workflows/entra-plan.yml").read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true.
    started = workflow[True]
    assert started["pull_request"] is None

    class Api:
        def __init__(self, *names: str) -> None:
            self.names = names

        def pages(self, _path: str) -> list[dict[str, str]]:
            return [{"filename": name} for name in self.names]

    changed = scripts.load("changed")
    assert not changed.changes(Api("json.py", ".github/workflows/x.yml"), 1, "manifests/")
    assert changed.changes(Api("json.py", "manifests/entra-config.prod.lock.yaml"), 1, "manifests/")
