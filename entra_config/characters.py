"""A character in; whether a person sees it as what it is, by Unicode's properties, out. A text in; what is
seen of it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Unicode's property Default_Ignorable_Code_Point (DerivedCoreProperties.txt, version 16): renderers leave
# these out.
_IGNORABLE = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B,
    0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF,
    0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
# The property Bidi_Control: these reorder what is around them.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Controls, lone surrogates, private use, unassigned, line and paragraph separators: no font shows them alike.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Mc", "Me"})
# What is drawn as a blank, and is no space by its category.
_DRAWN_BLANK = frozenset("\u2800\U0001d159")
# The runner of GitHub Actions takes `::name …` at the start of a line and `##[name …]` anywhere in it as a
# command.
_WORKFLOW_START = re.compile(r"\A(\s*):(?=:)")
_WORKFLOW_OLD = re.compile(r"##\[")
# Stands for the backslash of an escape: it is invisible, so no character of a text comes through as this one.
_ESCAPE = "\0"
_AMBIGUOUS = re.compile(rf"(\\+)(?={_ESCAPE}?u\{{)")


def bidi(char: str) -> bool:
    """Tell whether a character reorders the text around it."""
    return char in _BIDI


def control(char: str) -> bool:
    """Tell whether a character is a control (C0, DEL, C1) or breaks a line: TAB and LF too."""
    return unicodedata.category(char) in {"Cc", "Zl", "Zp"}


def invisible(char: str) -> bool:
    """Tell whether nobody sees a character as what it is: ignorable, blank but U+0020, bidi, control,
    unassigned.
    """
    if " " <= char <= "~":
        return False
    category = unicodedata.category(char)
    return category in _UNSEEN or category == "Zs" or char in _DRAWN_BLANK or ignorable(char)


def ignorable(char: str) -> bool:
    """Tell whether renderers leave a character out (Default_Ignorable_Code_Point)."""
    code = ord(char)
    return any(first <= code <= last for first, last in _IGNORABLE)


def mark(char: str) -> bool:
    """Tell whether a character is drawn onto the one before it."""
    return unicodedata.category(char) in _MARKS


def printed(value: str) -> str:
    r"""Return `value` as one line for a terminal or a CI log: what is invisible or a command becomes a
    visible escape.

    What cannot be seen is `\u{200b}`. Backslashes are doubled only before `u{`, where they would read as such
    an escape, so that two values that differ never print alike.
    """
    line = "".join(_visible(value))
    line = _WORKFLOW_START.sub(rf"\1{_ESCAPE}u{{3a}}", line)
    line = _WORKFLOW_OLD.sub(f"##{_ESCAPE}u{{5b}}", line)
    return _AMBIGUOUS.sub(r"\1\1", line).replace(_ESCAPE, "\\")


def _visible(value: str) -> Iterator[str]:
    """Yield each character, escaped where nobody would see it as what it is; a mark needs a character to
    be drawn onto.
    """
    based = False
    for char in value:
        marks = mark(char)
        if invisible(char) or (marks and not based):
            yield f"{_ESCAPE}u{{{ord(char):x}}}"
            based = False
        else:
            yield char
            based = based if marks else char != " "
