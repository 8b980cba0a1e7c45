"""How soon an emulator answers: what is loaded and read before its first answer, and what is not."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from entra_emulator.server import Host
from entra_emulator.server_options import ServerOptions

# What pages, tokens and certificates need: it takes longer to load than a whole start may take.
PAGES = ("starlette", "jinja2", "entra_emulator.portal", "entra_emulator.login.site")
HEAVY = (*PAGES, "httpx", "jwt", "cryptography")
RESPONSE = """
import asyncio, json, sys
from pathlib import Path
from entra_emulator.server_options import ServerOptions
from entra_emulator.server import Host

def loaded():
    return [name for name in json.loads(sys.argv[2]) if name in sys.modules]

async def ask(host):
    sent = []
    async def receive(): return {"type": "http.request", "body": b""}
    async def send(message): sent.append(message)
    scope = {"type": "http", "method": "GET", "path": "/_emulator/health", "query_string": b"",
             "headers": [(b"host", b"localhost")], "scheme": "https"}
    await host(scope, receive, send)
    return sent[0]["status"]

async def first():
    host = Host(ServerOptions(Path(sys.argv[1]), port=0))
    making = asyncio.create_task(host.make_pages())
    await asyncio.sleep(0)
    before = loaded()
    status = await ask(host)
    answered = loaded()
    await making
    print(json.dumps([before, status, answered, loaded()]))

asyncio.run(first())
"""


def run(code: str, *words: str) -> str:
    """Run code in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *words], check=True, capture_output=True, text=True
    ).stdout


def test_who_starts_an_emulator_loads_none() -> None:
    """The command waits for another process: it loads nothing of what that one serves with."""
    code = "import json, sys, entra_emulator.background; print(json.dumps(sorted(sys.modules)))"
    assert not {*HEAVY, "uvicorn", "entra_emulator.server"} & set(json.loads(run(code)))


def test_the_first_answer_waits_for_no_page(tmp_path: Path) -> None:
    """On a folder that has its keys, neither pages nor keys nor certificates are read before the first
    answer; the pages are loaded after it, before anybody asks for one.
    """
    host = Host(ServerOptions(tmp_path, port=0))
    host.save()
    before, status, responded, later = json.loads(run(RESPONSE, str(tmp_path), json.dumps(HEAVY)))
    assert (before, status, responded) == ([], 200, [])
    assert set(PAGES) <= set(later)


def test_pages_are_made_once_whoever_asks_first(tmp_path: Path) -> None:
    """Two threads that ask at once get the same pages."""

    async def both() -> list[object]:
        pages = Host(ServerOptions(tmp_path, port=0)).pages
        return list(await asyncio.gather(*(asyncio.to_thread(pages.make) for _ in range(2))))

    one, other = asyncio.run(both())
    assert one is other
