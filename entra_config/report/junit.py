"""Cases in, JUnit XML out, as CI systems show it: each case passed, or failed with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # it writes, and parses nothing

from entra_config.errors import Position
from entra_config.report import escape


@dataclass(frozen=True, slots=True)
class Case:
    """One case, and where it stands in a file.

    `failure` is the line that says what is wrong, `type` the kind of it, `details` all of it; `told` what is
    said of one that passed.
    """

    group: str
    name: str
    failure: str = ""
    details: str = ""
    reported: str = ""
    type: str = ""
    position: Position | None = None
    seconds: float = 0.0


def render(suites: Mapping[str, Sequence[Case]]) -> str:
    """Return suites, by their names, as XML text; what XML cannot hold is spelled out."""
    whole = ET.Element("testsuites")
    for name, cases in suites.items():
        failures = sum(bool(case.failure) for case in cases)
        counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
        seconds = f"{sum(case.seconds for case in cases):.3f}"
        element = ET.SubElement(whole, "testsuite", {"name": escape.text(name), **counts, "time": seconds})
        element.extend(map(_case, cases))
    ET.indent(whole)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(whole, encoding="unicode")}\n'


def _case(case: Case) -> ET.Element:
    names = {
        "classname": escape.text(case.group),
        "name": escape.text(case.name),
        "time": f"{case.seconds:.3f}",
    }
    if case.position is not None:
        names |= {"file": escape.text(case.position.file), "line": str(case.position.line)}
    element = ET.Element("testcase", names)
    if case.failure:
        type_ = {"type": case.type} if case.type else {}
        reported = f"{case.failure}{case.position.of_item if case.position else ''}"
        failure = ET.SubElement(element, "failure", {"message": escape.text(reported), **type_})
        failure.text = "\n".join(map(escape.text, case.details.splitlines()))
    if case.reported:
        ET.SubElement(element, "system-out").text = "\n".join(map(escape.text, case.reported.splitlines()))
    return element
