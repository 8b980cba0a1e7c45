"""The source that a marker names in; where a reader opens each part of it, out (`sources.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.recorded.sessions import read_sessions
from tests.conformance.recorded.shapes import read_shapes

ROOT = Path(__file__).parents[2]
_THREAD = re.compile(r"(?:(?P<owner>[\w-]+)/)?(?P<name>[\w.-]+)?(?P<pull> PR)?#(?P<number>\d+)(?P<rest> .*)?")
_RFC = re.compile(r"(?P<label>RFC (?P<number>\d+))(?P<rest>\b.*)")
# Where documentation, schemas and standards are.
_DOCUMENTS = (
    "https://learn.microsoft.com/",
    "https://docs.oasis-open.org/",
    "https://openid.net/",
    "https://www.rfc-editor.org/",
)
_TABLES = ("CSDL", "CSDL of beta", "CSDL of the beta endpoint", "BICEP", "PERM", "DOC21")
_REFERENCE = re.compile(r"(?P<name>[A-Za-z][\w-]*)(?: resource)? documentation")


@dataclass(frozen=True)
class Part:
    """One citation, or a remark: words without a place."""

    words: str
    place: str = ""

    @property
    def markdown(self) -> str:
        """Return it as the page shows it, a place in the repository as seen from docs/fidelity/."""
        to = self.place if self.place.startswith("http") else f"../../{self.place}".replace("../docs/", "")
        return f"[{self.words}]({to})" if self.place else self.words


def cite(source: str) -> list[Part]:
    """Return the parts of a source; remarks stand behind a semicolon, or in words of their own."""
    return list(_parts(source))


def is_documented(source: str) -> bool:
    """Return True if a page of documentation, a published schema or a standard says it."""
    return any(part.place.startswith(_DOCUMENTS) or part.words in _TABLES for part in cite(source))


def last_seen(source: str) -> str:
    """Return the month of the newest dated answer among the sources; empty if none is dated."""
    return max(map(_month, cite(source)), default="")


def newest() -> str:
    """Return the month of the newest recorded answer."""
    return max(_recorded().values())


def _month(part: Part) -> str:
    thread = re.fullmatch(r"https://github.com/(.+)/issues/(\d+)", part.place)
    key = f"{thread[1]}#{thread[2]}" if thread else part.place.rpartition("/")[2]
    return max(known()["answers"].get(part.words, ""), _recorded().get(key, "") if key else "")


@cache
def _recorded() -> dict[str, str]:
    """Return the newest month of each thread, and of each recording by its file name."""
    found: dict[str, str] = {}
    for shape in read_shapes():
        key = str(shape.recorded["source"]).removesuffix(" (issue)").rpartition("/recordings/")[2]
        found[key] = max(found.get(key, ""), shape.month)
    for name, session in read_sessions().items():
        key = name.rpartition("/")[2]
        found[key] = max(found.get(key, ""), *(exchange["date"] or "" for exchange in session))
    return found


def _parts(source: str) -> Iterator[Part]:
    repository = ""
    for words in _words(source):
        thread = _THREAD.fullmatch(words)
        if thread:
            name = thread["name"]
            owner = thread["owner"]
            repository = f"{owner}/{name}" if owner else known()["repositories"][name] if name else repository
            yield Part(words, f"https://github.com/{repository}/issues/{thread['number']}")
        else:
            yield Part(words, _place(words))


def _words(source: str) -> Iterator[str]:
    """Yield the citations of a source; of `a, b documentation` each is of the documentation."""
    for group in source.split("; ") if source else ():
        words = group.split(", ")
        last = max(
            (number for number, each in enumerate(words) if each.endswith(" documentation")), default=-1
        )
        for number, each in enumerate(words):
            alone = re.fullmatch(r"[a-z-][\w-]*(?: resource)?", each) and each not in known()["named"]
            yield f"{each} documentation" if number < last and alone else each


def _place(words: str) -> str:
    """Return where a citation is opened; nothing for a remark."""
    named = known()["named"]
    first = words.partition(": ")[0]
    for name in (words, first, re.sub(r" \S+\.\w+$| [\d.]+$", "", first)):
        if name in named:
            return str(named[name])
    if rfc := _RFC.fullmatch(words):
        return f"https://www.rfc-editor.org/rfc/rfc{rfc['number']}"
    if code := re.fullmatch(r"AADSTS(\d+)", words):
        return f"https://login.microsoftonline.com/error?code={code[1]}"
    if words.startswith("ED:"):
        return f"https://learn.microsoft.com/entra/identity-platform/{words[3:]}"
    if reference := _REFERENCE.fullmatch(first):
        name = reference["name"].lower()
        return f"https://learn.microsoft.com/graph/api/{name if '-' in name else f'resources/{name}'}"
    return words if (ROOT / words).exists() and "/" in words else ""


@cache
def known() -> dict[str, dict[str, Any]]:
    """Return the tables of sources.yaml."""
    return dict(yaml.safe_load(Path(__file__).with_name("sources.yaml").read_text(encoding="utf-8")))
