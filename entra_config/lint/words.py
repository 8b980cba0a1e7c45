"""Split names into words, as `ManagementReportReader` or `files.read-all`."""

from __future__ import annotations

import unicodedata


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, split at capital letters, digits and separators."""
    parts: list[str] = []
    for before, here, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        begins_word = here.isupper() and (before.islower() or (before.isupper() and after.islower()))
        changes_type = here.isdigit() != before.isdigit()
        if begins_word or changes_type:
            parts.append(" ")
        parts.append(here if here.isalnum() or unicodedata.combining(here) else " ")
    return tuple("".join(parts).casefold().split())
