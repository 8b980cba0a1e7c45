"""The bytes of a request in; its query and its JSON body out."""

import json
from typing import Any
from urllib.parse import parse_qsl

from entra_config.emulator.graph.call import HttpCall
from entra_config.emulator.graph.errors import bad_request

WITH_BODY = {"POST", "PATCH", "PUT"}
PICTURES = {"image/gif", "image/jpeg", "image/png"}


def read_query(text: str) -> dict[str, str]:
    """Decode the query string of a request; an option of OData's stands there once."""
    if not text:
        return {}
    pairs = parse_qsl(text, keep_blank_values=True)
    query = dict(pairs)
    if len(query) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next((name for name in query if name.startswith("$") and names.count(name) > 1), None)
        if twice is not None:
            text = f"Query option '{twice}' was specified more than once, but it must be specified at most once."
            raise bad_request(text, "BadRequest")
    return query


def read_body(http: HttpCall) -> Any:
    """Decode the JSON body of a request; none where there is none."""
    if not http.body or http.method not in WITH_BODY:
        return None
    if http.headers.get("content-type", "").partition(";")[0].strip().casefold() in PICTURES:
        return http.body
    try:
        return json.loads(http.body, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        text = (
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."
        )
        raise bad_request(text, "BadRequest") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; a name that stands in it twice is refused: which of two values was meant, nobody can tell."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise bad_request(f"A property with name '{twice}' was found more than once in the request body.", "BadRequest")
    return found
