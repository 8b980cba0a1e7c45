"""Each sink against what stands in for its server: writable or not, what it keeps, and what it says when
it is refused.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from entra_config.errors import SinkError
from entra_config.graph import connect
from entra_config.hidden import Hidden
from entra_config.manifest.fields.sinks.aws import AwsKeeper
from entra_config.manifest.fields.sinks.azure import AzureKeeper
from entra_config.manifest.fields.sinks.command import CommandKeeper
from entra_config.manifest.fields.sinks.file import FileKeeper
from entra_config.manifest.fields.sinks.github import GitHubKeeper
from entra_config.manifest.sinks import Content, Keeper
from tests.sinks import moto, standin, vault
from tests.sinks.github import GitHub
from tests.sinks.vault import Vault

Response = TypeVar("Response")
KEY_ID, OTHER = "11111111-2222-4333-8444-555555555555", "66666666-2222-4333-8444-555555555555"
VALUE = "Ab~8Q~secret-value-of-forty-characters-x"


def run(work: Coroutine[Any, Any, Response]) -> Response:
    """Run it to its end."""
    return asyncio.run(work)


def refusal(work: Coroutine[Any, Any, Any]) -> str:
    """Return what a sink says; never the value."""
    with pytest.raises(SinkError) as caught:
        asyncio.run(work)
    assert VALUE not in str(caught.value)
    return str(caught.value)


def content(keeper: Keeper) -> Content:
    """Return what a sink keeps."""
    return run(keeper.content())


def copy(keeper: Keeper) -> str:
    """Return the sink's copy."""
    found = content(keeper).copy
    assert found is not None
    return found.reveal()


def whole_life(keeper: Keeper, *, names: bool) -> None:
    """Prove, keep, keep again, keep another: the sink gives back what it got, and says its key id where it
    knows one.
    """
    assert content(keeper).kept.empty
    run(keeper.prove())
    assert content(keeper).kept.empty or content(keeper).copy is not None
    run(keeper.keep(Hidden(VALUE), KEY_ID))
    run(keeper.keep(Hidden(VALUE), KEY_ID))
    assert copy(keeper) == VALUE
    assert content(keeper).kept.key_id == (KEY_ID if names else "")
    run(keeper.prove())
    assert copy(keeper) == VALUE, "what proves that it can be written changes nothing"
    run(keeper.keep(Hidden(VALUE[::-1]), OTHER))
    assert copy(keeper) == VALUE[::-1]
    assert content(keeper).kept.key_id == (OTHER if names else "")


def test_a_file(tmp_path: Path) -> None:
    """Its owner alone reads it; what a kill left beside it goes; no link is written through."""
    path = tmp_path / "web"
    keeper = FileKeeper(path)
    whole_life(keeper, names=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / ".web.next").write_text("left by a kill")
    run(keeper.prove())
    assert [each.name for each in tmp_path.iterdir()] == ["web"]
    path.chmod(0o644)
    assert "can be read by others than its owner: chmod 600" in refusal(keeper.content())
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert "not written through a link" in refusal(keeper.prove())
    assert "cannot be written" in refusal(FileKeeper(tmp_path / "no/web").prove())


def test_a_command(tmp_path: Path) -> None:
    """The value is on its standard input and nowhere else: no argument, no environment but PATH."""
    kept, seen = tmp_path / "web", tmp_path / "environ"
    script = f'env > "{seen}"; test -e "{kept}" || exit 0; exec cat "{kept}"'
    keeper = CommandKeeper(("/usr/bin/tee", str(kept)), ("/bin/sh", "-c", script))
    os.environ["ENTRA_CONFIG_SINK_TOKEN"] = "not for others"
    try:
        whole_life(keeper, names=False)
    finally:
        del os.environ["ENTRA_CONFIG_SINK_TOKEN"]
    names = {line.partition("=")[0] for line in seen.read_text().splitlines()}
    assert names <= {"PATH", "PWD", "SHLVL", "_", "OLDPWD"}, "the last four are the shell's own"


def test_a_command_that_fails(tmp_path: Path) -> None:
    """Not there, ends with a code, hangs, or does not print what it got: said before there is a secret."""
    show = ("/bin/true",)
    assert "cannot be run: No such file" in refusal(CommandKeeper((str(tmp_path / "no"),), show).prove())
    assert "/bin/false ended with 1" in refusal(CommandKeeper(("/bin/false",), show).prove())
    assert "did not end within 0 s" in refusal(
        CommandKeeper(("/bin/sleep", "9"), show, 0.1).keep(Hidden(VALUE), KEY_ID)
    )
    assert "does not print what /bin/true got" in refusal(CommandKeeper(("/bin/true",), show).prove())


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """Run moto's server."""
    with moto.running() as url:
        yield url


