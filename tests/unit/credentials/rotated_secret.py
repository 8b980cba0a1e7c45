"""A secret with a life, and what became of it at its rotation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from entra_config.credentials.rotation import Rotated, Rotating
from entra_config.manifest.fields.sinks.file import FileSink
from entra_config.manifest.sinks import DeclaredSecret

SUBJECT = Rotating(
    "web",
    DeclaredSecret("main", "vault", timedelta(days=90), timedelta(days=14), until=date(2027, 1, 1)),
    FileSink("vault", {"path": "kept/web"}),
)
ENDS = datetime(2027, 2, 23, 12, tzinfo=UTC)
MADE = Rotated(SUBJECT, ("k2", "k1"), made="k2", ends=ENDS, proven=True)
