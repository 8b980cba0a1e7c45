"""What `entra-config settings` wrote, used as its readers use it: newman runs the collection, bash the
walk-through.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.loopback import Loopback, running
from tests.e2e.programs import READER, WRITER, all_call, newman, statuses

SCOPES = ("user.read", "user.write")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """Run emulator and API; alice is a Writer, bob a Reader."""
    with running(tmp_path_factory.mktemp("settings"), page=False) as found:
        found.deployment.assign(WRITER, "Writer")
        found.deployment.assign(READER, "Reader")
        yield found


def test_the_collection_and_the_walk_through_of_the_tokens_page_work(world: Loopback, tmp_path: Path) -> None:
    """The collection's own tests expect 200, 201, 401 and 403, and find them; device code, PKCE and client
    credentials as docs/tokens.md writes them end with tokens that the API takes.
    """
    all_call(world, tmp_path)


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
