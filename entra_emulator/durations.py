"""ISO 8601 durations, as policies have them, in; their length out."""

import re
from datetime import timedelta

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,6})D)?(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,9})(?:\.\d+)?S)?)?",
    re.ASCII,
)


def duration(text: str) -> timedelta | None:
    """Return how long a duration is (`P4DT12H30M5S`); none where it is none that OData has: days, hours,
    minutes, seconds.
    """
    found = _DURATION.fullmatch(text)
    parts = {name: int(value) for name, value in found.groupdict().items() if value} if found else {}
    return timedelta(**parts) if parts else None
