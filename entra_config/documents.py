"""The base of every published document, and the names of its parts in a JSON Schema."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel


def published(name: str) -> str:
    """Return what a schema calls a class: `Notice`, where the engine has a class of that name and the
    document a `NoticePart`.
    """
    return re.sub(r"Part\b", "", name)


class DocumentPart(BaseModel):
    """A part of a document: camelCase, no unknown keys."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        model_title_generator=lambda part: published(part.__name__),
    )


def is_other_version(error: ValidationError) -> bool:
    """Return True if a document could not be read because it has another version."""
    first = error.errors()[0]
    return first["loc"] == ("version",) and first["type"] == "literal_error"
