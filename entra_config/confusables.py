"""A text in; its skeleton out, which it shares with every text that looks like it (UTS #39, Unicode's
table confusables.txt).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

from entra_config import characters


def skeleton(text: str) -> str:
    """Return what two texts have in common where a person takes one for the other; it is for comparing
    only.
    """
    bare = text
    if not text.isascii():
        bare = "".join(char for char in unicodedata.normalize("NFD", text) if not characters.ignorable(char))
    return unicodedata.normalize("NFD", bare.translate(_table()))


@cache
def _table() -> Mapping[int, str]:
    data = json.loads(resources.files("entra_config").joinpath("confusables.json").read_text("utf-8"))
    return {ord(char): prototype for prototype, chars in data["alike"].items() for char in chars}
