"""Random tenants, read by lists and read by key: plan, drift and access say the same."""

from __future__ import annotations

import pytest

from tests import seeds
from tests.oracle.two_ways import difference


@pytest.mark.parametrize("number", seeds.of("readings"))
def test_lists_and_reads_by_key_say_the_same(number: int) -> None:
    """While replicas lag, calls are throttled or fail, lists are refused or end at 20 related objects, and
    objects with our tags are made between two pages.
    """
    assert difference(number) == ""
