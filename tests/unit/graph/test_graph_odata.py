"""Strings as literals of filters."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from entra_config.graph.odata import by_key, literal, path
from entra_config.resource import Address, Ref, Text, resolve

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("text", ["plain", "O'Brien", "a+b/c & d", "'", "%27", "naïve 💡"])
def test_a_literal_says_its_string_and_nothing_else(text: str) -> None:
    """Decoded and with doubled quotes undone it is the string again; nothing in it ends the literal or the
    filter.
    """
    inner = literal(text)[1:-1]

    assert unquote(inner).replace("''", "'") == text
    assert not set(inner) & set("'&+#/ ")


def test_a_key_and_a_reference_are_quoted_alike() -> None:
    """An alternate key, and a path in which an id is not known yet, hold the same literal as a filter."""
    created = Ref(Address("application", "api"), "appId")

    assert by_key("applications", "uniqueName", "o'b.x") == "/applications(uniqueName='o%27%27b.x')"
    assert resolve(path("/applications(uniqueName=", "o'b.x", ")"), {}) == by_key(
        "applications", "uniqueName", "o'b.x"
    )
    assert (
        resolve(path("/x?$filter=a%20eq%20", Text(("o'b.", created))), {created: "1f"})
        == "/x?$filter=a%20eq%20'o%27%27b.1f'"
    )


def test_nothing_else_in_the_engine_makes_a_literal() -> None:
    """Outside the emulator no path holds a quote by hand: neither before a value of a filter nor in an
    alternate key.
    """
    by_hand = re.compile(r"""(?:(?:%20| )(?:eq|ge|le|in)(?:%20| )|startswith\(t,|\([A-Za-z]+=)\(?'""")
    # What a federated credential matches is a language of its own.
    of_claims = re.compile(r"claims\['[^']*'\] (?:eq|matches) ")
    # What a rule's example asks Graph by hand is YAML.
    example = re.compile(r'- \{GET: "[^"\n]*"')
    places = [*ROOT.glob("entra_config/**/*.py"), *ROOT.glob("entra_fleet/**/*.py")]
    found = [
        str(place.relative_to(ROOT))
        for place in places
        if by_hand.search(example.sub("", of_claims.sub("", place.read_text(encoding="utf-8"))))
    ]

    assert len(places) > 200
    assert found == []
