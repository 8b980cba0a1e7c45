"""The part of GitHub's REST API that reads and writes a git repository, on a bare one; and what is signed
in it.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
from pathlib import Path
from typing import Any

WHO = {"GIT_AUTHOR_NAME": "github-actions[bot]", "GIT_AUTHOR_EMAIL": "bot@users.noreply.github.com"}
WHO |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in WHO.items()}
Response = tuple[int, Any]


class Repository:
    """One bare repository; what was committed through this API bears GitHub's signature, what was pushed
    does not.
    """

    def __init__(self) -> None:
        self.path = Path()
        self.signed: set[str] = set()

    def git(self, *arguments: str, given: str | None = None, **environ: str) -> str:
        """Run git in it."""
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            check=True,
            capture_output=True,
            text=True,
            input=given,
            env={**os.environ, **WHO, **environ},
        )
        return done.stdout.rstrip("\n")

    def changed(self, branch: str) -> list[str]:
        """Return the files that a pull request of a branch into main changes."""
        return self.git("diff", "--name-only", f"main...{branch}").splitlines()

    def response(
        self, method: str, rest: str, body: dict[str, Any] | None, query: dict[str, list[str]]
    ) -> Response:
        """Answer a request below /git, /contents or /commits."""
        if found := re.fullmatch(r"git/ref/(heads/.+)", rest):
            sha = self.git("for-each-ref", "--format=%(objectname)", f"refs/{found.group(1)}")
            return (200, {"object": {"sha": sha}}) if sha else (404, {"message": "Not Found"})
        if found := re.fullmatch(r"compare/(\w+)\.\.\.(\w+)", rest):
            return 200, {"merge_base_commit": {"sha": self.git("merge-base", *found.groups())}}
        if found := re.fullmatch(r"contents/(.+)", rest):
            text = self.git("show", f"{query['ref'][0]}:{found.group(1)}") + "\n"
            return 200, {"content": base64.b64encode(text.encode()).decode()}
        if found := re.fullmatch(r"commits/(\w+)", rest):
            signed = found.group(1) in self.signed
            # A bot's name in a commit is what its author wrote there.
            author = self.git("show", "--no-patch", "--format=%an", found.group(1))
            return 200, {
                "author": {"type": "Bot" if author.endswith("[bot]") else "User"},
                "commit": {"verification": {"verified": signed}},
            }
        if found := re.fullmatch(r"git/commits/(\w+)", rest):
            return 200, {"tree": {"sha": self.git("rev-parse", f"{found.group(1)}^{{tree}}")}}
        assert body is not None
        return getattr(self, f"_{method.lower()}_{rest.split('/')[1]}")(body, rest)

    def _post_trees(self, body: dict[str, Any], _: str) -> Response:
        index = {"GIT_INDEX_FILE": str(self.path / "api-index")}
        self.git("read-tree", body["base_tree"], **index)
        for entry in body["tree"]:
            blob = self.git("hash-object", "-w", "--stdin", given=entry["content"])
            self.git(
                "update-index", "--add", "--cacheinfo", f"{entry['mode']},{blob},{entry['path']}", **index
            )
        return 201, {"sha": self.git("write-tree", **index)}

    def _post_commits(self, body: dict[str, Any], _: str) -> Response:
        parents = [word for parent in body["parents"] for word in ("-p", parent)]
        sha = self.git("commit-tree", body["tree"], *parents, given=body["message"])
        self.signed.add(sha)
        return 201, {"sha": sha}

    def _post_refs(self, body: dict[str, Any], _: str) -> Response:
        self.git("update-ref", body["ref"], body["sha"], "")
        return 201, {}

    def _patch_refs(self, body: dict[str, Any], rest: str) -> Response:
        assert body["force"] is True
        self.git("update-ref", f"refs/{rest.split('/', 2)[2]}", body["sha"])
        return 200, {}
