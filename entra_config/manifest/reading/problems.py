"""Collects everything that is wrong with a manifest, so that one run tells it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entra_config.errors import ManifestError, Position, Problem


class Problems:
    """A list that grows; `finish` raises one error with all of it."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def found(self) -> list[Problem]:
        """Return what was found so far."""
        return list(self._found)

    def add(self, position: Position | None, message: str) -> None:
        """Note one problem."""
        self._found.append(Problem(position, message))

    def extend(self, error: ManifestError) -> None:
        """Note the problems of an error that was raised below."""
        self._found.extend(error.problems)

    def finish(self) -> None:
        """Raise ManifestError if anything was found."""
        if self._found:
            raise ManifestError(self._found)


def near(word: str, known: Iterable[str]) -> str:
    """Return a sentence that offers what `word` may have meant, with a leading space, or ""."""
    choices = sorted(set(known))
    if close := nearest(word, choices):
        return f" Did you mean {listing(close, 'or')}?"
    if choices and len(choices) <= 12:
        return f" Known: {listing(choices)}."
    return ""


def suggest(text: str, ids: Mapping[str, str]) -> str:
    """Return which known name is probably meant by a text, be it its id; empty if none is near."""
    named = [name for name, id_ in ids.items() if id_.casefold() == text.casefold()]
    if named:
        return f"this is the id of `{named[0]}`: write that name"
    likely = nearest(text, ids)
    return f"did you mean {listing(likely, 'or')}?" if likely else ""


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Return what `word` may have meant, the likeliest first; nothing where it is like none."""
    import difflib  # for what is wrong alone

    folded = {choice.casefold(): choice for choice in sorted(set(known))}
    close = difflib.get_close_matches(word.casefold(), folded, n=3, cutoff=0.6)
    best = _likeness(word, close[0]) if close else 0
    return [folded[match] for match in close if _likeness(word, match) > best - 0.1]


def _likeness(word: str, match: str) -> float:
    import difflib

    return difflib.SequenceMatcher(None, word.casefold(), match).ratio()


def listing(words: Iterable[str], last: str = "and") -> str:
    """Join words as prose: `a`, `b` and `c`."""
    quoted = [f"`{word}`" for word in words]
    return (
        quoted[0]
        if len(quoted) == 1
        else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
        if quoted
        else "nothing"
    )
