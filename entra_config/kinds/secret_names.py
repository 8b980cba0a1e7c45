"""The name of a secret, or certificate, in Entra: which declared one it is, of which run, and for which place
it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.manifest.model import Application
from entra_config.manifest.sinks import DeclaredSecret

PREFIX = "entra-config:"
_NAME = re.compile(r"entra-config:([A-Za-z][A-Za-z0-9-]{0,63}):([0-9a-f]{16})\.([0-9a-f]{20})")


@dataclass(frozen=True, slots=True)
class SecretName:
    """What a rotation writes beside a secret: the label in the manifest, the run, the digest of the sink.

    Whoever owns the application can write such a name too: it says what is tidied up, and proves nothing.
    """

    label: str
    run: str
    sink: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.label}:{self.run}.{self.sink}"


def parse(display_name: Any) -> SecretName | None:
    """Return what the name of a secret says; None where a rotation did not write it."""
    found = _NAME.fullmatch(display_name) if isinstance(display_name, str) else None
    return SecretName(found[1], found[2], found[3]) if found else None


def generated(application: Application, entry: Mapping[str, Any]) -> str:
    """Return the label of which a certificate bears the name, where its keys are generated, else "": no plan
    takes it away, as a rotation may have made it a moment ago.
    """
    made = parse(entry.get("displayName"))
    return made.label if made is not None and made.label in application.generated else ""


def made_for(
    application: Mapping[str, Any], declared: DeclaredSecret, known: Iterable[str]
) -> frozenset[str]:
    """Return the places, by digest, that the live secrets, or certificates, of one label were made for;
    `known` are the key ids that the lock file has, as whoever owns the application can write any name.
    """
    counted = frozenset(known)
    names = (
        parse(entry.get("displayName"))
        for entry in application.get(declared.collection) or ()
        if str(entry.get("keyId")).lower() in counted
    )
    return frozenset(name.sink for name in names if name is not None and name.label == declared.label)
