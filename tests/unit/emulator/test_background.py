"""Starting and ending an emulator in a process of its own: what is run, awaited and said where it fails."""

from __future__ import annotations

import io
import subprocess
import sys
import urllib.error
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config.emulator import background, seed
from entra_config.emulator.background import ControlError, StartError
from entra_config.emulator.directory import Tenants
from entra_config.emulator.listening import BusyPortError, NotLoopbackError
from entra_config.emulator.run_file import Running, ServerOptions, dump_options

FOUND = Running(7, "127.0.0.1", 8443)
OTHER = Running(8, "127.0.0.1", 8443)


class Process:
    """A process that was not started; it ends after so many looks."""

    def __init__(self, *, ends: bool = False) -> None:
        """Have a number."""
        self.pid, self.ended, self._ends = 7, False, ends

    def poll(self) -> int | None:
        """Tell whether it has ended."""
        return 1 if self._ends else None

    def terminate(self) -> None:
        """End."""
        self.ended = True


class Started:
    """All that starting an emulator asks of the machine, written down."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, states: list[Running | None], process: Process
    ) -> None:
        """Find these in the run file, one look after another, the last for ever."""
        self.states, self.process = states, process
        self.checked: list[Any] = []
        self.commands: list[tuple[Any, dict[str, Any]]] = []
        self.stopped: list[Running] = []
        self.time = 0.0
        monkeypatch.setattr(background, "running", self._running)
        monkeypatch.setattr(background, "stop", self.stopped.append)
        monkeypatch.setattr("subprocess.Popen", self._open)
        monkeypatch.setattr("time.monotonic", lambda: self.time)
        monkeypatch.setattr("time.sleep", self._sleep)
        monkeypatch.setattr(background.listening, "check_port", lambda *given: self.checked.append(given))
        monkeypatch.setattr(background, "_probing", lambda _: lambda found: found is FOUND)

    def _running(self, _: Path) -> Running | None:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def _open(self, command: Any, **options: Any) -> Process:
        self.commands.append((command, options))
        options["stdout"].write(b"first\nlast words\n")
        return self.process

    def _sleep(self, seconds: float) -> None:
        self.time += seconds


def test_an_emulator_is_started_and_awaited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By this interpreter, with the options as text, in a session of its own; its words go to a file."""
    begun = Started(monkeypatch, [None, None, OTHER, FOUND], Process())
    options = ServerOptions(tmp_path / "state", port=9443)
    assert background.start(options) is FOUND
    ((command, given),) = begun.commands
    assert command == [sys.executable, "-P", "-m", "entra_config.emulator", dump_options(options)]
    assert (given["stdin"], given["start_new_session"]) == (subprocess.DEVNULL, True)
    assert given["stdout"] is given["stderr"]
    assert (tmp_path / "state/emulator.log").read_text() == "first\nlast words\n"
    assert begun.checked == [("127.0.0.1", 9443)]
    assert not begun.process.ended
    assert begun.time == pytest.approx(0.04)


def test_one_that_runs_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started, and its port is not looked at."""
    begun = Started(monkeypatch, [OTHER], Process())
    assert background.start(ServerOptions(tmp_path)) is OTHER
    assert (begun.commands, begun.checked) == ([], [])


@pytest.mark.parametrize(("ends", "time"), [(True, 0.0), (False, 30.0)])
def test_one_that_does_not_become_ready(
    ends: bool, time: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ended, and its last words are told; one that ends by itself is not waited for."""
    begun = Started(monkeypatch, [None, OTHER], Process(ends=ends))
    with pytest.raises(StartError) as caught:
        background.start(ServerOptions(tmp_path))
    assert str(caught.value) == "the emulator did not start: last words"
    assert begun.process.ended
    assert begun.time == pytest.approx(time, abs=0.05)


