"""Results of access tests in, the XML that CI servers read as JUnit's out."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from entra_config.report import escape
from entra_config.testing import places, text
from entra_config.testing.results import Result, Results


def render(results: Results) -> str:
    """Return a suite for each environment, a case for each test; what is missed is a failure, with reasons and lines."""
    root = ET.Element("testsuites", name="entra-config", tests=str(len(results.results)), failures=str(len(results.failed)))
    for environment in dict.fromkeys(result.environment for result in results.results):
        own = [result for result in results.results if result.environment == environment]
        failures = sum(not result.passes for result in own)
        name = f"{results.project}/{environment}"
        suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(own)), failures=str(failures), errors="0")
        for result in own:
            _case(suite, name, result)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, owner: str, result: Result) -> None:
    where = result.test.position
    attributes = {
        "classname": owner,
        "name": escape.text(result.test.name),
        "file": escape.text(where.file),
        "line": str(where.line),
    }
    case = ET.SubElement(suite, "testcase", attributes)
    if not result.passes:
        message = "; ".join(escape.text(text.told(miss)) for miss in result.misses)
        lines = [escape.text(line) for miss in result.misses for line in (text.told(miss), *miss.why, *places.lines(miss.places))]
        ET.SubElement(case, "failure", message=message, type="AccessTest").text = "\n".join(lines)
