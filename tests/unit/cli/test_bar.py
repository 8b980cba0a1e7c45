"""The figures of a bar agree with each other."""

from __future__ import annotations

import pytest
from rich.progress import Progress

from entra_config.cli import bar


@pytest.mark.parametrize(
    ("seconds", "done", "rate", "left"),
    [
        (0, 0, "–/s", "-:--:--"),
        (5, 0, "–/s", "-:--:--"),
        (5, 500, "100.0/s", "0:00:19"),
        (5, 2400, "480.0/s", "0:00:00"),
    ],
)
def test_the_rest_takes_as_long_as_the_rate_says(seconds: int, done: int, rate: str, left: str) -> None:
    """However many steps ended at once last, 1,900 more at 100 a second are 19 seconds."""
    now = 0.0
    progress = Progress(get_time=lambda: now)
    task = progress.add_task("", total=2400)
    for part in range(4):
        now = seconds * 0.9 + part * seconds / 40
        progress.update(task, completed=done * part // 3)
    now = float(seconds)

    (found,) = progress.tasks
    assert bar._Rate().render(found).plain == rate
    assert bar._Left().render(found).plain == left
