"""The templates as they stand break no rule; each of many mistakes in a copy is told."""

from __future__ import annotations

import pytest

from tests.infra import alb_rules, bff_rules, edge_rules, httpd_rules, stack_rules, task_rules, tls_rules
from tests.infra.broken import MISTAKES
from tests.infra.mistakes import made
from tests.infra.templates import Stacks, read


def problems(stacks: Stacks) -> list[str]:
    """Return all that is wrong."""
    return [
        each
        for rules in (edge_rules, task_rules, alb_rules, bff_rules, httpd_rules, tls_rules, stack_rules)
        for each in rules.check(stacks)
    ]


def test_the_templates_break_no_rule() -> None:
    """Edge, tasks, what options B, C and E add, and what holds between the stacks."""
    assert problems(read()) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told(name: str) -> None:
    """Each is one edit of one template, and is told by the rule that is about it."""
    found = problems(made(read(), MISTAKES[name]))

    assert any(MISTAKES[name].said in each for each in found), found
