"""Programs that call the API of a running world with what `entra-config settings` wrote for them: newman with
the collection, bash with the walk-through, a browser without a token.
"""

import html
import json
import os
import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import httpx

from tests.e2e.deployment import ROOT
from tests.e2e.loopback import Loopback

WRITER, READER = "alice@contoso.com", "bob@contoso.com"
NEWMAN = ROOT / "tools" / "newman" / "node_modules" / "newman" / "bin" / "newman.js"
REQUESTS = ("who am I", "list records", "create a record", "statistics")
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KEPT = 'printf %s "$USER_TOKEN" > user-token'


def newman(
    world: Loopback, folder: Path, *, only: tuple[str, ...] = (), **variables: str
) -> list[dict[str, Any]]:
    """Run the collection, or some folders of it, with some variables set; return each execution, all of its
    tests having held.
    """
    report = folder / "report.json"
    command = ["node", str(NEWMAN), "run", str(world.settings / "myapp.postman_collection.json")]
    command += [
        "-e",
        str(world.settings / "myapp.postman_environment.json"),
        "--ssl-extra-ca-certs",
        str(world.tls.ca),
    ]
    command += ["--reporters", "cli,json", "--reporter-json-export", str(report), "--color", "off"]
    command += [word for name in only for word in ("--folder", name)]
    for name, value in variables.items():
        command += ["--env-var", f"{name}={value}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return list(json.loads(report.read_text(encoding="utf-8"))["run"]["executions"])


def statuses(executions: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return name and status of each answer."""
    return [(each["item"]["name"], each["response"]["code"]) for each in executions]


def walk(world: Loopback, folder: Path, secret: str) -> str:
    """Run the `sh` blocks of docs/tokens.md in one bash, doing in a browser what they ask for; return what
    they printed. The token of the last person, who signed in by code, is left in the file `user-token`.
    """
    place = folder / "output" / "settings" / "dev"
    place.parent.mkdir(parents=True)
    place.symlink_to(world.settings)
    blocks = _BLOCK.findall((ROOT / "docs" / "tokens.md").read_text(encoding="utf-8"))
    env = {**os.environ, "CURL_CA_BUNDLE": str(world.tls.ca), "CLIENT_SECRET": secret}
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", "\n".join([*blocks, _KEPT])],
        cwd=folder,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    trust = ssl.create_default_context(cafile=str(world.tls.ca))
    with process, httpx.Client(base_url=world.emulator, verify=trust, timeout=120) as browser:
        printed = "".join(responded(browser, process.stdout, process.stdin))
    assert process.returncode == 0, printed
    return printed


def responded(browser: httpx.Client, output: IO[str], keyboard: IO[str]) -> Iterator[str]:
    """Pass on what the walk-through prints, and do what it asks of a person: enter the code, sign in,
    paste the address.
    """
    for line in output:
        yield line
        if code := re.search(r"enter the code (\w+)", line):
            page = browser.post("/devicelogin", data={"user_code": code[1]}).text
            user = re.search(rf'value="([^"]+)">[^<]*\({READER}\)', page)
            assert user, page
            fields = {"user_code": code[1], "user": user[1], "decision": "continue"}
            assert "You have signed in" in browser.post("/devicelogin", data=fields).text
        elif "/oauth2/v2.0/authorize?" in line:
            page = browser.get(line.strip()).text
            action, flow = (
                re.search(pattern, page) for pattern in (r'action="([^"]+)"', r'name="flow" value="([^"]+)"')
            )
            assert action, page
            assert flow, page
            back = browser.post(
                html.unescape(action[1]), data={"flow": html.unescape(flow[1]), "username": WRITER}
            )
            keyboard.write(back.headers["Location"] + "\n")
            keyboard.flush()


def all_call(world: Loopback, folder: Path) -> None:
    """Let everything that calls this world's API host do it, and expect what option D answers: device code,
    code with PKCE and client credentials by curl; newman without a token, with the code's and with client
    credentials.
    """
    secret = world.secret("nightly")
    printed = walk(world, folder, secret)
    assert re.findall(r"^\d{3}$", printed, re.MULTILINE) == ["200", "200", "403", "200", "200", "403"], (
        printed
    )
    by_device_code, by_pkce, of_the_application = re.findall(r'"roles": \[\s*([^\]]*?)\s*\]', printed)
    assert (by_device_code, by_pkce, of_the_application) == ('"Reader"', '"Writer"', '"Writer"')
    assert printed.count('"scp": "user.read user.write"') == 2
    token = (folder / "user-token").read_text(encoding="utf-8")
    executions = newman(world, folder, userToken=token, clientSecret=secret)
    assert statuses(executions) == [
        *((name, 401) for name in REQUESTS),
        *zip(REQUESTS, (200, 200, 201, 403), strict=True),
        ("Client credentials", 200),
        *zip(REQUESTS, (200, 200, 201, 403), strict=True),
    ]
    assert all(each["assertions"] for each in executions)
