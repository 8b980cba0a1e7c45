"""Times, numbers and ids as the portal's pages write them."""

import datetime as dt

from entra_emulator.clock import read_stamp


def when(stamp: str, now: dt.datetime, machine: dt.datetime) -> str:
    """Write a time of the emulator's clock: of today the time, else the day; what is still to come on the
    machine's clock says so.
    """
    if not stamp:
        return "unknown"
    try:
        moment = read_stamp(stamp)
    except ValueError:
        return stamp
    moved = " (clock moved on)" if moment > machine else ""
    return (f"{moment:%H:%M:%S}" if moment.date() == now.date() else f"{moment:%Y-%m-%d}") + moved


def span(seconds: float) -> str:
    """Write a length of time in its largest unit that fits twice, or once: `22 min`, `2 years`."""
    for length, name in ((365 * 86400, "year"), (86400, "day"), (3600, "h"), (60, "min")):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {name}{'s' if number > 1 and name in ('year', 'day') else ''}"
    return f"{int(max(0, seconds))} s"


def age(stamp: str, now: dt.datetime) -> str:
    """Write how long ago a time was."""
    try:
        return span((now - read_stamp(stamp)).total_seconds())
    except ValueError:
        return "unknown"


def ends(stamp: str, now: dt.datetime) -> str:
    """Write when something ends, and how far that is."""
    try:
        left = (read_stamp(stamp) - now).total_seconds()
    except ValueError:
        return "unknown"
    return f"{stamp[:10]}, in {span(left)}" if left > 0 else f"{stamp[:10]}, ended {span(-left)} ago"


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def brief(number: int) -> str:
    """Write a number for a narrow column."""
    return f"{number // 1000} k" if number >= 10_000 else f"{number:,}"


def short(text: str) -> str:
    """Shorten the ids in a path: eight characters and an ellipsis."""
    return "/".join(_short(part) for part in text.split("/"))


def _short(part: str) -> str:
    return f"{part[:8]}…" if len(part) >= 32 and "'" not in part and "$" not in part else part
