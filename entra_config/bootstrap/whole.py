"""A file and its text in; written whole, or left as it was."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write(file: Path, text: str) -> None:
    """Write a file, whole or not at all; one that is there keeps its mode."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        if file.exists():
            shutil.copymode(file, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
