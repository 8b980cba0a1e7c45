"""Sequences of edits of projects in one tenant: each key is one object, the model's, and nobody touches
another's.
"""

from __future__ import annotations

import pytest

from tests import seeds
from tests.oracle.sequences import whole


@pytest.mark.parametrize("number", range(12))
def test_each_key_is_one_object(number: int) -> None:
    """After any edits each key is the object that it was, or a new one; a plan does that or refuses."""
    whole(number)


@pytest.mark.oracles
@pytest.mark.parametrize("number", seeds.of("identity"))
def test_each_key_is_one_object_after_many_more(number: int) -> None:
    """The same, for the drawn sequences."""
    whole(number)
