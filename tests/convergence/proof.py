"""Try a share of all kills, random pairs, mutated responses and files that the suites draw from, and write
its row of docs/proofs.md.
"""

from __future__ import annotations

import sys
import time

from tests.oracle.proving import close, parser, suites

WHAT = "killed at any request, through any faults and answers, applies and rotations end where they should"
FILES = (
    "tests/cases/test_random_manifests.py",
    "tests/convergence/test_all_faults.py",
    "tests/convergence/test_guarded.py",
    "tests/convergence/test_mutated_responses.py",
    "tests/convergence/test_order.py",
    "tests/convergence/test_order_model.py",
    "tests/convergence/test_random_pairs.py",
    "tests/convergence/test_rest.py",
    "tests/convergence/test_restart_at_once.py",
    "tests/convergence/test_rotation.py",
    "tests/unit/bootstrap/test_handmade.py",
    "tests/unit/lint/test_lint_fuzz.py",
    "tests/unit/manifest/test_fuzz.py",
    "tests/unit/testing/test_fuzz_of_files.py",
)


def main() -> int:
    """Run the suites over the share, and write its row; exit code 1 where a test fails, or none ran."""
    options = parser(__doc__, "draws", "whole").parse_args()
    started = time.monotonic()
    passed, problems = suites(options, *FILES)
    close(options, WHAT, f"{passed} tests", problems, started)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
