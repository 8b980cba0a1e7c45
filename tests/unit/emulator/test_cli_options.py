"""What `emulator start` is told on the command line, as the server takes it, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from entra_emulator import background, connect, server
from entra_emulator.cli import commands, main, snapshots
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.seed import DEPLOYER_APP_ID
from entra_emulator.server_options import ServerOptions
from entra_emulator.state import runs, state_files
from entra_emulator.state.records import Run

RUNNER = CliRunner()
EVERYWHERE = ".".join("0000")  # it is read, and nothing listens
RUNS = Run(7, "then", "127.0.0.1", 9443, "secret", "t", "c", "s")
HERE = "https://localhost:9443"


def run(*words: str) -> Result:
    """Run a command."""
    return RUNNER.invoke(main.app, words, env={"ENTRA_CONFIG_EMULATOR_STATE": ""})


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Start nothing; collect with what it would be."""
    monkeypatch.chdir(tmp_path)
    calls: list[Any] = []

    def start(options: ServerOptions, *, prepare: object) -> Run:
        calls.append((options, prepare))
        return RUNS

    monkeypatch.setattr(background, "start", start)
    monkeypatch.setattr(server, "serve", lambda options, *, prepare: calls.append(("here", options, prepare)))
    return calls


def test_what_nobody_says(started: list[Any]) -> None:
    """Its own port on this machine alone, without faults; where it is, is said."""
    ran = run("start", "--state", "s")
    assert (ran.exit_code, ran.stdout) == (0, f"{HERE}\n")
    assert ran.stderr == f"Emulator at {HERE} (process 7), state in s.\n"
    assert started == [(ServerOptions(Path("s"), port=8443, log_size=2000), None)]


