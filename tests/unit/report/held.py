"""Who holds which role, by hand: declared and not, through a group and not, for a time, disabled; owners."""

from __future__ import annotations

from datetime import UTC, date, datetime

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.errors import Position
from entra_config.plan.model import TenantInfo
from entra_config.report.holders import AccessReading

LONG = "a.person.with.an.uncommonly.long.name.that.a.directory.made" * 2


def sample() -> tuple[list[Holding], str, list[Ownership], list[Entrance], AccessReading]:
    """Return what the page of access is made of."""
    place = Position("manifests/access.yaml", 5, 24)
    held = [
        Holding("api", "Admin", "user", "ann@contoso.com", "1", "group MyApp Admins", "2026-11-20", place),
        Holding("api", "Admin", "user", "bob@contoso.com", "2", "direct", "2026-11-24"),
        Holding(
            "api",
            "Admin",
            "user",
            f"{LONG}@contoso.com",
            "3",
            "direct",
            position=place,
            until=date(2026, 12, 31),
        ),
        Holding("api", "Writer", "application", "MyApp Nightly", "4", "consent", disabled=True),
    ]
    owners = [
        Ownership("api", "user", "ann@contoso.com", "1", ("api/Writer", "Microsoft Graph/User.Read.All"))
    ]
    entrances = [Entrance("spa", assignment_required=False), Entrance("old", enabled=False)]
    at = datetime(2026, 11, 26, 10, 24, tzinfo=UTC)
    tenant = TenantInfo("11111111-1111-1111-1111-111111111111", "contoso.onmicrosoft.com")
    about = AccessReading("myapp/prod", tenant, at, "MyApp Reader (prod)")
    return held, "Access of myapp/prod", owners, entrances, about
