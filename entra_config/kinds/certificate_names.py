"""A certificate's name, end and thumbprint in, the label that reports give it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.manifest.until import format_end
from entra_config.moments import parse_moment


def labelled(name: str, end: str | None) -> str:
    """Return a name with the day on which a certificate ends."""
    return f"{name}, until {format_end(parse_moment(end))}" if end else name


def format_end_of(credential: Mapping[str, Any]) -> str:
    """Return until when a secret or certificate of Graph's signs in."""
    end = credential.get("endDateTime")
    return f"until {format_end(parse_moment(end))}" if end else "without an end"


def label(item: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the label of an entry of `keyCredentials`: as the tenant has it, else as the manifest names
    it.
    """
    thumbprint = str(item["customKeyIdentifier"])
    live = item.get("displayName") or ("certificate" if item.get("endDateTime") else None)
    known = labelled(str(live), item.get("endDateTime")) if live else names.get(thumbprint, "certificate")
    return f"{known} ({thumbprint})"