def test_one_that_runs_keeps_its_options(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """And start says so, with what to do."""
    monkeypatch.setattr(runs, "find_run", lambda _: RUNS)
    ran = run("start", "--state", "s", "--as-of", "2022-06")
    assert ran.exit_code == 0
    assert ran.stderr.endswith(
        "It was started before, and keeps the options of that start. To change them, run "
        "`entra-emulator stop` first.\n"
    )


def test_what_somebody_says(started: list[Any], tmp_path: Path) -> None:
    """Each in its place."""
    (tmp_path / "keys.json").write_text('{"keys": []}')
    ran = run(
        "start", "--state", "s", "--port", "0", "--host", EVERYWHERE, "--public-port", "443", "--seed", "x",
        "--latency", "5", "--fault", "throttle_rate=0.5", "--fault", 'lag={"*": 2}', "--fault", "seed=3",
        "--issuer-keys", "https://i.example?a=b=keys.json", "--choice", "usersMayConsent=false",
        "--choice", "contoso.com/usersMayConsent=true", "--log-size", "9",
        "--as-of", "2022-06",
        "--i-know-this-is-insecure-on-a-network",
    )  # fmt: skip
    assert ran.exit_code == 0, ran.output
    options = ServerOptions(
        Path("s"),
        host=EVERYWHERE,
        port=0,
        public_port=443,
        seed="x",
        faults=FaultPlan(seed=3, latency_ms=5, throttle_rate=0.5, lag={"*": 2}),
        issuer_keys={"https://i.example?a=b": {"keys": []}},
        choices={"*": {"usersMayConsent": False}, "contoso.com": {"usersMayConsent": True}},
        insecure_on_a_network=True,
        log_size=9,
        as_of="2022-06",
    )
    assert started == [(options, None)]


def test_a_snapshot_is_put_into_the_folder_before_the_start(
    started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is what the server reads then."""
    begun: list[Any] = []
    monkeypatch.setattr(snapshots, "begin_with", lambda *given: begun.append((given, len(started))))
    assert run("start", "--state", "s", "--snapshot", "x.json").exit_code == 0
    assert (begun, len(started)) == ([((Path("s"), Path("x.json")), 0)], 1)


def test_in_the_foreground_it_serves_here(started: list[Any]) -> None:
    """And says so."""
    ran = run("start", "--state", "s", "--foreground")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr == "Serving the emulator's state in s on port 8443, Ctrl-C ends it.\n"
    assert started == [("here", ServerOptions(Path("s")), None)]


def test_what_cannot_be_started_is_an_error(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """In its own words."""

    def refused(*_: object, **__: object) -> None:
        raise background.StartError("no room")

    monkeypatch.setattr(background, "start", refused)
    ran = run("start", "--state", "s")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (1, "", "error: no room\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fault", "throttle_rate"), "throttle_rate is not NAME=VALUE"),
        (("--fault", "nothing=1"), "nothing"),
        (("--choice", "usersMayConsent"), "usersMayConsent is not NAME=VALUE"),
        (("--choice", "nothing=1"), "nothing"),
        (("--issuer-keys", "https://i.example"), "https://i.example is not ISSUER=JWKS-FILE"),
        (("--issuer-keys", "=keys.json"), "=keys.json is not ISSUER=JWKS-FILE"),
        (("--issuer-keys", "https://i.example="), "https://i.example= is not ISSUER=JWKS-FILE"),
        (("--issuer-keys", "https://i.example=gone"), "https://i.example=gone is not ISSUER=JWKS-FILE"),
        (("--public-port", "65536"), "or equal to 65535"),
        (("--public-port", "-1"), "or equal to 0"),
        (("--log-size", "1000001"), "or equal to 1000000"),
        (("--log-size", "-1"), "or equal to 0"),
        (("--as-of", "2022-13"), "2022-13 is not a month in the form YYYY-MM"),
        (("--as-of", "2020-07"), "2020-07 is before 2020-08"),
    ],
)
def test_what_is_no_value_is_a_usage_error(started: list[Any], tmp_path: Path, words: Any, said: str) -> None:
    """With the option that it was said of."""
    (tmp_path / "keys.json").write_text("{}")
    ran = run("start", "--state", "s", *words)
    assert (ran.exit_code, started) == (2, [])
    assert words[0] in ran.stderr
    assert said in " ".join(ran.stderr.replace("│", " ").split())


@pytest.mark.parametrize(("option", "values"), [("--public-port", "0 65535"), ("--log-size", "0 1000000")])
def test_the_ends_of_a_range_are_in_it(started: list[Any], option: str, values: str) -> None:
    """Nothing and the most."""
    assert [run("start", "--state", "s", option, each).exit_code for each in values.split()] == [0, 0]
    assert len(started) == 2


@pytest.mark.parametrize(
    ("settings", "latency", "expected"),
    [
        ([], 0, FaultPlan()),
        ([], 2.5, FaultPlan(latency_ms=2.5)),
        (["latency_ms=7"], 2.5, FaultPlan(latency_ms=7)),
        (["read_quota=null"], 0, FaultPlan(read_quota=None)),
    ],
)
def test_faults_are_json_by_name(settings: list[str], latency: float, expected: FaultPlan) -> None:
    """A latency is one of them; what is named wins."""
    assert commands._faults(settings, latency) == expected


def test_a_word_is_text_where_it_is_no_json() -> None:
    """So that nobody quotes twice."""
    assert [commands._number_or_json(each) for each in ("1", "true", '"a"', "a", "1.5", "{")] == [
        1, True, "a", "a", 1.5, "{"
    ]  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let an emulator run; collect what its control is asked."""
    calls: list[Any] = []

    def call(found: Run, state: Path, path: str, body: Any = None) -> dict[str, Any]:
        assert (found, state) == (RUNS, Path("s"))
        calls.append((path, body))
        return {"access_token": "t1", "kid": "k1"}

    monkeypatch.setattr(commands, "running_on", lambda _: RUNS)
    monkeypatch.setattr(commands, "call", call)
    return calls


@pytest.mark.parametrize(
    ("words", "path", "body", "out", "err"),
    [
        (("reset",), "/_emulator/reset", None, "", "The directory is as at the beginning.\n"),
        (("rotate-keys",), "/emulator/rotate-keys", None, "k1\n", ""),
        (("rotate-keys", "--retire"), "/emulator/rotate-keys?retire=true", None, "k1\n", ""),
        (
            ("token", "--app-id", "a", "--scope", "s", "--user", "u", "--tenant", "t"),
            "/emulator/token",
            {"client_id": "a", "scope": "s", "user": "u", "tenant": "t"},
            "t1\n",
            "",
        ),
        (
            ("token",),
            "/emulator/token",
            {
                "client_id": DEPLOYER_APP_ID,
                "scope": "https://graph.microsoft.com/.default",
                "user": None,
                "tenant": None,
            },
            "t1\n",
            "",
        ),
    ],
)
def test_what_an_emulator_is_asked(  # noqa: PLR0917  # the columns of a table
    asked: list[Any], words: tuple[str, ...], path: str, body: Any, out: str, err: str
) -> None:
    """By each command; without a client id it is the deployer's."""
    ran = run(*words, "--state", "s")
    assert (ran.exit_code, ran.stdout, ran.stderr, asked) == (0, out, err, [(path, body)])


def test_where_it_runs_and_how_clients_come_there(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address is data; stopping says whether there was one."""
    ran = run("status", "--state", "s")
    assert (ran.exit_code, ran.stdout) == (0, f"{HERE}\n")
    assert ran.stderr == f"Emulator at {HERE} (process 7), state in s.\n"
    monkeypatch.setattr(connect, "environment", lambda *given: f"of {given}")
    assert run("env", "--state", "s").stdout == f"of {(HERE, Path('s'), None)}\n"
    assert run("env", "--state", "s", "--app-id", "a").stdout == f"of {(HERE, Path('s'), 'a')}\n"
    for there, said in ((True, "Stopped.\n"), (False, "No emulator runs here.\n")):
        monkeypatch.setattr(background, "end", lambda _, there=there: there)
        ran = run("stop", "--state", "s")
        assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", said)


@pytest.mark.parametrize("remove", [False, True])
def test_trust_is_explained_and_done_where_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, remove: bool
) -> None:
    """What went wrong is an error in its own words."""
    from entra_emulator import trust

    calls: list[Any] = []
    monkeypatch.setattr(trust, "explain", lambda file, *, remove: f"explains {file.name} {remove}")

    def apply(file: Path, *, remove: bool) -> list[str]:
        assert file.is_absolute()
        calls.append(remove)
        if len(calls) > 1:
            raise trust.TrustError("no store")
        return ["one", "two"]

    monkeypatch.setattr(trust, "apply", apply)
    words = ("trust", "--state", str(tmp_path), *(["--remove"] if remove else []))
    ran = run(*words)
    assert (ran.exit_code, ran.stderr, calls) == (0, "", [])
    assert ran.stdout.startswith("explains ")
    assert ran.stdout.endswith(f" {remove}\n")
    ran = run(*words, "--yes")
    assert (ran.exit_code, ran.stdout, ran.stderr, calls) == (0, "", "one\ntwo\n", [remove])
    ran = run(*words, "--yes")
    assert (ran.exit_code, ran.stderr) == (1, "error: no store\n")


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"ENTRA_EMULATOR_STATE": "new"}, "new"),
        ({"ENTRA_EMULATOR_STATE": "", "ENTRA_CONFIG_EMULATOR_STATE": "old"}, "old"),
        ({"ENTRA_EMULATOR_STATE": "new", "ENTRA_CONFIG_EMULATOR_STATE": "old"}, "new"),
        ({"ENTRA_EMULATOR_STATE": "", "ENTRA_CONFIG_EMULATOR_STATE": ""}, ".entra-config/emulator"),
    ],
)
def test_the_folder_is_the_environment_s(
    started: list[Any], monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: str
) -> None:
    """A command and a program that looks for an emulator find the same one, by the former name too."""
    for name in state_files.FOLDER_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert RUNNER.invoke(main.app, ["start"]).exit_code == 0
    assert started[0][0].state == state_files.state_folder() == Path(folder)
