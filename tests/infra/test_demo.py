"""`make demo-aws` as somebody starts it: an option answers a sign-in, and Ctrl-C ends it all."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from dev import aws
from tests.e2e.loopback import free_ports
from tests.infra.templates import ROOT

USER = "alice@contoso.com"

pytestmark = pytest.mark.options


@contextmanager
def started(folder: Path, option: str, port: int) -> Iterator[str]:
    """Run the demo until the block ends; yield what it said when it was ready, and hold how it ends."""
    command = [sys.executable, "-m", "dev.aws", "--option", option, "--port", str(port)]
    with subprocess.Popen(
        [*command, "--state", str(folder)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if "Ctrl-C" in line:
                break
        try:
            assert "Ctrl-C ends everything" in said
            yield said
        finally:
            process.send_signal(signal.SIGINT)
            said += process.stderr.read()
        assert (process.wait(60), said.splitlines()[-1]) == (0, "Ending …")


class Visitor:
    """A browser's addresses and cookies."""

    def __init__(self, page: str, ca: Path) -> None:
        """Open it at a page."""
        self.page = page
        self.client = httpx.Client(verify=ssl.create_default_context(cafile=str(ca)), timeout=60)

    def followed(self, address: str) -> httpx.Response:
        """Follow redirects, through Entra's page where it asks who it is, to what is no redirect."""
        response = self.client.get(address, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
        while True:
            if (flow := re.search(r'name="flow" value="([^"]+)"', response.text)) is not None:
                action = re.search(r'<form[^>]* action="([^"]+)"', response.text)
                there = response.url.join(html.unescape(action[1])) if action else response.url
                form = {"flow": html.unescape(flow[1]), "username": USER}
                response = self.client.post(there, data=form)
            elif response.has_redirect_location:
                there = response.url.join(response.headers["location"])
                if there.fragment:
                    return response
                response = self.client.get(there, headers={"Accept": "text/html"})
            else:
                return response

    def by_cookie(self, begin: str) -> list[str]:
        """Sign in where a server does it; return the roles that the API knows of."""
        assert self.followed(self.page + begin).status_code == 200
        requested = self.client.get(f"{self.page}/api/me", headers={"Sec-Fetch-Site": "same-origin"})
        found: list[str] = requested.raise_for_status().json()["roles"]
        return found

    def by_itself(self, api: str) -> list[str]:
        """Sign in as the page does, which holds the token; return the roles that the API knows of."""
        config = self.client.get(f"{self.page}/config.json").raise_for_status().json()
        verifier = "a verifier long enough to be accepted as one"
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        requested = {
            "client_id": config["clientId"],
            "redirect_uri": config["redirectUri"],
            "scope": " ".join(f"{config['apiAppIdUri']}/{each}" for each in config["apiScopes"]),
            "response_type": "code",
            "response_mode": "fragment",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        back = self.followed(f"{config['authority']}/oauth2/v2.0/authorize?{urlencode(requested)}")
        (code,) = parse_qs(urlsplit(back.headers["location"]).fragment)["code"]
        form = {**requested, "grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        got = self.client.post(
            f"{config['authority']}/oauth2/v2.0/token", data=form, headers={"Origin": self.page}
        ).raise_for_status()
        token = got.json()["access_token"]
        response = self.client.get(f"{api}/me", headers={"Authorization": f"Bearer {token}"})
        found: list[str] = response.raise_for_status().json()["roles"]
        return found


@pytest.mark.parametrize("option", sorted(aws.OPTIONS))
def test_one_command_runs_an_option_and_ctrl_c_ends_it(tmp_path: Path, option: str) -> None:
    """Its first line says what is a stand-in; whoever it names signs in at the address that it prints."""
    (port,) = free_ports(1)
    with started(tmp_path, option, port) as said:
        assert said.splitlines()[0].startswith(f"Option {option}. Stand-ins: the load balancer")
        page, api, emulator = re.findall(r"https://\S+:\d+", said)[:3]
        host = "127.0.0.1" if option == "E" else "localhost"
        assert (page, USER in said) == (f"https://{host}:{port}", True)
        visitor = Visitor(page, tmp_path / "ca.pem")
        begin = {"B": "/", "C": "/auth/sign-in?return=/", "E": "/auth/sign-in?return=/"}
        roles = visitor.by_itself(api) if option == "D" else visitor.by_cookie(begin[option])
        assert roles == ["Writer"]
    for url in (page, api, emulator):
        with socket.socket() as requested:
            assert requested.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0, url


def test_a_busy_port_and_a_missing_tool_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With a port that is free, and with the target that brings the tool."""
    missing = tmp_path / "tool"
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        assert aws.main(["--option", "D", "--port", str(port)]) == 1
    said = capsys.readouterr().err
    other = re.search(rf"port {port} is taken; `make demo-aws OPTION=D PORT=(\d+)` takes a free one", said)
    assert other is not None
    socket.create_server(("127.0.0.1", int(other[1]))).close()

    lacking = aws.OPTIONS["D"].__class__("page", "x", ((missing, "tool"),), aws.OPTIONS["D"].world)
    monkeypatch.setitem(aws.OPTIONS, "D", lacking)
    assert aws.main(["--option", "D", "--port", "0"]) == 1
    assert f"{missing} is missing; `make tool` brings it" in capsys.readouterr().err


def test_each_need_has_a_target_of_make() -> None:
    """So that what is told can be done."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    targets = {target for option in aws.OPTIONS.values() for _, target in option.needs}
    assert len(targets) >= 5
    assert not [target for target in targets if f"\n{target}:" not in makefile]
