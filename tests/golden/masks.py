"""Replace what is drawn or depends on the time by what it is: the same text in every run."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]*")
_ID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:T|%20| )\d\d(?::|%3A)\d\d(?:(?::|%3A)\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
    r"|\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
)
# Certificates and keys in base 64; codes and sealed values; digests.
_OPAQUE = re.compile(
    r"[\w+/-]{100,}={0,2}|(?<![\w-])[\w-]{43,}={0,2}|\b[0-9a-f]{32,64}\b|\b[0-9A-F]{40}\b"
    r"|(?<=nonce-)[\w-]+|(?<=conformance )[0-9a-f]{8}\b|(?<=used by client: ')[\w-]+"
    r"|(?<=the code )[A-Z0-9]{9}\b|(?<=user_code=)[A-Z0-9]{9}\b|(?<=expires_in=)\d+"
    r"|(?<=expiry time of assertion )\d+"
)
# Of a key that is made anew in every run, of a token, of a device that signs in, of a clock.
_BY_NAME = re.compile(
    r'("(?:kid|key|x5t|x5t#S256|n|customKeyIdentifier|thumbprint|aio|uti|c_hash|at_hash|exp|expires_in'
    r'|ext_expires_in|expires_on|refresh_in|user_code|milliseconds)": )(?:"[^"]*"|[\d.]+)'
)


@dataclass
class Masks:
    """The masks of one file: each id is the number of its first place in it."""

    ids: dict[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Return a text with tokens as their claims, and without ids, times, keys and codes."""
        text = _TOKEN.sub(lambda found: f"<token of {_claims(found[1])}>", text)
        text = _TIME.sub("<time>", text)
        text = _ID.sub(lambda found: self._number(found[0].lower()), text)
        return _BY_NAME.sub(r"\1<drawn>", _OPAQUE.sub("<drawn>", text))

    def _number(self, id_: str) -> str:
        return self.ids.setdefault(id_, f"<id {len(self.ids) + 1}>")


def _claims(part: str) -> str:
    try:
        return json.dumps(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))), sort_keys=True)
    except ValueError:
        return "nothing that can be read"
