"""The $search of a list in; a test of rows, and the ids that the words of names narrow it to, out."""

import re
from dataclasses import dataclass
from typing import Any

from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import bad_request, unsupported_query
from entra_emulator.graph.naming import unknown
from entra_emulator.graph.properties import Rules
from entra_emulator.graph.schema import spellings, types
from entra_emulator.table import Row, Table, words

_TERM = re.compile(r'"([A-Za-z0-9]+):((?:[^"\\]|\\.)+)"')


@dataclass(frozen=True)
class Search:
    """Alternatives of terms, all of which have to be found: (property, beginning of a word)."""

    alternatives: tuple[tuple[tuple[str, str], ...], ...]

    def matches(self, row: Any) -> bool:
        """Say whether a row has the words."""
        return any(all(_has_word(row, name, value) for name, value in terms) for terms in self.alternatives)

    def narrowed(self, table: Table) -> list[str] | None:
        """Give the ids, ordered, that can match; None where no name narrows them."""
        found = [
            [table.with_word(value) for name, value in terms if name == "displayName"]
            for terms in self.alternatives
        ]
        if not all(found):
            return None
        return sorted({row_id for ids in found for row_id in min(ids, key=len)})


def read(call: Call, rules: Rules) -> Search | None:
    """Read the $search of a request; none without one."""
    text = call.options.get("$search")
    if text is None:
        return None
    if not rules.searchable:
        raise unsupported_query(f"$search is not supported on resource '{rules.resource}'.")
    if not call.advanced:
        # advanced-queries documentation
        raise unsupported_query(
            "Request with $search query parameter only works through MSGraph with a special request header: "
            "'ConsistencyLevel: eventual'"
        )
    return Search(
        tuple(
            tuple(_term(rules, text, part) for part in re.split(r"\s+AND\s+", alternative))
            for alternative in re.split(r"\s+OR\s+", text.strip())
        )
    )


def _term(rules: Rules, text: str, part: str) -> tuple[str, str]:
    match = _TERM.fullmatch(part.strip())
    if match is None:
        raise bad_request(
            f"Syntax error: character ':' is not valid at position 0 in '{text}'.", "BadRequest"
        )
    name = spellings(rules.type).get(match[1].casefold(), "")
    prop = types()[rules.type].properties.get(name)
    if prop is None:
        raise unknown(types()[rules.type].name, match[1])
    if prop.type != "Edm.String":
        raise unsupported_query(f"Property '{name}' of resource '{rules.resource}' is not searchable.")
    return name, match[2].casefold()


def _has_word(row: Row, name: str, value: str) -> bool:
    texts = row.get(name)
    for text in texts if isinstance(texts, list) else [texts]:
        folded = text.casefold() if isinstance(text, str) else ""
        if folded.startswith(value) or any(word.startswith(value) for word in words(folded)):
            return True
    return False
