"""A secret as a manifest declares it, and two places where a rotation may have written it."""

from __future__ import annotations

from datetime import timedelta

from entra_config.manifest.sinks import DeclaredSecret

HERE, ELSEWHERE = "a" * 20, "b" * 20
WEB = DeclaredSecret("web", "web", timedelta(days=90), timedelta(days=14))
