"""The workflows of a fleet: what cannot stand in them."""

from __future__ import annotations

import pytest

from entra_config.bootstrap import fleet_github
from entra_config.errors import UsageError


@pytest.mark.parametrize(
    "fleet", ["my tenants/fleet.yaml", "${{ github.token }}/fleet.yaml", "a;b/fleet.yaml"]
)
def test_a_path_that_cannot_stand_in_a_workflow_is_refused(fleet: str) -> None:
    """It stands there without quotes, in expressions and in a shell."""
    with pytest.raises(UsageError, match=r"the workflows name this folder, so it has letters, digits"):
        fleet_github.workflows(fleet, 2)
