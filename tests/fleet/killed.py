"""A seed in; a fleet planned, approved, applied while a worker or shard is killed or frozen and planned again
among strangers, and what must not come of it, out.

Workers are what the contract asks of any engine: `fleet run` with some shards, another one where it is gone.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import psutil

from tests.fleet.draws import Tree
from tests.fleet.story import Size, Story

VICTIMS = ("worker", "shard", "both")
WAYS = (signal.SIGKILL, signal.SIGSTOP)


@dataclass
class Strike:
    """Who is struck, how, and after how many writes."""

    victim: str
    way: signal.Signals
    writes: int
    part: int = 0
    processes: list[psutil.Process] = field(default_factory=list)
    shards: list[psutil.Process] = field(default_factory=list)

    def wait(self, story: Story, workers: dict[int, subprocess.Popen[bytes]]) -> bool:
        """Wait for the moment; False where all was over before."""
        before = {part: len(story.lines(part)) for part in workers}
        while any(each.poll() is None for each in workers.values()):
            new = {part: story.lines(part)[before[part] :] for part in workers}
            if sum(len(each.get("writes", ())) for lines in new.values() for each in lines) >= self.writes:
                for part, worker in workers.items():
                    if worker.poll() is None and self._aim(worker):
                        self.part = part
                        return True
            time.sleep(0.02)
        return False

    def _aim(self, worker: subprocess.Popen[bytes]) -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(worker.pid)
            self.shards = [each for server in process.children() for each in server.children()]
            self.processes = {
                "worker": [process], "shard": self.shards, "both": [process, *self.shards]
            }[self.victim]  # fmt: skip
            return bool(self.shards)
        return False

    def hit(self) -> None:
        """Kill or freeze."""
        for each in self.processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(self.way)

    def wait_for_shards(self) -> None:
        """Wait until the shards of a struck worker have ended by themselves."""
        _, left = psutil.wait_procs(self.shards, timeout=120)
        assert not left, f"shards outlive their worker: {left}"

    def revive(self, seconds: float) -> None:
        """Let the frozen processes go on, the worker first."""
        if self.way == signal.SIGSTOP:
            if self.victim != "worker":
                # A shard is frozen for longer than it may hear nothing: this is no wait for an event.
                time.sleep(seconds)
            for each in self.processes:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.send_signal(signal.SIGCONT)


def apply(story: Story, names: list[str], strike: Strike | None = None) -> None:
    """Apply what was approved, by a worker for each emulator; one of them is struck."""
    words = ("--do", "apply", "--approval", str(story.folder / "approval.json"))
    parts = {part: [name for name in every if name in names] for part, every in enumerate(story.parts)}
    workers = {part: story.worker(part, every, *words) for part, every in parts.items() if every}
    more: list[subprocess.Popen[bytes]] = []
    if strike is not None and strike.wait(story, workers):
        part = strike.part
        strike.hit()
        if strike.victim == "worker":
            strike.wait_for_shards()
        if strike.victim != "shard":
            # Whoever carries the fleet takes it for dead, and gives its shards to another one.
            more.append(story.worker(part, parts[part], *words))
        strike.revive(story.size.frozen)
    for each in [*workers.values(), *more]:
        each.wait()


def tried(number: int, folder: Path, size: Size) -> tuple[str, str]:
    """Run one story; return what was done to whom, and what must not be."""
    random = Random(f"killed {number}")
    story = Story(folder, random, size)
    strike = Strike(random.choice(VICTIMS), random.choice(WAYS), random.randrange(1, size.tenants * 6))
    how = f"{strike.victim} {'killed' if strike.way == signal.SIGKILL else 'frozen'}"
    with story.serving():
        approved = story.approve(story.plan("one"))
        # What the lack of a group leaves out is approved without it.
        meant = set(story.others)
        wrong = [] if set(approved) - {story.strangers["gone"]} == meant else [f"approved: {approved}"]
        apply(story, approved, strike)
        unknown = [name for name in meant if story.came(name) != "done"]
        if len(unknown) > 1:
            wrong.append(f"more than the struck shard is not done: {unknown}")
        again = story.plan("two")
        left = _unfinished(again)
        if len(left & meant) > 1:
            wrong.append(f"more than the struck shard is unfinished: {sorted(left)}")
        names = story.approve(again)
        apply(story, names)
        last = story.plan("three")
        wrong += [f"{name} does not converge" for name in sorted(_unfinished(last) & meant)]
        wrong += _strangers(story, last)
        wrong += story.doubled()
        for part in range(size.emulators):
            wrong += _noted(story.lines(part))
    text = "".join(f"\n  {each}" for each in wrong)
    return (
        f"{how}{' (after the last write)' if not strike.processes else ''}",
        text and f"killed {number}, {how}:{text}",
    )


def _unfinished(report: Tree) -> set[str]:
    """Return the tenants in which something is to be done, or nobody knows."""
    members = [each for group in report["groups"] for each in group["members"] if each["code"] != 0]
    return {each["shard"].partition("/")[0] for each in [*members, *report["failed"]]}


def _strangers(story: Story, report: Tree) -> Iterator[str]:
    """Yield what is not said of strangers in the report: their reasons, and names that are markup as text."""
    said = {each["shard"].partition("/")[0]: each["reason"] for each in report["failed"]}
    groups = {
        each["shard"].partition("/")[0]: group for group in report["groups"] for each in group["members"]
    }
    if "AADSTS7000215" not in said.get(story.strangers["wrong"], ""):
        yield f"no reason of the wrong credential: {said}"
    gone = story.strangers["gone"]
    group: Any = groups.get(gone, {"text": said.get(gone, "")})
    if "Staff" not in group["text"] and "Everybody" not in group["text"]:
        yield f"no reason of the group that is gone: {group}"
    page = story.command("report", str(story.folder / "results"), "--format", "html", "--run", "three")[1]
    if "<img" in page or "&lt;img" not in page:
        yield "a name is markup in the page, or missing"


def _noted(lines: list[Tree]) -> Iterator[str]:
    """Yield what must not be in the log of an emulator: another tenant's token, two writers at a time."""
    issued = {each["token"]: each["signIn"] for each in lines if "signIn" in each}
    requested = [each for each in lines if "tenant" in each]
    if not requested:
        yield "nothing was asked"
    for each in requested:
        if issued.get(each["token"]) != each["tenant"]:
            yield f"{each['tenant']} got a token of {issued.get(each['token'])}"
    wrote = [each for each in requested if each["writes"]]
    for tenant in {each["tenant"] for each in wrote}:
        spans = _spans([each for each in wrote if each["tenant"] == tenant])
        for (_, ended), (began, _) in pairwise(spans):
            if began < ended:
                yield f"two writers in {tenant} at a time"


def _spans(wrote: list[Tree]) -> list[tuple[float, float]]:
    """Return from when to when each token wrote, in order."""
    by_token: dict[str, list[Tree]] = {}
    for each in wrote:
        by_token.setdefault(each["token"], []).append(each)
    return sorted(
        (min(each["began"] for each in every), max(each["ended"] for each in every))
        for every in by_token.values()
    )
