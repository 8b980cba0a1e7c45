"""`authority` of an environment in: where people of an External ID tenant sign in."""

from __future__ import annotations

from entra_config.manifest.fields.environment import ENVIRONMENT
from entra_config.manifest.reading.node import Node
from entra_config.manifest.reading.reader import Reader

HOST = "ciamlogin.com"


def read(node: Node | None, reader: Reader) -> str:
    """Return it, "" of a tenant whose people sign in where those of its cloud do.

    A custom domain is not taken: nothing here could tell it from an attacker's.
    """
    text = reader.text(node, "authority")
    if text is None:
        return ""
    if not ENVIRONMENT.field("authority").match(text):
        assert node is not None
        message = (
            f"`authority`: `{text}` is not of the form `https://NAME.{HOST}`, in lower case, without a path"
        )
        reader.problems.add(node.position, f"{message}; remove it if the tenant is not an External ID tenant")
        return ""
    return text
