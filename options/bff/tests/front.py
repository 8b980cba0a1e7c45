"""One origin for a browser: TLS ends here, paths of the server that signs in go there, all else to the page.

What a load balancer's two rules do, for one connection and one request at a time.
"""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

SIGNING_IN = ("/api/", "/auth/", "/session")


async def _serve(port: int, context: ssl.SSLContext, page: int, server: int, ready: "asyncio.Event") -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            first, *lines = head[:-4].split(b"\r\n")
            path = first.split(b" ")[1].decode("ascii")
            kept = [line for line in lines if not line.lower().startswith((b"connection:", b"x-forwarded-"))]
            sent = [first, *kept, b"X-Forwarded-Proto: https", b"Connection: close"]
            target = server if path.startswith(SIGNING_IN) else page
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", target)
            up_writer.write(b"\r\n".join(sent) + b"\r\n\r\n")
            there = asyncio.create_task(_pass(reader, up_writer))
            await _pass(up_reader, writer)
            there.cancel()
            up_writer.close()
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", port, ssl=context)
    ready.set()
    async with listening:
        await listening.serve_forever()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()


@contextmanager
def running(port: int, certificate: Path, key: Path, *, page: int, server: int) -> Iterator[None]:
    """Serve while the block runs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.new_event_loop()
    ready = asyncio.Event()
    task = loop.create_task(_serve(port, context, page, server, ready))

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = Thread(target=run, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(ready.wait(), loop).result(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
        loop.close()
