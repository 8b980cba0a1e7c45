"""Cases in, JUnit XML out, as CI systems show it: each case passed, or failed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # it writes, and parses nothing

from entra_config.report import escape


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `failure` is the line that says what is wrong, `details` all of it, `told` what is said of one that passed."""

    group: str
    name: str
    failure: str = ""
    details: str = ""
    told: str = ""
    seconds: float = 0.0


def render(suite: str, cases: Sequence[Case]) -> str:
    """Return one suite as XML text; what XML cannot hold is spelled out."""
    failures = sum(bool(case.failure) for case in cases)
    seconds = f"{sum(case.seconds for case in cases):.3f}"
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
    whole = ET.Element("testsuites")
    element = ET.SubElement(whole, "testsuite", {"name": suite, **counts, "time": seconds})
    for case in cases:
        element.append(_case(case))
    ET.indent(whole)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(whole, encoding="unicode")}\n'


def _case(case: Case) -> ET.Element:
    names = {"classname": escape.text(case.group), "name": escape.text(case.name), "time": f"{case.seconds:.3f}"}
    element = ET.Element("testcase", names)
    if case.failure:
        failure = ET.SubElement(element, "failure", {"message": escape.text(case.failure)})
        failure.text = "\n".join(map(escape.text, case.details.splitlines()))
    if case.told:
        ET.SubElement(element, "system-out").text = "\n".join(map(escape.text, case.told.splitlines()))
    return element
