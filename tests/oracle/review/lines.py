"""A seed in; a manifest and its lock file of random bytes between valid lines out, and what a reader of lines
sees.

The reader knows LF and CRLF, quotes in a line, that a `#` after a blank begins a comment, and sees no
character that has no look: it uses nothing of ours.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.manifest.environments.lock import read as read_lock
from entra_config.manifest.reading.problems import Problems

TENANT = "11111111-1111-1111-1111-111111111111"
ROOT = f"project: shop\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\nfiles: [main.yaml]\n"
HEAD = ("applications:", "  api:", "    type: api", "    displayName: API", "    appRoles:")
LABEL = re.compile(r" {6}(role\d+): ")
PIN = re.compile(r" {2}(user\d+@contoso\.com): ", re.IGNORECASE)
OTHER = "22222222-2222-2222-2222-222222222222"
LEGAL = [*"aé漢 \t'\"[}:-&*☃👩%", "\u200b", "\u00a0", "\ufe0f", "\u0301"]
ODD = [
    *"\r\x85\u2028\u2029\x0b\x0c",  # what breaks a line for some readers
    *"\x00\x1b\x7f\u202e\u2066\ufeff\ufffe\u061c",
    *"\u200b\u00ad\ufe0f\u034f",  # which stand in comments and in quotes
    *(
        raw.decode("utf-8", "surrogateescape")
        for raw in (b"\xff", b"\xc3", b"\xe2\x80", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80")
    ),
]


@dataclass
class Drawn:
    """One file's lines as they were drawn, joined by one kind of line break; `odd` is what stands in it
    and should not.
    """

    random: Random
    odd: str
    lines: list[str] = field(default_factory=list)

    def noise(self, *, quoted: bool = False) -> str:
        """Return some characters, and the odd one, mostly behind them."""
        chars = [self.random.choice(LEGAL) for _ in range(self.random.randint(0, 6))]
        if self.random.random() < 0.4:
            chars.insert(self.random.choice((0, len(chars), len(chars))), self.odd)
        return "".join(char for char in chars if not quoted or char not in "'\"")

    def spoilt(self, text: str) -> str:
        """Return a key or a plain value, with the odd one in it."""
        place = self.random.randint(0, len(text)) if self.random.random() < 0.2 else None
        return text if place is None else text[:place] + self.odd + text[place:]

    def add(self, line: str, hidden: str) -> None:
        """Add a line, with noise before, behind or in it; `hidden` is a line that noise in a comment may
        try to bring about.
        """
        match self.random.randrange(6):
            case 0:
                self.lines.append(f"# {self.noise()}{hidden}")
            case 1:
                self.lines.append(f"{' ' * self.random.randrange(9)}# {self.noise()}")
            case 2:
                line += f"   # {self.noise()}{self.random.choice(('', hidden))}"
            case 3:
                self.lines.append("")
            case _:
                pass
        self.lines.append(line)

    def data(self) -> bytes:
        """Return the file."""
        text = self.random.choice(("\n", "\r\n")).join(self.lines) + self.random.choice(("\n", "\n", ""))
        return (self.random.choice(("", "\ufeff")) + text).encode("utf-8", "surrogateescape")


def manifest(random: Random, odd: str) -> bytes:
    """Return the file of an API with roles."""
    file = Drawn(random, odd)
    for line in HEAD:
        file.add(line, "      role99: { description: x }")
    for number in range(random.randint(1, 6)):
        text = random.choice(
            (
                file.spoilt("plain"),
                f"'{file.noise(quoted=True)} x'",
                f'"{file.noise(quoted=True).replace(chr(92), "")} x"',
            )
        )
        file.add(
            f"      {file.spoilt(f'role{number}')}: {{ description: {text} }}",
            f"      role{number + 50}: {{ description: x }}",
        )
    return file.data()


def lock(random: Random, odd: str, *, doubled: bool) -> bytes:
    """Return a lock file with pins of users."""
    file = Drawn(random, odd)
    file.add(f"tenantId: {TENANT}", f"users: {{ user99@contoso.com: {TENANT} }}")
    file.add("users:", f"  user98@contoso.com: {TENANT}")
    for number in range(random.randint(1, 4)):
        if doubled and number == 0:
            # Above the line that everybody knows, one that looks the same and means somebody else.
            file.add(f"  {random.choice(('User0', 'USER0'))}@contoso.com: {OTHER}", "")
        file.add(
            f"  {file.spoilt(f'user{number}@contoso.com')}: {TENANT}",
            f"  user{number + 50}@contoso.com: {TENANT}",
        )
    return file.data()


def seen(data: bytes, pattern: re.Pattern[str]) -> set[str]:
    """Return what a reader of lines sees declared."""
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    return {found[1] for line in lines if (found := pattern.match(_looks(_uncommented(line))))}


def _looks(line: str) -> str:
    return "".join(char for char in line if unicodedata.category(char) not in {"Cf", "Mn"})


def _uncommented(line: str) -> str:
    quote = ""
    for place, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and line[:place].endswith((" ", "{")):
            quote = char
        elif char == "#" and (place == 0 or line[place - 1] in " \t"):
            return line[:place]
    return line


def tried(seed: int, folder: Path) -> tuple[bool, str]:
    """Read one manifest with its lock file; return whether it was accepted, and what is declared that
    nobody sees, or missing.
    """
    random = Random(f"lines {seed}")
    legal = random.random() < 0.5
    odds = ("", "") if legal else random.choice(((random.choice(ODD), ""), ("", random.choice(ODD))))
    files = {"entra-config.yaml": ROOT.encode(), "main.yaml": manifest(random, odds[0])}
    files["entra-config.dev.lock.yaml"] = lock(random, odds[1], doubled=not legal and random.random() < 0.1)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    try:
        loaded = loader.load(folder)
    except ManifestError as error:
        return False, f"refused, and legal: {error}" if legal else ""
    problems = Problems()
    pins = read_lock(folder / "entra-config.dev.lock.yaml", problems)
    wrong = []
    for what, declared, data, pattern in (
        ("roles", {*loaded.applications["api"].app_roles}, files["main.yaml"], LABEL),
        ("pins", {*pins.users}, files["entra-config.dev.lock.yaml"], PIN),
    ):
        names = [name.casefold() for name in declared]
        if len(names) != len({*names}):
            wrong.append(f"{what}: one name is declared twice, and one line of it counts: {sorted(declared)}")
        if declared != seen(data, pattern):
            wrong.append(
                f"{what}: declared {sorted(declared)}, seen {sorted(seen(data, pattern))} in {data!r}"
            )
    return True, "; ".join(wrong)
