"""Random estates: what `entra-config test` says of a token is what a second reading of Entra's rules and
`access` say.
"""

from __future__ import annotations

import pytest

from tests import seeds
from tests.oracle.claims.runs import tried


@pytest.mark.oracles
@pytest.mark.parametrize("number", seeds.of("claims"))
def test_what_tests_say_is_what_the_rules_and_access_say(number: int) -> None:
    """Each decided question passes as a test that expects its answer, fails as one that expects another,
    and has its holders.
    """
    verdict = tried(number)

    assert verdict.wrong == []
    assert verdict.tests > 0


def test_three_estates_of_every_run() -> None:
    """A share that every run of the tests takes: people, applications and refusals are all in it."""
    found = [tried(number) for number in range(3)]

    assert [wrong for verdict in found for wrong in verdict.wrong] == []
    assert sum(verdict.tests for verdict in found) > 60
    assert sum(verdict.refusals for verdict in found) > 15
    assert sum(verdict.compared for verdict in found) > 15
