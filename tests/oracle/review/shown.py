r"""A text of a manifest or a tenant in; how a report must print it out. A second reading: by Unicode, with no
table of ours.

What nobody sees as what it is stands as `\u{200b}`: controls, format characters, blanks but U+0020, what is
unassigned or private, what is drawn as nothing, marks that are drawn onto nothing. A backslash is two.
"""

from __future__ import annotations

import unicodedata

# Letters and marks by their category, and drawn as nothing: fillers, selectors, joiners, the empty cell of
# Braille.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\U0001d159")
SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


def shown(text: str) -> str:
    """Return a text as a report prints it."""
    reported = ""
    drawn = False  # there is something that a mark could be drawn onto
    backslashes = ""  # those before the character
    for index, char in enumerate(text):
        kind = unicodedata.category(char)
        hidden = kind[0] == "C" or (kind[0] == "Z" and char != " ") or char in BLANK or _selects(char)
        if hidden or (kind[0] == "M" and not drawn):
            reported += f"{backslashes}\\u{{{ord(char):x}}}"
            drawn = False
        else:
            reported += f"{backslashes}{char}" if text[index : index + 2] == "u{" else char
            drawn = drawn if kind[0] == "M" else char != " "
        backslashes = f"{backslashes}\\" if char == "\\" else ""
    return reported


def _selects(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in SELECTORS)
