"""Starting and ending an emulator in a process of its own: what is run, awaited and said where it fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_emulator import background
from entra_emulator.background import ControlError, StartError
from entra_emulator.listening import BusyPortError, NotLoopbackError
from entra_emulator.server_options import ServerOptions
from entra_emulator.state import processes, runs
from entra_emulator.state.records import Run
from entra_emulator.state.state_files import StateError

FOUND = Run(7, "then", "127.0.0.1", 8443, "secret", "t", "c", "s")
OTHER = replace(FOUND, pid=8)


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

    def __init__(self, monkeypatch: pytest.MonkeyPatch, states: list[Run | None], process: Process) -> None:
        """Find these in the record, one look after another, the last for ever."""
        self.states, self.process = states, process
        self.checked: list[Any] = []
        self.commands: list[tuple[Any, dict[str, Any]]] = []
        self.stopped: list[Run] = []
        self.signalled: list[int] = []
        self.time = 0.0
        self.answers = {FOUND}
        monkeypatch.setattr(runs, "find_run", self._find)
        monkeypatch.setattr(runs, "find_process", self._find_process)
        monkeypatch.setattr(runs, "is_proven", lambda _, found: found in self.answers)
        monkeypatch.setattr(runs, "ask_to_stop", lambda _, found: self.stopped.append(found))
        monkeypatch.setattr(processes, "terminate", self._terminate)
        monkeypatch.setattr("subprocess.Popen", self._open)
        monkeypatch.setattr("time.monotonic", lambda: self.time)
        monkeypatch.setattr("time.sleep", self._sleep)
        monkeypatch.setattr(background.listening, "check_port", lambda *given: self.checked.append(given))

    def _find(self, _: Path) -> Run | None:
        return self.states[0] if self.states[0] in self.answers else None

    def _find_process(self, _: Path) -> Run | None:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def _terminate(self, pid: int) -> bool:
        self.signalled.append(pid)
        return True

    def _open(self, command: Any, **options: Any) -> Process:
        self.commands.append((command, options))
        options["stdout"].write(b"first\nlast words\n")
        return self.process

    def _sleep(self, seconds: float) -> None:
        self.time += seconds


def test_one_that_does_not_answer_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error has the command that ends it."""
    begun = Started(monkeypatch, [OTHER], Process())
    with pytest.raises(StartError, match="process 8 cannot be checked"):
        background.start(ServerOptions(tmp_path))
    assert begun.commands == []


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
    """Though the record names it; where it said nothing, that is told."""
    begun = Started(monkeypatch, [None, FOUND], Process())
    begun.answers.clear()
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: begun.process)
    with pytest.raises(StartError, match="did not start: it said nothing"):
        background.start(ServerOptions(tmp_path))


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


@pytest.mark.parametrize("answers", [True, False])
def test_ending_waits_until_it_has_saved(
    answers: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that proves itself ends by itself; a process that does not answer gets a signal."""
    begun = Started(monkeypatch, [FOUND, FOUND, FOUND, None], Process())
    if not answers:
        begun.answers.clear()
    assert background.end(tmp_path)
    assert begun.stopped == ([FOUND] if answers else [])
    assert begun.signalled == ([] if answers else [7])
    assert begun.time == pytest.approx(0.1, abs=0.06)


def test_one_that_does_not_end_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for without end."""
    Started(monkeypatch, [FOUND], Process())
    with pytest.raises(StateError, match="did not end within 30 s"):
        background.end(tmp_path)


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
