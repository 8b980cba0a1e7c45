"""What a terminal shows while something goes on: requests while the tenant is read, steps while a plan is
carried out.

Both stay whole at 80 columns: the figures have a line of their own, the words the next one, cut at its end.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil
from typing import assert_never

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task
from rich.progress import SpinnerColumn as Spinner
from rich.text import Text

from entra_config.apply.events import (
    Event,
    Observer,
    StepDone,
    StepFailed,
    StepSkipped,
    StepStarted,
    Waiting,
)
from entra_config.cli.output import Output, theme
from entra_config.graph.client import Graph
from entra_config.plan.steps import Step
from entra_config.report import escape

PATIENCE = 0.5
"""Seconds of reading that nobody needs to be told of."""


@contextmanager
def applying(total: int, name: Callable[[Step], str], output: Output) -> Iterator[Observer]:
    """Show how many of `total` steps have ended, at what rate, how long the rest takes, and which is at
    work.
    """
    columns = (BarColumn(30), MofNCompleteColumn(), _Rate(), _Left())
    with _TwoLines(*columns, console=_console(output), transient=True) as progress:
        task = progress.add_task("", total=total)

        def observe(event: Event) -> None:
            match event:
                case StepStarted(step):
                    progress.update(task, description=escape.text(name(step)))
                case Waiting(reason, seconds):
                    progress.update(task, description=escape.text(f"waiting {seconds:.0f} s: {reason}"))
                case StepDone() | StepSkipped():
                    progress.advance(task)
                case StepFailed(step, error):
                    progress.advance(task)
                    line = escape.text(f"failed {name(step)}: {error}")
                    progress.console.print(Text(line, style="red"))
                case _:
                    assert_never(event)

        yield observe


class Reading:
    """A line that comes once reading takes long enough to wonder, and goes when it is over."""

    def __init__(self, graph: Graph, output: Output) -> None:
        self._graph, self._output = graph, output
        self._began = time.monotonic()
        self._progress: Progress | None = None

    def note(self) -> None:
        """Take note that something came; after half a second there is a line, and it moves by itself."""
        if self._progress is None and time.monotonic() - self._began > PATIENCE:
            columns = (Spinner(), _Load(self._graph))
            self._progress = Progress(*columns, console=_console(self._output), transient=True)
            self._progress.add_task("", total=None)
            self._progress.start()

    def end(self) -> None:
        """Take the line away."""
        if self._progress is not None:
            self._progress.stop()


class _TwoLines(Progress):
    """Figures, and below them the task's description on a line of its own that is never wrapped."""

    def get_renderables(self) -> Iterator[RenderableType]:
        yield self.make_tasks_table(self.tasks)
        for task in self.tasks:
            yield Text(task.description, no_wrap=True, overflow="ellipsis", style="dim")


class _Rate(ProgressColumn):
    """Steps in a second since the start, once one has ended."""

    def render(self, task: Task) -> Text:
        rate = f"{task.completed / task.elapsed:.1f}" if task.completed and task.elapsed else "–"
        return Text(f"{rate}/s", style="dim")


class _Left(ProgressColumn):
    """How long the rest takes at that rate. Rich's own looks at the last steps, which end in batches: it
    promises a quarter of what it takes.
    """

    def render(self, task: Task) -> Text:
        if not task.completed or not task.elapsed or task.remaining is None:
            return Text("-:--:--")
        return Text(str(timedelta(seconds=ceil(task.remaining * task.elapsed / task.completed))))


class _Load(ProgressColumn):
    """`Reading … 120/207`: how many requests are answered, of those that are known so far."""

    max_refresh = None

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._graph = graph

    def render(self, _: Task) -> Text:
        received, known = self._graph.load
        return Text(f"Reading … {received}/{known}")


def _console(output: Output) -> Console:
    console = Console(stderr=True, no_color=not output.coloured(sys.stderr))
    console.push_theme(theme(console))
    return console
