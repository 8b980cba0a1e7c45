"""The bytes of a request in; its query and its JSON body out."""

import json
from typing import Any
from urllib.parse import parse_qsl

from entra_config.emulator.graph.call import HttpCall
from entra_config.emulator.graph.errors import bad_request

WITH_BODY = {"POST", "PATCH", "PUT"}


def read_query(text: str) -> dict[str, str]:
    """Decode the query string of a request."""
    return dict(parse_qsl(text, keep_blank_values=True)) if text else {}


def read_body(http: HttpCall) -> Any:
    """Decode the JSON body of a request; none where there is none."""
    if not http.body or http.method not in WITH_BODY:
        return None
    try:
        return json.loads(http.body)
    except (ValueError, RecursionError) as error:
        text = (
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."
        )
        raise bad_request(text, "BadRequest") from error
