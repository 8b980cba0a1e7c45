"""Print where a text uses a phrase that readers did not understand, with a plain one: a part of `make lint`.

It prints warnings and never fails. It reads the tracked files, also the strings and comments of Python, and
finds a phrase that a line break divides. Files that are made of others are left to their sources.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.generated import FILES

ROOT = Path(__file__).parents[1]
# Phrases, never single common words: 40 at most, so that the list stays one that a writer can know.
PHRASES: Mapping[str, str] = {
    "nobody declared": "undeclared",
    "nobody has declared": "undeclared",
    "stands here twice": "duplicate KEY: first defined at PLACE",
    "bears our marks": "is tagged as managed by PROJECT/ENV",
    "bears our mark": "is tagged as managed by PROJECT/ENV",
    "bears no": "has no",
    "let go on": "re-enabled",
    "lets it go on": "re-enables it",
    "is let go": "is released from management",
    "are let go": "are released from management",
    "or let go": "or released from management",
    "held back": "withheld",
    "holds back": "withholds",
    "refused consent": "skipped",
    "a stranger's": "an external user's, another organization's",
    "the gravest": "the most severe",
    "riskiest first": "highest risk first",
    "held by a test": "tested",
    "nothing that is known of": "unknown",
    "is nobody of": "is not defined under",
    "as it shall be": "as desired",
    "as it is to be": "as desired",
    "the manifest in hand": "the current manifest",
    "at a desk": "interactively",
    "as far as asked": "as requested",
    "for its own part": "(delete it)",
    "of one's own": "your own, their own",
    "hands on each": "passes on each",
    "is meant so": "is intended",
    "no tags are known": "tags are not allowed",
    "make whom": "create user",
    "bring it in": "import",
    "one hour on": "forward one hour",
}
# Texts that stay: history, data of others, and the sentences of defects, which never change.
KEPT = re.compile(
    r"CHANGELOG\.md|docs/decisions/|docs/proofs\.md|tests/defects/|tests/conformance/recorded/|(tools|tests/unit)/(test_)?phrases\.py|.*(lock|lock\.json|jsonl|svg)$"
)


def find_phrases(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the phrase of each match."""
    for found in _PATTERN.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, re.sub(_GAP, " ", found[0]).lower()


# Between two words: blanks, a line break with what begins a comment, the end of a string and the next one.
_GAP = r"""[\s"'#]*\s[\s"'#]*"""
_PATTERN = re.compile(
    r"\b(?:" + "|".join(re.escape(each).replace(r"\ ", _GAP) for each in PHRASES) + r")\b", re.IGNORECASE
)


def main() -> None:
    """Print a line for each match in a tracked text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if name in FILES or KEPT.match(name) or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for line, phrase in find_phrases(text):
            print(f"{name}:{line}: warning: `{phrase}`: write `{PHRASES[phrase]}`")


if __name__ == "__main__":
    main()
