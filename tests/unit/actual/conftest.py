"""A tenant in which names mean several objects."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant


@pytest.fixture
def tenant() -> Tenant:
    """Return a tenant with two Payrolls and two groups of one name."""
    made = Tenant()
    for number, name in enumerate(("HR", "Payroll", "Payroll")):
        estate.external(made.rows, name, str(number))
    seed.add_group(made.rows, "Twins")
    seed.add_group(made.rows, "Twins", row_id="dddddddd-0000-4000-8000-000000000001")
    return made
