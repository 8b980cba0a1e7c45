"""The parts of a fork server, on pipes: no process is begun."""

from __future__ import annotations

import importlib
import os
import resource
import select
import signal
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.errors import UsageError
from entra_fleet.run import tenant_process, tenant_run
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_result import Task


def test_a_request_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it comes; one that breaks off ends the server."""
    parts = [b"abc", b"d", b"ef"]
    control: Any = SimpleNamespace(recv=lambda most: parts.pop(0)[:most] if parts else b"")
    assert tenant_process._rest(control, 6) == b"abcdef"
    assert tenant_process._rest(control, 0) == b""
    with pytest.raises(SystemExit) as end:
        tenant_process._rest(control, 1)
    assert end.value.code == 1


def test_whoever_asked_may_be_gone() -> None:
    """What is said to nobody is no error."""
    hearing, state = os.pipe()
    tenant_process._write_line(state, "42\n")
    assert os.read(hearing, 10) == b"42\n"
    os.close(hearing)
    tenant_process._write_line(state, "42\n")
    os.close(state)


def test_what_has_ended_is_said_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its code and its seconds; what runs stays."""
    pipes = {pid: os.pipe() for pid in (1, 2, 3)}
    used = SimpleNamespace(ru_utime=1.5, ru_stime=0.25)
    ends = {1: (1, 3 << 8, used), 2: (0, 0, used), 3: (3, 9, used)}

    def wait4(pid: int, options: int) -> Any:
        assert options == os.WNOHANG
        return ends[pid]

    monkeypatch.setattr(os, "wait4", wait4)
    loaded = {pid: os.pipe() for pid in pipes}
    for pid, (_, writing) in loaded.items():
        os.write(writing, f"m{pid}\n".encode())
        os.close(writing)
    children = {pid: tenant_process._Child(state, loaded[pid][0]) for pid, (_, state) in pipes.items()}
    assert tenant_process._reap(children) == ["m1", "m3"]
    assert children == {2: (pipes[2][1], loaded[2][0])}
    for number in children[2]:
        os.close(number)
    assert [os.read(hearing, 100) for hearing, _ in pipes.values()] == [b"3 1.75\n", b"", b"-9 1.75\n"]
    for hearing, _ in pipes.values():
        os.close(hearing)


@pytest.mark.parametrize(
    ("most", "least"),
    [(resource.RLIM_INFINITY, 512_000_000), (1_000_000_000, 512_000_000), (100_000_000, 100_000_000)],
)
def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, most: int, least: int) -> None:
    """By what one shard may hold, or by what the system lets it."""
    found: list[Any] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (7, most))
    monkeypatch.setattr(resource, "setrlimit", lambda *given: found.append(given))
    tenant_process.bound()
    assert found == [(resource.RLIMIT_DATA, (least, most))]


def test_a_child_reports_which_modules_it_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that was cut off, because the pipe was full, is not one."""
    reading, writing = os.pipe()
    monkeypatch.setattr(tenant_process, "sys", SimpleNamespace(modules=dict.fromkeys(("a", "b.c", "d"))))
    tenant_process._write_names(writing, {"a"})
    os.write(writing, b"e.")
    os.close(writing)
    assert tenant_process._read_names(reading) == ["b.c", "d"]
    os.close(reading)


def test_a_module_that_cannot_be_imported_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server does without it, and imports the others."""
    found: list[str] = []

    def imported(name: str) -> None:
        found.append(name)
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", imported)
    tenant_process.load_modules(["a", "b"])
    assert found == ["a", "b"]


def test_a_shard_is_done_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the request alone."""
    calls: list[Any] = []
    monkeypatch.setattr(tenant_run, "run", lambda *given: calls.append(given))
    task = Task("a/b", "plan", "one", Path("r"), Flags(("many",), "china"))
    request = {"cloud": "china", "credential": "cli", "fleet": "f.yaml", "results": "r", "task": task.json()}
    tenant_process._do(request)
    output = Output(no_color=True, quiet=True)
    assert calls == [(Common(cloud="china", credential="cli", output=output, fleet=Path("f.yaml")), task)]


class EndedError(BaseException):
    """The process is gone."""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (None, 0, ""),
        (UsageError("no such shard"), 1, "no such shard\n"),
        (ValueError("odd"), 1, "unexpected ValueError: odd\n"),
        (SystemExit(3), 1, "unexpected SystemExit: 3\n"),
        (KeyboardInterrupt(), 1, "interrupted\n"),
    ],
)
def test_a_shard_s_process_ends_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException | None,
    code: int,
    said: str,
) -> None:
    """Bounded and on a leash before it does anything; its streams are nobody's."""
    order: list[Any] = []

    def do(_: object) -> None:
        order.append("does")
        if error is not None:
            raise error

    def thread(**settings: Any) -> Any:
        assert settings == {"target": tenant_process._leashed, "args": (5, 2.5), "daemon": True}
        return SimpleNamespace(start=lambda: order.append("leashed"))

    def opened(*given: Any) -> int:
        order.append(given)
        return 9

    def ends(number: int) -> None:
        raise EndedError(number)

    monkeypatch.setattr(signal, "set_wakeup_fd", lambda number: order.append(("wakes", number)))
    monkeypatch.setattr(signal, "signal", lambda *given: order.append(given))
    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "dup2", lambda *given: order.append(given))
    monkeypatch.setattr(tenant_process, "bound", lambda: order.append("bound"))
    monkeypatch.setattr("threading.Thread", thread)
    monkeypatch.setattr(tenant_process.signals, "convert_sigterm", nullcontext)
    monkeypatch.setattr(tenant_process, "_do", do)
    monkeypatch.setattr(tenant_process, "_write_names", lambda number, _: order.append(("names", number)))
    monkeypatch.setattr(os, "_exit", ends)
    with pytest.raises(EndedError) as end:
        tenant_process._shard({"silence": "2.5"}, 5, 6, 7)
    monkeypatch.undo()
    assert (end.value.args, capsys.readouterr().err) == ((code,), said)
    assert order == [
        ("wakes", -1), (signal.SIGCHLD, signal.SIG_DFL), (os.devnull, os.O_RDWR), (9, 0), (9, 1), (6, 2),
        "bound", "leashed", "does", ("names", 7),
    ]  # fmt: skip


def test_a_leash_holds_while_there_are_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """When nothing comes, or nothing can come any more, the process ends."""
    waits: list[float] = []

    def ends(number: int) -> None:
        raise EndedError(number)

    class Poll:
        def __init__(self, beats: int) -> None:
            self.beats = beats

        def register(self, number: int, events: int) -> None:
            """Watch a pipe."""
            assert (number, events) == (hearing, select.POLLIN)

        def poll(self, milliseconds: float) -> list[Any]:
            """Wait for a beat."""
            waits.append(milliseconds)
            self.beats -= 1
            return [1] if self.beats >= 0 else []

    hearing, beat = os.pipe()
    monkeypatch.setattr(os, "_exit", ends)
    monkeypatch.setattr(select, "poll", lambda: Poll(2))
    os.write(beat, b"..")
    os.write(beat, b".")
    monkeypatch.setattr(os, "read", lambda *_: b".")
    with pytest.raises(EndedError) as silent:
        tenant_process._leashed(hearing, 2.5)
    assert (silent.value.args, waits) == ((75,), [2500, 2500, 2500])
    monkeypatch.setattr(os, "read", lambda *_: b"")
    with pytest.raises(EndedError) as gone:
        tenant_process._leashed(hearing, 2.5)
    assert (gone.value.args, len(waits)) == ((75,), 4)
    os.close(hearing)
    os.close(beat)
