"""The bytes of a request in; its query and its JSON body out."""

import json
from typing import Any
from urllib.parse import parse_qsl

from entra_emulator.graph.call import HttpCall
from entra_emulator.graph.errors import ODataError, bad_request, not_json

WITH_BODY = {"POST", "PATCH", "PUT"}
PICTURES = {"image/gif", "image/jpeg", "image/png"}
# O365/python-o365#308, microsoftgraph/microsoft-graph-docs#11806
LARGEST = 4 * 1024 * 1024


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
            text = (
                f"Query option '{twice}' was specified more than once, but it must be specified at most once."
            )
            raise bad_request(text, "BadRequest")
    return query


def read_body(http: HttpCall) -> Any:
    """Decode the JSON body of a request, or give a picture's bytes; none where there is none."""
    if not http.body or http.method not in WITH_BODY:
        return None
    if len(http.body) > LARGEST:
        raise ODataError(413, "BadRequest", "The maximum request length supported is 4MB.")
    kind = media_type(http.headers.get("content-type", ""))
    if not kind:
        # microsoftgraph/msgraph-cli#258
        raise bad_request(
            "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
            "BadRequest",
        )
    if kind in PICTURES:
        return http.body
    if kind != "application/json":
        raise not_json()
    try:
        return _decoded(http.body)
    except (ValueError, RecursionError) as error:
        text = (
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload "
            "is of valid JSON format."
        )
        raise bad_request(text, "BadRequest") from error


def media_type(header: str) -> str:
    """Give the type that a Content-Type header names, without its parameters."""
    return header.partition(";")[0].strip().casefold()


def _decoded(body: bytes) -> Any:
    data = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_constant)
    if b"\\u" in body:
        # Half a surrogate pair is no character: no answer could ever show it again.
        json.dumps(data, ensure_ascii=False).encode()
    return data


def _constant(name: str) -> Any:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; a name that stands in it twice is refused: which of two values was meant, nobody can
    tell.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise bad_request(
            f"A property with name '{twice}' was found more than once in the request body.", "BadRequest"
        )
    return found
