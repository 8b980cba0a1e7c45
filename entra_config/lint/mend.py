"""Findings with a safe edit and a manifest in; the new texts of its files out, or nothing where none of
them can be edited so.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from entra_config.lint.model import Fix, LintFinding
from entra_config.manifest.editing.editor import Edit, Editor


def mend(path: Path, findings: Iterable[LintFinding]) -> tuple[Edit, list[LintFinding]]:
    """Return the edit of all that can be mended in place, and the findings that it mends.

    What a file has not literally (a variable stands in it, or the list is another one's) is left to a person.
    """
    editor = Editor(path)
    mended = []
    for each in findings:
        places = [prefix for prefix in ((), *editor.overrides()) if _fits(editor, prefix, each.fix)]
        for prefix in places[:1]:
            for fix in each.fix:
                _apply(editor, (*prefix, *fix.path), fix)
            mended.append(each)
    return editor.finish(), mended


def _fits(editor: Editor, prefix: tuple[str, ...], fixes: tuple[Fix, ...]) -> bool:
    """Tell whether what an edit takes away or changes stands there as it expects."""
    first = next(iter(fixes), None)
    if first is None:
        return False
    found = editor.tree((*prefix, *first.path))
    return found is not None if first.action == "set" else isinstance(found, list) and first.old in found


def _apply(editor: Editor, path: tuple[str, ...], fix: Fix) -> None:
    items = editor.tree(path)
    match fix.action:
        case "set":
            editor.set(path, fix.new)
        case "replace" if fix.new not in items:
            editor.replace_item(path, fix.old, fix.new)
        case "replace" | "remove":
            editor.remove_item(path, fix.old)
        case "add" if isinstance(items, list):
            if fix.new not in items:
                editor.add_item(path, fix.new)
        case "add":
            editor.put(path, [fix.new])
