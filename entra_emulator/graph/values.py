"""Paths to one property of an object: `applications/{id}/web/redirectUris`, `users/{id}/displayName/$value`
(authenticationbehaviors-get documentation; OData 4.01, 11.2.6: requesting individual properties).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from entra_emulator.graph.call import NO_CONTENT, AlternateKey, Call, CollectionResponse
from entra_emulator.graph.schema import only_beta, spellings, types


@dataclass(frozen=True)
class PropertyPath:
    """The names of the properties that a path goes through, as their types spell them."""

    names: tuple[str, ...]
    # Whether only the beta endpoint has it, and whether the value is asked for without JSON around it.
    beta: bool
    plain: bool


def follow(type_name: str, segments: Sequence[str | AlternateKey]) -> PropertyPath | None:
    """Return the path to a property below an object of a type; None if the type does not have it."""
    plain = segments[-1] == "$value"
    names: list[str] = []
    beta = False
    for segment in segments[:-1] if plain else segments:
        known = types().get(type_name)
        name = spellings(type_name).get(str(segment).casefold(), "") if known is not None else ""
        prop = known.properties.get(name) if known is not None else None
        if prop is None or prop.type == "Edm.Stream":
            return None
        names.append(name)
        beta = beta or name in only_beta(type_name)
        type_name = prop.declared
    if not names or (plain and not type_name.startswith("Edm.")):
        return None
    return PropertyPath(tuple(names), beta, plain)


def respond(call: Call, path: PropertyPath, context: str, value: Any) -> CollectionResponse:
    """Answer with the value of a property of an object, or with 204 if it is null."""
    for name in path.names:
        value = None if value is None else value.get(name)
    if value is None:
        return NO_CONTENT
    if path.plain:
        return CollectionResponse(200, text=value if isinstance(value, str) else json.dumps(value))
    body = value if isinstance(value, dict) else {"value": value}
    return CollectionResponse(
        200, {"@odata.context": call.context(f"{context}/{'/'.join(path.names)}"), **body}
    )
