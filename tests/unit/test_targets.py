"""A target of the Makefile installs what its suite runs, so that each works by itself on a fresh machine."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Environments of tools, as the prerequisites name them; the folder of the site holds programs of ours too.
TOOLS = sorted(set(re.findall(r"(tools/[a-z-]+)/(?:[\w.]+/)?\.installed:", MAKEFILE)) - {"tools/docs"})
IMPORTED = ("tests.", "dev.", "dev", "options.")
PLACES = (
    "tests",
    "api/tests",
    "options/tests",
    "options/alb/tests",
    "options/bff/tests",
    "options/httpd/tests",
)
FILES = sorted(
    path for place in PLACES for path in (ROOT / place).rglob("test_*.py") if path != Path(__file__)
)


def prerequisites(target: str) -> str:
    """Return what the Makefile has made before a target."""
    found = re.search(rf"^{target}:([^#\n]*)", MAKEFILE, re.MULTILINE)
    assert found, target
    return found[1]


def targets(text: str) -> set[str]:
    """Return the targets that run the tests of a module: by its mark, or by those that some of them bear."""
    whole = re.findall(r"^pytestmark = .*", text, re.MULTILINE)
    marks = set(re.findall(r"pytest\.mark\.(\w+)", "".join(whole) or text))
    suites = {
        name
        for mark in marks
        for name in (f"test-{mark}", mark)
        if re.search(f"^{name}:", MAKEFILE, re.MULTILINE)
    }
    return suites or {"test-python", "coverage"}


@cache
def named(path: Path) -> tuple[set[str], list[Path]]:
    """Return the tools whose environment a module names, and the modules that it imports of tests and dev."""
    text = path.read_text(encoding="utf-8")
    tools = {tool for tool in TOOLS if re.search(rf'(?i:tools)["/ ]+{tool.partition("/")[2]}["/ ]', text)}
    parts: list[str] = []
    for each in ast.parse(text).body:
        if isinstance(each, ast.ImportFrom) and each.module and each.module.startswith(IMPORTED):
            parts += [each.module, *(f"{each.module}.{name.name}" for name in each.names)]
    files = [ROOT / (part.replace(".", "/") + ".py") for part in parts]
    return tools, [file for file in files if file.is_file()]


def needed(path: Path) -> set[str]:
    """Return the tools that a module needs, by itself or by what it imports."""
    found: set[str] = set()
    seen, waiting = {path}, [path]
    while waiting:
        tools, imported = named(waiting.pop())
        found |= tools
        waiting += [file for file in imported if file not in seen]
        seen.update(imported)
    return found


def test_the_tools_are_read() -> None:
    """The Makefile's environments are found, in each spelling, and beyond what is imported."""
    assert {"tools/moto", "tools/actionlint", "tools/ministack", "tools/pre-commit"} <= set(TOOLS)
    for file, tool in (
        ("tests/infra/test_demo.py", "ministack"),
        ("tests/e2e/test_generated_settings.py", "newman"),
        ("tests/infra/test_linters.py", "cfn-lint"),
    ):
        assert f"tools/{tool}" in needed(ROOT / file)


def test_each_suite_has_its_tools_installed() -> None:
    """Whatever ran before: a fresh machine has nothing but what the target asks for."""
    lacking = [
        f"make {target} runs {path.relative_to(ROOT)} and does not install {tool}"
        for path in FILES
        for target in sorted(targets(path.read_text(encoding="utf-8")))
        for tool in sorted(needed(path))
        if tool not in prerequisites(target)
    ]
    assert not lacking, "\n".join(lacking)


@pytest.mark.parametrize("failing", ["run", "report", ""])
def test_coverage_fails_where_a_test_does_or_a_figure(tmp_path: Path, failing: str) -> None:
    """The figures are printed in each case, and the exit code says whether all was well."""
    counts = tmp_path / "bin" / "coverage"
    counts.parent.mkdir()
    counts.write_text(f'#!/bin/sh\n[ "$1" = report ] && echo 99\n[ "$1" != "{failing}" ]\n', encoding="utf-8")
    counts.chmod(0o755)
    made = [each.replace("$(VENV)", ".venv") for each in prerequisites("coverage").split()]
    there = [word for each in made for word in ("-o", each)]
    command = ["make", "-C", str(tmp_path), "-f", str(ROOT / "Makefile"), *there, "BIN=bin", "coverage"]

    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (ran.returncode != 0) is bool(failing), ran.stderr
    assert "entra_config/* 99 % (at least 94.8 %)" in ran.stdout
    assert ("tests failed" in ran.stdout) is (failing == "run")