def test_one_that_does_not_answer_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though its run file is there; where it said nothing, that is told."""
    begun = Started(monkeypatch, [None, FOUND], Process())
    monkeypatch.setattr(background, "_probing", lambda _: lambda _: False)
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: begun.process)
    with pytest.raises(StartError, match="did not start: it said nothing"):
        background.start(ServerOptions(tmp_path))


def test_what_is_prepared_is_saved_for_the_new_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it begins."""
    Started(monkeypatch, [None, FOUND], Process())
    background.start(
        ServerOptions(tmp_path),
        prepare=lambda directory: directory.default.users.remove(next(iter(directory.default.users))["id"]),
    )
    count = len(seed.contoso().default.users)
    assert len(Tenants.load(tmp_path / "directory.json").default.users) == count - 1
    assert len(Tenants.load(tmp_path / "beginning.json").default.users) == count - 1


def test_what_is_refused_before_anything_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that a network reaches, and a port that is in use."""
    begun = Started(monkeypatch, [None], Process())

    def busy(*_: Any) -> None:
        raise BusyPortError

    monkeypatch.setattr(background.listening, "check_port", busy)
    with pytest.raises(NotLoopbackError):
        background.start(ServerOptions(tmp_path, host="0.0.0.0"))  # it is refused
    with pytest.raises(BusyPortError):
        background.start(ServerOptions(tmp_path))
    with pytest.raises(BusyPortError):
        background.start(ServerOptions(tmp_path, host="192.168.1.2", insecure_on_a_network=True))
    assert begun.commands == []


@pytest.mark.parametrize(
    ("states", "ended", "time"),
    [([None], False, 0.0), ([FOUND, FOUND, FOUND, None], True, 0.1), ([FOUND], True, 30.0)],
)
def test_ending_waits_until_it_has_saved(
    states: list[Running | None], ended: bool, time: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But not for ever; where none runs, there is nothing to end."""
    begun = Started(monkeypatch, list(states), Process())
    assert background.end(tmp_path) is ended
    assert begun.stopped == ([FOUND] if ended else [])
    assert begun.time == pytest.approx(time, abs=0.06)


class Health(io.BytesIO):
    """An answer of the emulator's."""

    status = 200


@pytest.mark.parametrize(
    ("answer", "ready"),
    [(200, True), (503, False), (urllib.error.URLError("x"), False), (OSError(), False)],
)
def test_an_emulator_that_answers_is_ready(
    answer: int | Exception, ready: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own certificate; whatever else comes, it is not."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def opened(url: str, **options: Any) -> Health:
        asked.append((url, options))
        if isinstance(answer, Exception):
            raise answer
        health = Health()
        health.status = answer
        return health

    monkeypatch.setattr("urllib.request.urlopen", opened)
    monkeypatch.setattr(background, "trust_of", lambda state: state)
    assert background._probing(tmp_path)(FOUND) is ready
    assert asked == [("https://localhost:8443/_emulator/health", {"timeout": 2, "context": tmp_path})]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (httpx.Response(200, json={"a": 1}), {"a": 1}),
        (httpx.Response(204), {}),
        (httpx.Response(400, json={"error": "no"}), "no"),
        (httpx.Response(400, json={"error": "no", "error_description": "not now"}), "not now"),
        (httpx.Response(500, json={"x": 1}), "{'x': 1}"),
        (httpx.Response(500), "{}"),
    ],
)
def test_what_the_control_of_a_running_one_says(
    response: httpx.Response, expected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it answers; what it refuses is an error in its words."""
    sent: list[Any] = []

    def post(url: str, **options: Any) -> httpx.Response:
        sent.append((url, options))
        return response

    monkeypatch.setattr("httpx.post", post)
    monkeypatch.setattr(background, "trust_of", lambda state: state)
    if isinstance(expected, dict):
        assert background.control(FOUND, tmp_path, "/_emulator/x", {"b": 2}) == expected
    else:
        with pytest.raises(ControlError) as caught:
            background.control(FOUND, tmp_path, "/_emulator/x", {"b": 2})
        assert str(caught.value) == expected
    assert sent == [
        ("https://localhost:8443/_emulator/x", {"json": {"b": 2}, "verify": tmp_path, "timeout": 30})
    ]
