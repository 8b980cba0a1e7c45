"""Sign-in and Graph in; one app over one origin, every answer of which says that it is the emulator, out."""

from collections.abc import MutableMapping
from typing import Any

from entra_config.emulator.app import AsgiApp, Emulator, Receive, Scope, Send
from entra_config.emulator.login import site as login
from entra_config.emulator.login.service import SignIn
from entra_config.emulator.portal.pages import Portal

HEADER = (b"x-entra-emulator", b"1")


def assemble(sign_in: SignIn, graph: Emulator) -> Emulator:
    """Put sign-in and the pages for people beside Graph."""
    graph.site = login.build(sign_in, Portal(sign_in, graph.requests).routes())
    return graph


async def announced(app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one connection with `x-entra-emulator: 1` on every answer."""

    async def marked(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), HEADER]}
        await send(message)

    await app(scope, receive, marked)
