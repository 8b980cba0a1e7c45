"""Bytes and a value in; whether it stands there in any form, out."""

from __future__ import annotations

import base64
import json
import urllib.parse


def holds(data: bytes, value: str) -> bool:
    """Tell whether a value stands somewhere: plain, in base64 at any offset, URL-escaped or JSON-escaped."""
    forms = {
        value.encode(),
        urllib.parse.quote(value, safe="").encode(),
        urllib.parse.quote_plus(value).encode(),
    }
    forms.add(json.dumps(value)[1:-1].encode())
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + value.encode())
        # Without the characters at both ends, which depend on what stands beside it.
        forms.add(coded[4 if offset else 0 : -4])
        forms.add(base64.urlsafe_b64encode(b"\0" * offset + value.encode())[4 if offset else 0 : -4])
    return any(form in data for form in forms)
