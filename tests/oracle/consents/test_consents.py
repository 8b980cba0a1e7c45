"""A printed consent link, opened by an administrator, grants exactly what the policy skipped."""

from __future__ import annotations

import pytest

from tests import seeds
from tests.oracle.consents import names
from tests.oracle.consents.runs import tried


@pytest.mark.oracles
@pytest.mark.parametrize("number", seeds.of("consents"))
def test_a_link_grants_exactly_what_was_skipped(number: int) -> None:
    """Nothing dangerous, mistyped, disabled or withheld, and nothing for anybody else."""
    assert tried(number).wrong == []


def test_ten_cases_of_every_run() -> None:
    """A share that every run of the tests takes: links and skipped consents are in it."""
    found = [tried(number) for number in range(10)]
    assert [wrong for verdict in found for wrong in verdict.wrong] == []
    assert sum(verdict.links for verdict in found) > 3
    assert sum(verdict.skipped for verdict in found) > sum(verdict.links for verdict in found)


@pytest.mark.oracles
@pytest.mark.parametrize("number", seeds.of("consents"))
def test_what_is_granted_has_the_name_that_was_asked_for(number: int) -> None:
    """A near name, and a name with another id in the tenant, is granted nothing; a new name is looked up."""
    assert names.tried(number).wrong == []


def test_ten_tenants_whose_graph_differs() -> None:
    """A share that every run of the tests takes."""
    found = [names.tried(number) for number in range(10)]
    assert [wrong for verdict in found for wrong in verdict.wrong] == []
    assert sum(verdict.granted for verdict in found) > 5
