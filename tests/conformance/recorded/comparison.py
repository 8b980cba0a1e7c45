"""Compare an answer of the emulator with a recorded one."""

import re
from typing import Any

import httpx
import yaml

from tests.conformance.recorded.shapes import HERE, Shape

DATED: dict[str, dict[str, Any]] = yaml.load(
    (HERE / "dated.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)
_MASKS = {
    "<guid>": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "<date>": r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?",
    "<url>": r"[a-z][a-z0-9+.-]*:[^\s]+",
    "<id>": r"[0-9a-f-]{32,36}",
    "<name>": r".+?",
    "<string>": r"(?s:.+)",
    "{id}": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "USER_CODE": r"\w+",
}
_ID = re.compile(_MASKS["<guid>"])
_MASK = re.compile("|".join(re.escape(mask) for mask in _MASKS))
# Graph's headers carry units since 2022; what 2020 sent beside them is another form of the same.
_HEADERS_SINCE = "2022"
_HEADERS = ("x-ms-resource-unit", "location", "odata-version", "content-type", "vary")
# A recorded list holds three different items at most.
_MOST_ITEMS = 3


def compare(shape: Shape, response: httpx.Response) -> list[str]:
    """Return how an answer differs from the recorded one, a line for each difference."""
    if response.status_code != shape.recorded["status"]:
        code = response.json().get("error", {})
        text = code.get("message", "") if isinstance(code, dict) else code
        return [f"status {response.status_code} instead of {shape.recorded['status']}: {text}"]
    comparison = _Comparison(shape)
    if shape.month >= _HEADERS_SINCE:
        comparison.compare_headers(response)
    comparison.compare(shape.body, response.json(), shape.kind, "")
    return [_ID.sub("<guid>", line) for line in comparison.found]


class _Comparison:
    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        # What nothing dates is compared as of the newest month.
        self.month = shape.month or "9999"
        self.found: list[str] = []

    def compare_headers(self, response: httpx.Response) -> None:
        """Compare the headers that were recorded."""
        for name in _HEADERS:
            recorded = self.shape.recorded.get("headers", {}).get(name)
            answered = response.headers.get(name)
            if recorded is not None and (
                answered is None or not _matches(recorded.replace("; ", ";"), answered.replace("; ", ";"))
            ):
                self.found.append(f"header {name}: {answered} instead of {recorded}")

    def compare(self, recorded: Any, answered: Any, kind: str, path: str) -> None:
        """Compare two values."""
        if isinstance(recorded, dict) and isinstance(answered, dict):
            self._compare_objects(recorded, answered, kind, path)
        elif isinstance(recorded, list) and isinstance(answered, list):
            self._compare_lists(recorded, answered, kind, path)
        elif not self._agrees(recorded, answered):
            self.found.append(f"{kind}{path}: {answered!r} instead of {recorded!r}")

    def _compare_objects(
        self, recorded: dict[str, Any], answered: dict[str, Any], kind: str, path: str
    ) -> None:
        kind = str(recorded.get("@odata.type", kind)).removeprefix("#microsoft.graph.")
        for name, value in recorded.items():
            if name in answered:
                self.compare(value, answered[name], kind, "" if name == "value" else f"{path}.{name}")
            elif DATED["leaked"].get(f"{kind}{path}.{name}") != self.month:
                self.found.append(f"{kind}{path}.{name} is missing")
        for name in answered:
            if name not in recorded and self.month >= DATED["since"].get(f"{kind}{path}.{name}", ""):
                self.found.append(f"{kind}{path}.{name} is not recorded")
        if self.shape.recorded["order_kept"]:
            wanted = [name for name in recorded if name in answered]
            given = [name for name in answered if name in wanted]
            if wanted != given:
                place = next(pair for pair in zip(wanted, given, strict=True) if pair[0] != pair[1])
                self.found.append(f"{kind}{path}: {place[1]} where {place[0]} is recorded")

    def _compare_lists(self, recorded: list[Any], answered: list[Any], kind: str, path: str) -> None:
        if len(answered) < len(recorded) or len(answered) > len(recorded) < _MOST_ITEMS:
            self.found.append(f"{kind}{path}: {len(answered)} items instead of {len(recorded)}")
            return
        if path == "" and len(recorded) > 1:
            # The objects of a collection come in no order.
            answered = self._closest(recorded, answered, kind)
        for pair in zip(recorded, answered, strict=False):
            self.compare(*pair, kind, path)

    def _closest(self, recorded: list[Any], answered: list[Any], kind: str) -> list[Any]:
        """Return the answered objects in the order of the recorded ones that they are most like."""
        left, ordered = list(answered), []
        for item in recorded:
            trials = [(_Comparison(self.shape), each) for each in left]
            for trial, each in trials:
                trial.compare(item, each, kind, "")
            best = min(trials, key=lambda pair: len(pair[0].found))[1]
            left.remove(best)
            ordered.append(best)
        return ordered + left

    def _agrees(self, recorded: Any, answered: Any) -> bool:
        if isinstance(recorded, str) and isinstance(answered, str):
            older = DATED["texts"].get(recorded.partition(":")[0])
            if older and self.month < older["before"] and older["text"] in recorded:
                return answered.startswith(recorded.partition(":")[0])
            return _matches(recorded.replace("\r\n", " "), answered)
        if isinstance(recorded, int | float) and not isinstance(recorded, bool):
            return isinstance(answered, int | float) and not isinstance(answered, bool)
        return type(recorded) is type(answered) and recorded == answered


def _matches(recorded: str, answered: str) -> bool:
    """Return True if a text is what the recorded one was before its values were masked."""
    parts = _MASK.split(recorded)
    masks = [_MASKS[mask] for mask in _MASK.findall(recorded)]
    pattern = "".join(re.escape(part) + mask for part, mask in zip(parts, [*masks, ""], strict=True))
    return re.fullmatch(pattern, answered) is not None
