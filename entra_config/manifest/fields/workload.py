"""What a type of workload is: the words that name one, and the texts of its tokens that are made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from entra_config.manifest.fields.field import Record, row

MATCHES = "claims['sub'] matches 'repo:example/myapp:ref:refs/heads/*' and claims['repository_id'] eq '5678'"
Words = Mapping[str, str | bool]
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class FormWord:
    """One word that names a workload, and what it may be. `absent` is what it is where it is not written;
    None: it must be.

    `""`: it need not be at all. `encoded`: a colon in it is `%3A` in a token. `hint` says of a wrong word
    what the right one is.
    """

    key: str
    says: str
    example: str
    rule: str
    wanted: str
    absent: str | None = None
    encoded: bool = False
    hint: Callable[[str], str] = lambda _: ""


@dataclass(frozen=True, slots=True)
class TokenText:
    """A text with words in it, as `{key}`. `flag`: a word that is true, and stands for the whole."""

    text: str
    flag: str = ""
    says: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return its words in their order."""
        return (*re.findall(r"\{(\w+)\}", self.text), *([self.flag] if self.flag else []))


@dataclass(frozen=True, slots=True)
class ClaimLanguage:
    """What Entra's expressions may ask of the tokens of a type of workload.

    `claims` have their operators; of each group of `needs` one is asked, where the pattern of `sub` begins
    so. `boundary` is as much of `sub` as says what code the tokens are of, and `bound` the claim that says
    the same by an id.
    """

    issuer: str
    issuers: str
    claims: Mapping[str, tuple[str, ...]]
    needs: tuple[tuple[str, tuple[str, ...]], ...]
    boundary: str
    bound: str = ""


@dataclass(frozen=True)
class WorkloadForm:
    """One type of workload. Its last issuer has all that an issuer can have; of its subjects each has
    words of its own.
    """

    key: str
    says: str
    parts: tuple[FormWord, ...]
    issuers: tuple[TokenText, ...]
    subjects: tuple[TokenText, ...]
    language: ClaimLanguage | None = None
    shared: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        shared = (key for key in self.subjects[0].keys if all(key in each.keys for each in self.subjects))
        object.__setattr__(self, "shared", tuple(shared) if len(self.subjects) > 1 else self.subjects[0].keys)

    def part(self, key: str) -> FormWord:
        """Return what a word of it may be."""
        return next(each for each in self.parts if each.key == key)

    @property
    def of_issuer(self) -> tuple[str, ...]:
        """Return the words that its issuer is made of."""
        return self.issuers[-1].keys

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the words of which a workload has one: what not all of its subjects have."""
        optional = {each.key for each in self.parts if each.absent == ""}
        every = dict.fromkeys(key for each in self.subjects for key in each.keys)
        return tuple(key for key in every if key not in {*self.shared, *optional})

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the words that every workload has."""
        return tuple(key for key in (*self.of_issuer, *self.shared) if self.part(key).absent is None)

    @cached_property
    def record(self) -> Record:
        """Return the words that a manifest names its workloads by, or the expression."""
        exact = self.exact_record
        if self.language is None:
            return exact
        matches = row("matches", "text", "An expression instead (beta).", MATCHES)
        return replace(exact, fields=(*exact.fields, matches), ways=(*exact.ways, ("matches",)))

    @cached_property
    def exact_record(self) -> Record:
        """Return the words that name one workload."""
        flags = {each.flag: row(each.flag, "mark", each.says, True) for each in self.subjects if each.flag}
        words = (row(each.key, "text", each.says, each.example) for each in self.parts)
        # A managed identity's tenant is the manifest's where it is absent.
        needed = tuple(key for key in self.needed if key != "tenantId")
        ways = tuple((*needed, key) for key in self.choices) or (needed,)
        return Record(f"`{self.key}`", self.says, (*words, *flags.values()), ways=ways)

    def issuer(self, words: Words) -> str:
        """Return the issuer of a workload: of the last pattern whose words are all there, or need not be."""
        known = (
            each
            for each in reversed(self.issuers)
            if all(words.get(key) or self.part(key).absent for key in each.keys)
        )
        return self.made(next(known), words)

    def subject(self, words: Words) -> str:
        """Return the subject of a workload: of the first pattern whose words are all there."""
        return self.made(
            next(each for each in self.subjects if all(words.get(key) for key in each.keys)), words
        )

    def made(self, pattern: TokenText, words: Words) -> str:
        """Return a text with the words in it."""
        return re.sub(r"\{(\w+)\}", lambda found: self._written(found[1], words), pattern.text)

    def taken(self, pattern: TokenText, text: str) -> dict[str, str | bool] | None:
        """Return the words of a text, without those that need not be said; None where it is not the
        pattern's to the letter.
        """
        known = re.escape(pattern.text)
        rule = re.sub(r"\\\{(\w+)\\\}", lambda found: f"(?P<{found[1]}>{self.part(found[1]).rule})", known)
        found = re.fullmatch(rule, text, re.ASCII)
        if found is None:
            return None
        read = ((key, self._read(key, value)) for key, value in found.groupdict().items())
        words: dict[str, str | bool] = {key: value for key, value in read if value != self.part(key).absent}
        return (
            {**words, **({pattern.flag: True} if pattern.flag else {})}
            if self.made(pattern, words) == text
            else None
        )

    def _read(self, key: str, value: str) -> str:
        return value.replace("%3A", ":") if self.part(key).encoded else value

    def _written(self, key: str, words: Words) -> str:
        part = self.part(key)
        value = str(words.get(key) or part.absent or "")
        return value.replace(":", "%3A") if part.encoded else value
