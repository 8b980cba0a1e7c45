"""A string in; an OData literal as it stands in a filter or a key of a URL out."""

from __future__ import annotations

from urllib.parse import quote

from entra_config.resource import Ref, Text


def literal(value: str) -> str:
    """Return a string as an OData literal inside a URL."""
    return f"'{_inside(value)}'"


def read_literal(written: str) -> str:
    """Return the value of a literal that is no longer encoded; what has no quotes is itself."""
    quoted = written.startswith("'") and written.endswith("'") and len(written) > 1
    return written[1:-1].replace("''", "'") if quoted else written


def tagged(tag: str) -> str:
    """Return the filter of the objects that have a tag, inside a URL; Graph compares it without case."""
    return f"tags/any(t:t%20eq%20{literal(tag)})"


def by_key(collection: str, name: str, value: str) -> str:
    """Return the path of the object of a collection that has a value of an alternate key."""
    return f"/{collection}({name}={literal(value)})"


def path(before: str, value: str | Ref | Text, after: str = "") -> Text:
    """Return a path that holds the literal of a string with references in it: they stand for ids, which
    end no literal.
    """
    parts = value.parts if isinstance(value, Text) else (value,)
    return Text(
        (f"{before}'", *(part if isinstance(part, Ref) else _inside(part) for part in parts), f"'{after}")
    )


def _inside(value: str) -> str:
    # `'` is doubled, `+` and `/` must be percent-encoded in a filter (azure-cli
    # test_special_characters_in_query).
    return quote(value.replace("'", "''"), safe="")
