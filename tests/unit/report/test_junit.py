"""Cases as JUnit XML: the whole text, as CI systems read it."""

from __future__ import annotations

import pytest

from entra_config.errors import Item, Position
from entra_config.report.junit import Case, render

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
PASSED = Case("access", "Ada reads")
FAILED = Case("access", "Bob reads", "he does not", "no role\nno scope", type="missing", seconds=0.25)


@pytest.mark.parametrize(
    ("case", "xml"),
    [
        (PASSED, '<testcase classname="access" name="Ada reads" time="0.000" />'),
        (
            FAILED,
            (
                '<testcase classname="access" name="Bob reads" time="0.250">\n'
                '      <failure message="he does not" type="missing">no role\nno scope</failure>\n'
                "    </testcase>"
            ),
        ),
        (
            Case("a", "b", "wrong", position=Position("a.yaml", 3, 7, Item("orders"))),
            (
                '<testcase classname="a" name="b" time="0.000" file="a.yaml" line="3">\n'
                '      <failure message="wrong (orders)" />\n'
                "    </testcase>"
            ),
        ),
        (
            Case("a", "b", "wrong", position=Position("a.yaml", 3, 7)),
            (
                '<testcase classname="a" name="b" time="0.000" file="a.yaml" line="3">\n'
                '      <failure message="wrong" />\n'
                "    </testcase>"
            ),
        ),
        (
            Case("a", "b", type="missing", reported="one\ntwo"),
            (
                '<testcase classname="a" name="b" time="0.000">\n'
                "      <system-out>one\ntwo</system-out>\n"
                "    </testcase>"
            ),
        ),
        (
            Case("a\x00", "b\x01", "c\x02", "d\x03", reported="e\x04", position=Position("f\x05", 1, 1)),
            (
                '<testcase classname="a\\u{0}" name="b\\u{1}" time="0.000" file="f\\u{5}" line="1">\n'
                '      <failure message="c\\u{2}">d\\u{3}</failure>\n'
                "      <system-out>e\\u{4}</system-out>\n"
                "    </testcase>"
            ),
        ),
    ],
)
def test_a_case_says_what_is_wrong_and_where(case: Case, xml: str) -> None:
    """A kind of failure stands with a failure alone; what XML cannot hold is spelled out."""
    failures = int(bool(case.failure))
    assert render({"s": [case]}) == (
        f'{HEAD}<testsuites>\n  <testsuite name="s" tests="1" failures="{failures}" errors="0" skipped="0" '
        f'time="{case.seconds:.3f}">\n    {xml}\n  </testsuite>\n</testsuites>\n'
    )


def test_suites_count_their_cases() -> None:
    """Failures, and the seconds of all; a suite of none is there too."""
    lines = render({"first\x07": [PASSED, FAILED, FAILED], "none": []}).splitlines()
    assert lines[2] == (
        '  <testsuite name="first\\u{7}" tests="3" failures="2" errors="0" skipped="0" time="0.500">'
    )
    assert (
        lines[-2] == '  <testsuite name="none" tests="0" failures="0" errors="0" skipped="0" time="0.000" />'
    )
    assert render({}) == f"{HEAD}<testsuites />\n"
