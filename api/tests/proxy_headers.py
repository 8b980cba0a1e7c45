"""The headers in which httpd says what a token holds."""

import base64
import json
from typing import Any

from api.auth.proxy import CLAIMS


def said(claims: dict[str, Any]) -> dict[str, str]:
    """Write claims as httpd does."""
    found = {}
    for header, (name, form) in CLAIMS.items():
        if name not in claims:
            continue
        value = claims[name]
        written = value if isinstance(value, str) else json.dumps(value)
        found[header] = base64.b64encode(written.encode()).decode() if form == "words" else written
    return found
