"""The repository in; the pages of the site, their order and llms.txt out, as files below output/docs.

The README's sections become pages of their own, its shelves become the navigation, pages of docs/ stay as
they are, and two are made here from the tables that the program reads: by hand, and troubleshooting. A link
to a file that is no page becomes its name, or a link below DOCS_REPOSITORY where that is set.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import by_hand
import commands
import troubleshooting
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

# Sections of the README that stay on its page, and those that are pages of their own.
FRONT = ("Try it", "Documentation", "What is not verified")
SECTIONS = {
    "start": ("Ten minutes without a tenant", "Who gets in, as a test"),
    "first-tenant": ("The first real tenant",),
}
FILES = {
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "example-api": "api/README.md",
    "example-page": "spa/README.md",
    "option-b": "options/alb/README.md",
    "option-c": "options/bff/README.md",
    "option-e": "options/httpd/README.md",
}
# Pages that only the site has, by the group of the README's shelves that lists them last.
MADE = {"Commands": ["by-hand.md"], "Trouble": ["troubleshooting.md"]}
# Folders of pages with their headings, by the group that has them; a folder's README.md is its index.
INDEXED = {
    "First hour": {"Tasks": "tasks"},
    "Manifest": {"Every key": "manifest"},
    "Review and test": {"Rules of lint": "lint", "Rules of plan": "checks"},
    "Commands": {"Every command": "cli"},
    "Design": {"Decisions": "decisions"},
    "Evidence": {"Fidelity of the emulator": "fidelity"},
}
LINK = re.compile(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\])\(([^)\s]+)\)")
FENCE = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)


class BrokenLinkError(Exception):
    """What a page or the list of pages names is not in the repository."""


def sources() -> dict[str, str]:
    """Return the files that pages are made of, by path in the repository."""
    files = [
        "README.md",
        *FILES.values(),
        *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md"))),
    ]
    return {each: (ROOT / each).read_text(encoding="utf-8") for each in files}


def pages() -> dict[str, str]:
    """Return the pages by the path of each below the site."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    head, *rest = re.split(r"^## (.+)$", readme, flags=re.MULTILINE)
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    for title_ in (*FRONT, *(each for titles in SECTIONS.values() for each in titles)):
        if title_ not in parts:
            raise BrokenLinkError(f"README.md: the section {title_!r} is not there")
    found = {"index.md": head + "".join(f"## {each}\n{parts[each]}" for each in FRONT)}
    for name, titles in SECTIONS.items():
        first, *more = titles
        text = f"# {first}\n{parts[first]}" + "".join(f"## {title}\n{parts[title]}" for title in more)
        found[f"{name}.md"] = turned(text, "README.md")
    found["index.md"] = turned(found["index.md"], "README.md")
    for path in sorted((ROOT / "docs").rglob("*.md")):
        place = path.relative_to(ROOT / "docs").as_posix()
        found[place] = turned(path.read_text(encoding="utf-8"), f"docs/{place}")
    for name, source in FILES.items():
        found[f"{name}.md"] = turned((ROOT / source).read_text(encoding="utf-8"), source)
    return found | {"by-hand.md": by_hand.text(), "troubleshooting.md": troubleshooting.text()}


def turned(text: str, source: str) -> str:
    """Return a page with its links turned to where the site has what they name; code stays as it is."""
    return "".join(
        _block(part, source) if part.startswith("```") else _links(part, source) for part in FENCE.split(text)
    )


def _block(text: str, source: str) -> str:
    """Return a block of code, below it why no test types it, where none does."""
    found = list(commands.blocks(text))
    why = commands.said(source, found[0][0]).get("why") if found else None
    return f"{text}\n\n*No test types this: {why}.*" if why else text


def _links(text: str, source: str) -> str:
    def turn(found: re.Match[str]) -> str:
        label, target = found[1], found[2]
        path, _, anchor = target.partition("#")
        if source == "README.md" and not path:
            path = source  # its sections are on several pages
        if re.match(r"[a-z]+:", target) or not path:
            return found[0]
        return _turned(label, path, anchor and f"#{anchor}", source)

    return LINK.sub(turn, text)


def _turned(label: str, path: str, anchor: str, source: str) -> str:
    whole = os.path.normpath(PurePosixPath(source).parent / path)
    if not (ROOT / whole).exists():
        raise BrokenLinkError(f"{source}: {path} is not there")
    names = {value: f"{key}.md" for key, value in FILES.items()} | {
        "README.md": "index.md",
        "api": "example-api.md",
        "spa": "example-page.md",
    }
    if whole == "README.md":
        names["README.md"] = f"{_section(anchor)}.md"
    ours = re.match(r"docs/(.*\.md|images/[\w.-]+)$", whole)
    page = names.get(whole) or (ours[1] if ours else None)
    if page:
        depth = source.removeprefix("docs/").count("/") if source.startswith("docs/") else 0
        return f"{label}({'../' * depth}{page}{anchor})"
    where = os.environ.get("DOCS_REPOSITORY")
    return (
        f"{label}({where}/{whole}{anchor})"
        if where
        else f"{label[1:-1]} (`{whole}`)".replace(f"`{whole}` (`{whole}`)", f"`{whole}`")
    )


