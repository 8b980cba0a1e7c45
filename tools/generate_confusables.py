"""Unicode's confusables.txt in, the table of characters that look alike out.

python tools/generate_confusables.py PATH/TO/confusables.txt > entra_config/confusables.json
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

ENTRY = re.compile(r"([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA\t")


def table(data: bytes) -> dict[str, object]:
    """Return where the table is from, and by each prototype the characters that look like it."""
    text = data.decode("utf-8-sig")
    (version,) = re.findall(r"^# Version: (\S+)$", text, re.MULTILINE)
    (total,) = re.findall(r"^# total: (\d+)$", text, re.MULTILINE)
    alike: dict[str, list[str]] = {}
    for found in ENTRY.finditer(text):
        prototype = "".join(chr(int(code, 16)) for code in found[2].split())
        alike.setdefault(prototype, []).append(chr(int(found[1], 16)))
    if sum(map(len, alike.values())) != int(total):
        raise SystemExit("not all entries were understood")
    return {
        "source": f"https://www.unicode.org/Public/{version}/security/confusables.txt",
        "version": version,
        "sha256": hashlib.sha256(data).hexdigest(),
        "license": "https://www.unicode.org/license.txt",
        "alike": {prototype: "".join(sorted(chars)) for prototype, chars in sorted(alike.items())},
    }


if __name__ == "__main__":
    print(json.dumps(table(Path(sys.argv[1]).read_bytes()), ensure_ascii=True, indent=0))