def test_aws(aws: str) -> None:
    """On moto: the id of the current version is the key id; the version that proves is never current."""
    arn = moto.secret(aws)
    client = moto.client(aws)
    try:
        keeper = AwsKeeper(arn, lambda: client)
        whole_life(keeper, names=True)
        run(keeper.prove())
        stages = client.describe_secret(SecretId=arn)["VersionIdsToStages"]
        assert stages[OTHER] == ["AWSCURRENT"]
        assert not any("AWSCURRENT" in labels for version, labels in stages.items() if version != OTHER)
        assert "ResourceNotFoundException" in refusal(
            AwsKeeper(arn.replace("web", "wbe"), lambda: client).prove()
        )
    finally:
        client.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def azure(standing: standin.Served | None, store: Vault, token: str = "good") -> AzureKeeper:
    """Return the sink, whose client reaches the stand-in by the vault's own name."""
    return AzureKeeper(
        vault.HOST, "web", lambda: vault.Credential(token), transport=Rerouted(standing), retry_total=0
    )


class Rerouted:
    """The official client's transport, to a server on this machine that vouches for itself with its own
    CA.
    """

    def __new__(cls, served: standin.Served | None) -> Any:
        """Make azure-core's own, with another address."""
        import requests
        from azure.core.pipeline.transport import RequestsTransport
        from requests.adapters import HTTPAdapter

        assert served is not None

        class Adapter(HTTPAdapter):
            def send(self, request: Any, **options: Any) -> Any:
                request.url = request.url.replace(vault.HOST, served.url)
                return super().send(request, **options | {"verify": str(served.ca)})

        session = requests.Session()
        session.mount(vault.HOST, Adapter())
        return RequestsTransport(session=session, session_owner=False)


def test_azure(tmp_path: Path) -> None:
    """By the official client over HTTPS: the challenge is answered, a tag names the key id."""
    store = Vault()
    with standin.served(store, tmp_path) as standing:
        whole_life(azure(standing, store), names=True)
        assert store.value("web") == VALUE[::-1]


def test_azure_refuses(tmp_path: Path) -> None:
    """A token that has ended, and a version of the API that the vault does not know."""
    store = Vault(tokens={"good": datetime(2020, 1, 1, tzinfo=UTC)})
    with standin.served(store, tmp_path) as standing:
        assert "401 (Unauthorized) AKV10000" in refusal(azure(standing, store).prove())
        store = Vault(versions={"1.0"})
    with standin.served(store, tmp_path) as standing:
        assert "is not recognized" in refusal(azure(standing, store).keep(Hidden(VALUE), KEY_ID))


def github(standing: standin.Served, token: str = "good") -> GitHubKeeper:
    """Return the sink on the stand-in."""

    def make() -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=connect.trust(standing.ca), trust_env=False)

    return GitHubKeeper("example/myapp", "prod", "WEB", Hidden(token), standing.url, make)


def test_github(tmp_path: Path) -> None:
    """Over HTTPS: sealed for its key, opened by it; the variable says which key id, and the clock whether
    it is that one.
    """
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    hub = GitHub(now=lambda: now[0])
    with standin.served(hub, tmp_path) as standing:
        keeper = github(standing)
        assert content(keeper).kept.empty
        run(keeper.prove())
        assert hub.secrets == {}, "what proves that it can be written is taken away again"
        run(keeper.keep(Hidden(VALUE), KEY_ID))
        assert hub.value("WEB") == VALUE
        assert (content(keeper).kept.key_id, content(keeper).copy) == (KEY_ID, None)
        # A kill between variable and secret: the variable is younger, so the secret is another than it names.
        now[0] = datetime(2026, 1, 2, tzinfo=UTC)
        hub.variables["WEB_KEY_ID"] = (OTHER, "2026-01-02T00:00:00Z")
        assert (content(keeper).kept.key_id, content(keeper).kept.without) == ("", {OTHER})
        run(keeper.keep(Hidden(VALUE[::-1]), OTHER))
        assert (hub.value("WEB"), content(keeper).kept.key_id) == (VALUE[::-1], OTHER)


def test_github_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that has ended, the workflow's own, a wrong version of the API, a box that its key does not
    open.
    """
    from nacl.public import PrivateKey

    from entra_config.manifest.fields.sinks import github as sink

    hub = GitHub(tokens={"good": datetime(9999, 1, 1, tzinfo=UTC), "old": datetime(2020, 1, 1, tzinfo=UTC)})
    hub.tokens["weak"] = hub.tokens["good"]
    hub.weak.add("weak")
    with standin.served(hub, tmp_path) as standing:
        assert "401 Bad credentials: the token in ENTRA_CONFIG_SINK_TOKEN has ended" in refusal(
            github(standing, "old").prove()
        )
        said = refusal(github(standing, "weak").prove())
        assert "403 Resource not accessible by integration" in said
        assert (
            "GitHub App's token with Environments: write; the workflow's own token cannot write secrets"
            in said
        )
        hub.shown = PrivateKey.generate()
        assert "422 encrypted_value: it was not sealed for the public key" in refusal(
            github(standing).keep(Hidden(VALUE), KEY_ID)
        )
        assert hub.value("WEB") is None
        gone = GitHubKeeper(
            "example/other", "prod", "WEB", Hidden("good"), standing.url, github(standing).client
        )
        assert "404 Not Found" in refusal(gone.keep(Hidden(VALUE), KEY_ID))
        monkeypatch.setattr(sink, "VERSION", "2019-01-01")
        assert "400 The API version is not supported" in refusal(github(standing).prove())
