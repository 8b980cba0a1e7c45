"""cfn-lint and checkov on the templates, from environments of their own (`make test-options`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.templates import INFRA, inside, parse

TOOLS = Path(sys.prefix) / "tools"
# Mistakes of the template's own grammar, which the rules of this folder leave to cfn-lint.
GRAMMAR = {
    "no issuer": ("edge", "              Issuer: !Ref Issuer\n", "", "'Issuer' is a required property"),
    "a property misspelt": ("edge", "              Issuer: !Ref", "              Isuer: !Ref", "Isuer"),
    "a format that is none": ("edge", "Format: single-string", "Format: single", "is not one of"),
    "a strategy that is none": ("services", "Strategy: BLUE_GREEN", "Strategy: BLUEGREEN", "is not one of"),
    "a reference to nothing": ("services", "!Ref SpaTask\n", "!Ref SpaTasks\n", "SpaTasks"),
    "memory that Fargate has not": ("services", 'Memory: "512"', 'Memory: "300"', "300"),
    "a parameter for nothing": (
        "network",
        "Conditions:\n",
        "  Idle: { Type: String }\n\nConditions:\n",
        "Idle",
    ),
    "a secret without its reference": (
        "services",
        "          HealthCheck:\n            Command: [CMD, alive]\n",
        "          Secrets: [{ Name: A }]\n          HealthCheck:\n            Command: [CMD, alive]\n",
        "'ValueFrom' is a required property",
    ),
}

pytestmark = pytest.mark.options


def cfn_lint(*files: Path) -> str:
    """Return what cfn-lint says."""
    command = [str(TOOLS / "cfn-lint/bin/cfn-lint"), *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return ran.stdout


def checkov(folder: Path) -> Any:
    """Return checkov's results; it is told not to ask its maker."""
    words = ["-d", str(folder), "--framework", "cloudformation", "--skip-download", "-o", "json"]
    ran = subprocess.run(
        [str(TOOLS / "checkov/bin/checkov"), *words], capture_output=True, text=True, check=False
    )
    return json.loads(ran.stdout)


def test_cfn_lint_says_nothing() -> None:
    """All templates, warnings too."""
    assert cfn_lint(*sorted(INFRA.glob("*.yaml"))) == ""


@pytest.mark.parametrize("name", GRAMMAR)
def test_cfn_lint_tells_a_mistake(name: str, tmp_path: Path) -> None:
    """Each is one edit of one template."""
    stack, before, after, said = GRAMMAR[name]
    text = (INFRA / f"{stack}.yaml").read_text(encoding="utf-8")
    assert before in text
    broken = tmp_path / f"{stack}.yaml"
    broken.write_text(text.replace(before, after, 1), encoding="utf-8")

    assert said in cfn_lint(broken)


def test_checkov_fails_nothing_and_each_check_that_is_left_out_has_its_reason() -> None:
    """What is skipped is skipped in the template, beside the resource."""
    results = checkov(INFRA)["results"]
    skipped = {
        (each["check_id"], each["check_result"]["suppress_comment"]) for each in results["skipped_checks"]
    }
    declared = {
        (one["id"], one["comment"])
        for path in INFRA.glob("*.yaml")
        for key, value in inside(parse(path.read_text(encoding="utf-8")).body)
        if key == "checkov"
        for one in value["skip"]
    }

    assert [f"{each['check_id']} {each['resource']}" for each in results["failed_checks"]] == []
    assert skipped == declared
    assert len(results["passed_checks"]) > 60
    assert all(len(comment.split()) > 5 for _, comment in declared)


def test_checkov_tells_a_mistake(tmp_path: Path) -> None:
    """A load balancer that passes headers on which are none."""
    text = (INFRA / "edge.yaml").read_text(encoding="utf-8")
    kept = text.replace(
        'invalid_header_fields.enabled, Value: "true"', 'invalid_header_fields.enabled, Value: "false"'
    )
    (tmp_path / "edge.yaml").write_text(kept, encoding="utf-8")

    failed = checkov(tmp_path)["results"]["failed_checks"]
    assert {each["check_id"] for each in failed} == {"CKV_AWS_131"}
