"""Hosts are looked up on request only: those that could be somebody's, side by side, and no answer is no
finding.
"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from entra_config.cli.main import main
from entra_config.lint import hosts
from entra_config.lint.subject import LintSubject, Redirect
from tests.unit.lint.snippets import HEAD

RESPONSES = {"gone.example.com": socket.EAI_NONAME, "slow.example.com": socket.EAI_AGAIN}
TEXT = f"""{HEAD}applications:
  app:
    type: web
    displayName: App
    owners: [alice@contoso.com, bob@contoso.com]
    redirectUris: [https://gone.example.com/cb, https://slow.example.com/cb, https://app.example.com/cb, https://localhost/cb]
"""


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer in the resolver's place, and keep what it was asked."""
    names: list[str] = []

    def response(name: str, *_: object, **__: object) -> list[object]:
        names.append(name)
        if name in RESPONSES:
            raise socket.gaierror(RESPONSES[name], "no")
        return []

    monkeypatch.setattr(socket, "getaddrinfo", response)
    return names


def test_a_host_that_nobody_has_is_found_on_request(
    tmp_path: Path, requested: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --resolve nobody is asked; who could not answer is said, and is no finding."""
    (tmp_path / "entra-config.yaml").write_text(TEXT, encoding="utf-8")

    assert (main(["lint", "-f", str(tmp_path)]), requested) == (0, [])
    capsys.readouterr()
    assert main(["lint", "-f", str(tmp_path), "--resolve"]) == 1
    out = capsys.readouterr().out
    assert sorted(requested) == ["app.example.com", "gone.example.com", "slow.example.com"]
    assert "error[redirect-dangling]: `gone.example.com` does not resolve" in out
    assert "not read: whether slow.example.com resolves" in out
    assert out.count("redirect-dangling") == 1


def test_what_could_be_nobody_s_is_not_asked() -> None:
    """A wildcard, a placeholder, another scheme, this machine."""
    uris = (
        "https://*.example.com/",
        "https://${applications.a.appId}/",
        "msal://auth",
        "http://127.0.0.1/",
        "https://a.example.com/",
    )

    assert hosts.of(
        [LintSubject("a", "A", "web", None, redirects=tuple(Redirect("web", uri) for uri in uris))]
    ) == {"a.example.com"}
