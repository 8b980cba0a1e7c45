# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""What ends soon and no rotation replaces in; one issue out, opened, updated and closed as drift's is.

Usage: credentials_issue.py ENVIRONMENT EXIT_CODE REPORT.md   (exit code of `credentials --ending`: 0 nothing,
2 some)
"""

from __future__ import annotations

import sys
from pathlib import Path

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

from drift_issue import Topic, settle
from github_api import Api

ENDING = Topic("credentials", "Credentials that end in", "Nothing ends soon any more.")

if __name__ == "__main__":
    code = int(sys.argv[2])
    if code not in {0, 2}:
        raise SystemExit(f"entra-config credentials ended with {code}: no report to file")
    print(settle(Api(), sys.argv[1], found=code == 2, report=Path(sys.argv[3]).read_text(), topic=ENDING))
