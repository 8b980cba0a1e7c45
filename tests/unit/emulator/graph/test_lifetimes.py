"""How long a secret lives that says no end, and for which applications a restriction holds."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from entra_emulator.graph import passwords, restrictions


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        (datetime(2026, 11, 28, 9, 30, tzinfo=UTC), datetime(2028, 11, 28, 9, 30, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2030, 3, 1, tzinfo=UTC)),  # no such day then
    ],
)
def test_two_years_later(made: datetime, ends: datetime) -> None:
    """The same day of the calendar, and the day after where there is none."""
    assert passwords._years_later(made) == ends


NOW, BEFORE, SINCE = "2026-11-28T00:00:00Z", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"
HOLDS = {"state": "enabled", "restrictForAppsCreatedAfterDateTime": SINCE}


@pytest.mark.parametrize(
    ("restriction", "created", "version", "mode", "concerned"),
    [
        (None, NOW, 2, None, False),
        ({**HOLDS, "state": "disabled"}, NOW, 2, None, False),
        (HOLDS, NOW, 2, None, True),
        (HOLDS, BEFORE, 2, None, False),
        (HOLDS, None, 2, None, True),  # it is being made now
        ({**HOLDS, "excludeAppsReceivingV2Tokens": True}, NOW, 2, None, False),
        ({**HOLDS, "excludeAppsReceivingV2Tokens": True}, NOW, 1, None, True),
        ({**HOLDS, "excludeAppsReceivingV2Tokens": True}, NOW, None, None, True),
        ({**HOLDS, "excludeSaml": True}, NOW, 2, "saml", False),
        ({**HOLDS, "excludeSaml": True}, NOW, 2, "oidc", True),
        ({**HOLDS, "excludeSaml": True}, NOW, 2, "", True),  # nobody made a service principal
        (HOLDS, NOW, 2, "saml", True),
    ],
)
def test_for_which_applications_a_restriction_of_uris_holds(
    restriction: dict[str, Any] | None,
    created: str | None,
    version: int | None,
    mode: str | None,
    concerned: bool,
) -> None:
    """For those made since its day, but for what it leaves out."""
    principal = None if mode == "" else {"preferredSingleSignOnMode": mode}
    tenant = SimpleNamespace(service_principal_by_app_id=lambda _: principal)
    call: Any = SimpleNamespace(tenant=tenant, stamp=NOW)
    app = {"appId": "a", "createdDateTime": created, "api": {"requestedAccessTokenVersion": version}}
    assert restrictions._concerned(call, restriction, app) is concerned
