"""The parts that need nothing else: seal, keys, ways back, ends, settings, the password of a cache."""

import asyncio
import base64
import json
import os
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from options.bff import elasticache, guards, settings
from options.bff.entra import SignedIn
from options.bff.seal import Seal
from options.bff.sessions import Sessions
from options.bff.settings import EntraSettings, ServerSettings, Settings, SettingsError
from options.bff.store import MOST_IN_MEMORY, MemoryStore

KEY, OTHER, THIRD = (bytes([each]) * 32 for each in (1, 2, 3))
PERSON = SignedIn("Alice", "alice@contoso.com", "sid-1", "", "{}")
ENTRA = {
    "ENVIRONMENT": "dev",
    "PROTECTED": "false",
    "TENANT_ID": "11111111-1111-1111-1111-111111111111",
    "CLIENT_ID": "22222222-2222-2222-2222-222222222222",
    "AUTHORITY": "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111",
    "ASSERTION_AUDIENCE": "api://AzureADTokenExchange",
    "PAGE_URL": "https://app.example.com",
    "API_URL": "https://api.example.com",
    "API_SCOPES": '["api://x/user.read"]',
}


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20), st.integers(0, 10_000))
def test_a_record_opens_at_its_place_and_nowhere_else(
    record: bytes, place: str, other: str, bit: int
) -> None:
    """By the current key and the one before it; no bit of it may change."""
    sealed = Seal((KEY,)).close(place, record)
    assert Seal((OTHER, KEY)).open(place, sealed) == record
    assert Seal((OTHER,)).open(place, sealed) is None
    assert other == place or Seal((KEY,)).open(other, sealed) is None
    changed = bytearray(sealed)
    changed[bit // 8 % len(sealed)] ^= 1 << bit % 8
    assert Seal((KEY,)).open(place, bytes(changed)) is None
    assert Seal((KEY,)).open(place, sealed[:16]) is None


def text(*keys: bytes) -> str:
    """Return keys as the operator gives them."""
    return ",".join(base64.b64encode(key).decode() for key in keys)


def test_one_key_or_two_are_taken() -> None:
    """The first seals; anything else is told."""
    assert settings.keys(text(KEY)) == (KEY,)
    assert settings.keys(text(OTHER, KEY)) == (OTHER, KEY)
    for wrong, said in (
        ("", "32 bytes"),
        ("not base64!", "not base64"),
        (text(KEY[:16]), "32 bytes"),
        (text(KEY, KEY), "different"),
        (text(KEY, OTHER, THIRD), "one key, or the new one"),
    ):
        with pytest.raises(SettingsError, match=said):
            settings.keys(wrong)


@given(
    st.text(alphabet=st.sampled_from("/\\:@.?#%\t\r\n \x00evil0a5c2f"), max_size=12)
    | st.text(max_size=30).map(lambda text: f"/{text}")
)
def test_a_way_back_is_one_of_this_origin(requested: str) -> None:
    """Whatever a browser makes of it: it throws some away, and takes a backslash for a slash."""
    back = guards.way_back(requested)
    seen = (
        back.strip("".join(map(chr, range(33)))).translate({9: None, 10: None, 13: None}).replace("\\", "/")
    )
    assert back.startswith("/")
    assert urlsplit(urljoin("https://app.example.com/x", seen)).netloc == "app.example.com"
    assert back in {requested, "/"}


@pytest.mark.parametrize("back", ["/", "/records/new?copy=1#top", "/a%20b", "/records/é?next=//x"])
def test_a_path_of_the_page_is_kept(back: str) -> None:
    """With its query and fragment."""
    assert guards.way_back(back) == back


def test_a_session_ends_at_its_time_whatever_is_done_meanwhile() -> None:
    """Idle after a while, over after all; an end by `sid` and a renewal after it leave nothing."""
    clock = [0.0]

    async def story() -> None:
        def now() -> float:
            return clock[0]

        sessions = Sessions(MemoryStore(now), Seal((KEY,)), seconds=100, idle_seconds=30, now=now)
        value = await sessions.begin(PERSON, "")
        for clock[0] in (25.0, 50.0, 75.0, 99.0):
            assert await sessions.get(value) is not None
        clock[0] = 101.0
        assert await sessions.get(value) is None

        idle = await sessions.begin(PERSON, value)
        clock[0] += 31
        assert await sessions.get(idle) is None

        first, second = [await sessions.begin(PERSON, "") for _ in range(2)]
        held = await sessions.get(first)
        assert held is not None
        assert await sessions.end_all("sid-1") == 3  # the idle one as well
        await sessions.keep(held, '{"late": 1}')
        assert await sessions.get(first) is await sessions.get(second) is None

    asyncio.run(story())


def test_a_session_begins_under_a_value_that_nobody_knew() -> None:
    """A cookie that was planted before the sign-in is not the session's."""

    async def story() -> None:
        sessions = Sessions(
            MemoryStore(lambda: 0.0), Seal((KEY,)), seconds=100, idle_seconds=30, now=lambda: 0.0
        )
        assert await sessions.begin(PERSON, "planted") != "planted"
        assert await sessions.get("planted") is None

    asyncio.run(story())


def test_a_sign_in_under_way_is_taken_once() -> None:
    """And not after ten minutes."""
    clock = [0.0]

    async def story() -> None:
        sessions = Sessions(MemoryStore(lambda: clock[0]), Seal((KEY,)), seconds=100, idle_seconds=30)
        value = await sessions.keep_sign_in({"flow": {}})
        assert await sessions.take_sign_in(value) == {"flow": {}}
        assert await sessions.take_sign_in(value) is None
        late = await sessions.keep_sign_in({"flow": {}})
        clock[0] = 601.0
        assert await sessions.take_sign_in(late) is None

    asyncio.run(story())


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever begins sign-ins without end drives out what is over, then the oldest."""
    assert MOST_IN_MEMORY >= 10_000
    monkeypatch.setattr("options.bff.store.MOST_IN_MEMORY", 3)

    async def story() -> list[bytes | None]:
        store = MemoryStore(lambda: 0.0)
        for name in "abcde":
            await store.put(name, name.encode(), 10)
        return [await store.get(name) for name in "abcde"]

    assert asyncio.run(story()) == [None, None, b"c", b"d", b"e"]


@pytest.mark.parametrize(
    ("changed", "server", "redis", "said"),
    [
        ({"AUTHORITY": f"https://login.example.com/{ENTRA['TENANT_ID']}"}, {}, "", "not Microsoft's sign-in"),
        (
            {"AUTHORITY": f"https://login.example.com/{ENTRA['TENANT_ID']}", "PROTECTED": "true"},
            {"emulator": True},
            "",
            "not Microsoft's sign-in",
        ),
        ({}, {}, "redis://cache.example.com", "rediss://"),
        ({}, {"redis_iam": "cache"}, "redis://localhost", "rediss://"),
    ],
)
def test_settings_that_are_not_safe_start_nothing(
    tmp_path: Path, changed: dict[str, str], server: dict[str, bool | str], redis: str, said: str
) -> None:
    """An emulator where people sign in, a store that is read on the way."""
    file = tmp_path / "bff.env"
    file.write_text("".join(f"{key}='{value}'\n" for key, value in (ENTRA | changed).items()), "utf-8")
    made = ServerSettings(**server)  # type: ignore[arg-type]  # rows of a table
    with pytest.raises(SettingsError, match=said):
        Settings(settings.read(file), made, (KEY,), redis)


@pytest.mark.parametrize(
    "changed",
    [
        {"PAGE_URL": "https://app.example.com/x"},
        {"API_URL": "http://api.example.com"},
        {"API_SCOPES": "[]"},
        {"AUTHORITY": "https://login.microsoftonline.com/common"},
        {"SECRET": "x"},
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, changed: dict[str, str]) -> None:
    """It is generated: whatever else stands there is a mistake."""
    file = tmp_path / "bff.env"
    file.write_text("".join(f"{key}='{value}'\n" for key, value in ENTRA.items()), "utf-8")
    assert isinstance(settings.read(file), EntraSettings)
    file.write_text("".join(f"{key}='{value}'\n" for key, value in (ENTRA | changed).items()), "utf-8")
    with pytest.raises(ValueError, match="validation error"):
        settings.read(file)


def test_an_unknown_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt one would be ignored."""
    with pytest.raises(SettingsError, match="SERVER_SESION_KEYS"):
        settings.load({"SERVER_SESION_KEYS": "x"})


def test_the_password_of_a_cache_is_a_signed_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """As AWS documents it: presigned for 900 seconds, of the user, by the role, without a scheme."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "session",
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
    }.items():
        monkeypatch.setenv(name, value)
    user, password = elasticache.IamProvider("bff", "sessions").get_credentials()
    parts = urlsplit(f"https://{password}")
    requested = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert (user, parts.netloc, parts.path) == ("bff", "sessions", "/")
    assert (requested["Action"], requested["User"], requested["X-Amz-Expires"]) == ("connect", "bff", "900")
    assert requested["X-Amz-Credential"].split("/")[2:4] == ["eu-central-1", "elasticache"]
    assert {"X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Date"} <= set(requested)
    assert "secret" not in json.dumps(password).replace("Security", "")


def test_the_page_of_options_names_each_secret() -> None:
    """What holds one, of all that the operator gives: those that nobody may see in a log."""
    page = (Path(__file__).parents[3] / "docs" / "options.md").read_text(encoding="utf-8")
    secrets = page.partition("## Secrets")[2].partition("## Which")[0]
    hidden = {f"SERVER_{name.upper()}" for name, each in ServerSettings.model_fields.items() if not each.repr}
    assert hidden == {"SERVER_SESSION_KEYS"}
    assert all(f"`{name}`" in secrets for name in (*hidden, "REDIS_URL", "SERVER_REDIS_IAM"))
    # The generated file has none: it is committed nowhere, and everybody may read it.
    assert {name for name in EntraSettings.model_fields if "secret" in name or "key" in name} == set()


RECIPE = (Path(__file__).parents[1] / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_runs_without_rights() -> None:
    """The last user is not root, nothing is installed without a hash, and tests stay out."""
    *_, final = RECIPE.split("\nFROM ")
    assert "\nUSER 10001\n" in final
    assert final.index("\nUSER ") < final.index("\nENTRYPOINT [")
    assert "HEALTHCHECK" in final
    assert "--require-hashes" in RECIPE
    ignored = (Path(__file__).parents[1] / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert (ignored[0], "options/bff/tests" in ignored) == ("*", True)


def test_the_lock_has_what_is_asked_for() -> None:
    """Each with a hash."""
    folder = Path(__file__).parents[1]
    lock = (folder / "requirements.lock").read_text(encoding="utf-8")
    for name in (folder / "requirements.in").read_text(encoding="utf-8").split():
        assert f"\n{name}==" in f"\n{lock}"
    assert lock.count("\n    --hash=") >= lock.count("==")
