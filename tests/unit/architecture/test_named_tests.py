"""Each test that docs/security.md names for a rule is there."""

from __future__ import annotations

import ast
import re

from tests.unit.architecture.sources import ROOT, tree

NAMED = re.compile(r"`([^`\s]*test_[^`\s]*)`")


def test_each_test_that_a_rule_of_security_names_is_there() -> None:
    """By its path, so that whoever reads the rule can run it."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    missing = []
    for named in NAMED.findall(page):
        path, _, function = named.partition("::")
        file = ROOT / path
        known = (
            {each.name for each in tree(file).body if isinstance(each, ast.FunctionDef)}
            if file.is_file()
            else set()
        )
        if function not in known:
            missing.append(named)
    assert missing == []
