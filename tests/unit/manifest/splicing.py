"""A YAML text after one change."""

from __future__ import annotations

from collections.abc import Callable

from entra_config.manifest.editing.splice import Document

Change = Callable[[Document], object]


def changed(text: str, change: Change) -> str:
    """Return a text after a change."""
    document = Document(text)
    change(document)
    return document.text