def _section(anchor: str) -> str:
    """Return the page that has a section of the README."""
    slugs = {
        f"#{title.lower().replace(',', '').replace(' ', '-')}": name
        for name, titles in SECTIONS.items()
        for title in titles
    }
    return slugs.get(anchor, "index")


def shelves(readme: str) -> dict[str, dict[str, list[str]]]:
    """Return the README's shelves: the pages of the site by group, by shelf, in the order of their links."""
    section = readme.partition("\n## Documentation\n")[2].partition("\n## ")[0]
    _, *parts = re.split(r"^### (.+)$", section, flags=re.MULTILINE)
    return {
        shelf: {
            found[1]: [target.partition("#")[0] for _, target in LINK.findall(_links(found[2], "README.md"))]
            for found in re.finditer(r"^- ([^:]+): (.*(?:\n  .*)*)", text, re.MULTILINE)
        }
        for shelf, text in zip(parts[::2], parts[1::2], strict=True)
    }


def nav(names: Mapping[str, str]) -> list[object]:
    """Return the order of the pages: the README's shelves, with the pages that only the site has."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found: list[object] = ["index.md"]
    known = {"index.md"}
    for shelf, groups in shelves(readme).items():
        entries: list[object] = []
        for group, linked in groups.items():
            members: list[object] = [name for name in linked if not name.endswith("/README.md")]
            members += MADE.get(group, [])
            for heading, folder in INDEXED.get(group, {}).items():
                index = f"{folder}/README.md"
                targets = (target for _, target in LINK.findall(names.get(index, "")))
                paths = (os.path.normpath(f"{folder}/{target}") for target in targets)
                below = [path for path in paths if re.fullmatch(rf"{folder}/[\w-]+\.md", path)]
                members.append({heading: [index, *dict.fromkeys(below)]})
            entries.append({group: members})
        found.append({shelf: entries})
    known |= set(_named(found))
    if gone := sorted(known - set(names)):
        raise BrokenLinkError(f"the list of pages names {', '.join(gone)}, which is not there")
    if lost := sorted(set(names) - known):
        raise BrokenLinkError(f"{', '.join(lost)}: on no shelf of README.md, and in no index of a folder")
    return found


def _named(entries: Iterable[object]) -> Iterator[str]:
    """Yield the pages of a list, with those of the lists in it."""
    for entry in entries:
        if isinstance(entry, dict):
            yield from _named(member for members in entry.values() for member in members)
        else:
            yield str(entry)


def title(text: str) -> str:
    """Return the first heading of a page."""
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    if found is None:
        raise BrokenLinkError(f"the page that begins with {text[:40]!r} has no heading")
    return found[1]


def first_sentence(text: str) -> str:
    """Return the first words of a page below its heading, as plain text."""
    below = re.sub(
        r"<!--.*?-->", "", re.split(r"^# .+$", text, maxsplit=1, flags=re.MULTILINE)[1], flags=re.DOTALL
    )
    words = next(
        (each for each in below.split("\n\n") if each.strip() and not re.match(r"\s*[#|`<!]", each)), ""
    )
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(words.split())).replace("`", "").replace("*", "")
    return re.sub(r":$", ".", re.split(r"(?<=[.!?:]) ", plain)[0])


def llms(names: Mapping[str, str]) -> str:
    """Return llms.txt: what the project is and its pages, each with a sentence (llmstxt.org)."""

    def lines() -> Iterator[str]:
        yield "# entra-config\n\n> " + first_sentence(names["index.md"]) + "\n"
        yield "Edit YAML, then `entra-config plan`; never change the tenant by hand."
        yield "Commands: cli/index.html.\n"
        for entry in nav(names):
            shelf = next(iter(entry)) if isinstance(entry, dict) else ""
            if shelf:
                yield f"\n## {shelf}\n"
            yield from (
                f"- [{title(names[name])}]({_address(name)}): {first_sentence(names[name])}"
                for name in _named([entry])
            )

    return "\n".join(lines()) + "\n"


def _address(name: str) -> str:
    return re.sub(r"README\.md$", "index.md", name).removesuffix(".md") + ".html"


def write(folder: Path) -> dict[str, str]:
    """Write everything that mkdocs reads into an empty folder; return the pages."""
    shutil.rmtree(folder, ignore_errors=True)
    found = pages()
    for name, text in found.items():
        path = folder / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(HERE / "overrides", folder / "overrides")
    for name in ("schemas", "images"):
        shutil.copytree(ROOT / "docs" / name, folder / "src" / name)
    shutil.copy(HERE / "named.py", folder / "named.py")
    for name in ("site.css", "site.js", "favicon.svg"):
        shutil.copy(HERE / name, folder / "src" / name)
    shutil.copy(HERE / "node_modules/mermaid/dist/mermaid.min.js", folder / "src/mermaid.min.js")
    (folder / "src/llms.txt").write_text(llms(found), encoding="utf-8")
    settings = (HERE / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(settings + yaml.safe_dump({"nav": nav(found)}), encoding="utf-8")
    return found
