"""The evaluator of Entra's rules, case by case: what is in the tenant, what is asked, what the notes say
is answered.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.oracle import rules, rules_of_consent, token_endpoint
from tests.oracle.rule_cases import applications, consent, refusals, roles
from tests.oracle.rule_cases.base import BASE, Case
from tests.oracle.rules import response
from tests.oracle.shapes import tenant
from tests.oracle.token_endpoint import Unknown

EVALUATOR = (rules, rules_of_consent, token_endpoint)
CASES = [*roles.CASES, *consent.CASES, *refusals.CASES, *applications.CASES]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.fact}: {case.holds}") for case in CASES])
def test_rule(case: Case) -> None:
    """The evaluator answers each example of the notes as they say, and says where they do not."""
    found = response(tenant(*BASE, *case.pieces), case.question)
    if isinstance(case.response, frozenset):
        assert isinstance(found, Unknown)
        assert (found.refused, found.codes) == (True, case.response)
    elif isinstance(case.response, type):
        assert isinstance(found, Unknown)
        assert not found.refused
    else:
        assert found == case.response


def test_independence() -> None:
    """The evaluator is a reading of its own: it imports neither the engine nor the emulator, nothing but
    the standard library.
    """
    read = [ast.parse(Path(each.__file__).read_text(encoding="utf-8")) for each in EVALUATOR]
    nodes = [node for tree in read for node in ast.walk(tree)]
    named = {one.module for one in nodes if isinstance(one, ast.ImportFrom)}
    named |= {name.name for one in nodes if isinstance(one, ast.Import) for name in one.names}
    assert named
    others = named - {each.__name__ for each in EVALUATOR}
    assert {str(name).partition(".")[0] for name in others} <= sys.stdlib_module_names
