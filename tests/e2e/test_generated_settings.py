"""What `entra-config settings` wrote, used as its readers use it: newman runs the collection, bash the
walk-through.
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
import pytest

from tests.e2e.loopback import ROOT, Loopback, running

WRITER, READER = "alice@contoso.com", "bob@contoso.com"
NEWMAN = ROOT / "tools" / "newman" / "node_modules" / "newman" / "bin" / "newman.js"
SCOPES = ("user.read", "user.write")
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """Run emulator and API; alice is a Writer, bob a Reader."""
    with running(tmp_path_factory.mktemp("settings"), page=False) as found:
        found.deployment.assign(WRITER, "Writer")
        found.deployment.assign(READER, "Reader")
        yield found


def newman(world: Loopback, folder: Path, **variables: str) -> list[dict[str, Any]]:
    """Run the collection with some variables set; return each execution, all of its tests having held."""
    report = folder / "report.json"
    command = ["node", str(NEWMAN), "run", str(world.settings / "myapp.postman_collection.json")]
    command += [
        "-e",
        str(world.settings / "myapp.postman_environment.json"),
        "--ssl-extra-ca-certs",
        str(world.tls.ca),
    ]
    command += ["--reporters", "cli,json", "--reporter-json-export", str(report), "--color", "off"]
    for name, value in variables.items():
        command += ["--env-var", f"{name}={value}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return list(json.loads(report.read_text(encoding="utf-8"))["run"]["executions"])


def statuses(executions: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return name and status of each answer."""
    return [(each["item"]["name"], each["response"]["code"]) for each in executions]


def test_the_postman_collection_holds_for_a_writer_and_an_application(
    world: Loopback, tmp_path: Path
) -> None:
    """Client credentials and a user's token: the collection's own tests expect 200, 201, 401 and 403, and
    find them.
    """
    token = world.token(WRITER, "devClient", *SCOPES)
    executions = newman(world, tmp_path, userToken=token, clientSecret=world.secret("nightly"))
    names = ("who am I", "list records", "create a record", "statistics")
    assert statuses(executions) == [
        *((name, 401) for name in names),
        *zip(names, (200, 200, 201, 403), strict=True),
        ("Client credentials", 200),
        *zip(names, (200, 200, 201, 403), strict=True),
    ]
    assert all(each["assertions"] for each in executions)


def test_the_postman_collection_holds_for_a_reader(world: Loopback, tmp_path: Path) -> None:
    """What a Reader may not do is expected to be 403: the token decides, not the collection."""
    executions = newman(
        world,
        tmp_path,
        userToken=world.token(READER, "devClient", *SCOPES),
        clientSecret=world.secret("nightly"),
    )
    assert [code for _, code in statuses(executions)[4:8]] == [200, 200, 403, 403]


def test_the_postman_collection_fails_without_a_token(world: Loopback, tmp_path: Path) -> None:
    """A run without tokens is no success: the collection says what is missing."""
    with pytest.raises(AssertionError, match="There is a token"):
        newman(world, tmp_path)


def walk(world: Loopback, folder: Path, secret: str) -> str:
    """Run the `sh` blocks of docs/tokens.md in one bash, doing in a browser what they ask for; return what
    they printed.
    """
    place = folder / "output" / "settings" / "dev"
    place.parent.mkdir(parents=True)
    place.symlink_to(world.settings)
    blocks = _BLOCK.findall((ROOT / "docs" / "tokens.md").read_text(encoding="utf-8"))
    env = {**os.environ, "CURL_CA_BUNDLE": str(world.tls.ca), "CLIENT_SECRET": secret}
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
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
    with process, httpx.Client(base_url=world.emulator, verify=trust, timeout=30) as browser:
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


def test_the_walk_through_of_the_tokens_page_works(world: Loopback, tmp_path: Path) -> None:
    """Device code, PKCE and client credentials as docs/tokens.md writes them end with tokens that the API
    takes.
    """
    printed = walk(world, tmp_path, world.secret("nightly"))
    assert re.findall(r"^\d{3}$", printed, re.MULTILINE) == ["200", "200", "403", "200", "200", "403"]
    by_device_code, by_pkce, of_the_application = re.findall(r'"roles": \[\s*([^\]]*?)\s*\]', printed)
    assert (by_device_code, by_pkce, of_the_application) == ('"Reader"', '"Writer"', '"Writer"')
    assert printed.count('"scp": "user.read user.write"') == 2


def test_nothing_that_was_written_is_secret(world: Loopback) -> None:
    """What an environment needs kept from others stays out: the secrets of Postman are empty."""
    secret = world.secret("nightly")
    world.deployment.write_settings(world.settings)
    assert not [path for path in world.settings.iterdir() if secret in path.read_text(encoding="utf-8")]
    variables = json.loads((world.settings / "myapp.postman_environment.json").read_text(encoding="utf-8"))[
        "values"
    ]
    assert {each["key"]: each["value"] for each in variables if each["type"] == "secret"} == {
        "clientSecret": "",
        "userToken": "",
        "appToken": "",
    }
