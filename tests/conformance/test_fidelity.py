"""The fidelity document is what the tests say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_document_is_current() -> None:
    """`docs/fidelity.md` is the text that the markers give."""
    code = "from tests.conformance.fidelity import write; import sys; sys.stderr.write(write())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    written = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    assert done.stderr.strip() == written.strip(), "run: python -m tests.conformance.fidelity"
