"""One task of `infra/fleet.yaml`: what it needs out of the bucket, `entra-config` on the shards of one chunk,
and what came of them back, while it runs and in the end.

In: FLEET_BUCKET of the task's definition, and what the state machine adds: FLEET_DO; FLEET_RUN, the name of
its execution; FLEET_CHUNK of FLEET_CHUNKS; with an approval, whose id is the execution's name, FLEET_APPROVAL
(the version of its file) and FLEET_WAVE. Numbers and names, each of one form: no word of a command and no
path is taken from there, and no shell is started.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAM = str(Path(sys.executable).with_name("entra-config"))
NUMBER = r"[1-9]\d{0,3}"
# What the state machines may say, and its form.
FORMS = {
    "FLEET_DO": r"plan|drift|report-plan|report-drift|check|apply",
    "FLEET_BUCKET": r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "FLEET_RUN": r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
    "FLEET_CHUNK": NUMBER,
    "FLEET_CHUNKS": NUMBER,
    "FLEET_WAVE": NUMBER,
    "FLEET_APPROVAL": r"[A-Za-z0-9._-]{1,1024}",
}
CHUNK = {"FLEET_CHUNK", "FLEET_CHUNKS"}
OF_APPROVAL = {"FLEET_WAVE", "FLEET_APPROVAL"}
NAME = re.compile(r"[A-Za-z0-9_.-]{1,255}")
EVERY = 2  # seconds between two looks at what there is to bring to the bucket
PLANS, DRIFT, APPLIES, REPORTS = "plans", "drift", "applies", "reports"


class TaskError(Exception):
    """What the task cannot be done with."""


@dataclass
class Folder:
    """A folder of results, and what of it the bucket has, below a prefix for each who writes."""

    client: Any
    bucket: str
    path: Path
    known: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, prefix: str, wanted: re.Pattern[str]) -> None:
        """Copy the files that are wanted from below a prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{prefix}/")
        for key in [each["Key"] for page in pages for each in page.get("Contents", ())]:
            name = key.removeprefix(f"{prefix}/")
            if NAME.fullmatch(name) and wanted.fullmatch(name):
                self.client.download_file(self.bucket, key, str(self.path / name))
                self.known[name] = _state(self.path / name)

    def bring(self, prefix: str, wanted: re.Pattern[str]) -> None:
        """Copy the files that are wanted and changed to below a prefix, and take away there what is gone
        here.
        """
        there = {each.name: each for each in self.path.iterdir() if wanted.fullmatch(each.name)}
        for name, path in sorted(there.items()):
            if (state := _state(path)) != self.known.get(name):
                self.client.upload_file(str(path), self.bucket, f"{prefix}/{name}")
                self.known[name] = state
        for name in [each for each in self.known if wanted.fullmatch(each) and each not in there]:
            self.client.delete_object(Bucket=self.bucket, Key=f"{prefix}/{name}")
            del self.known[name]


def _state(path: Path) -> tuple[int, int]:
    said = path.stat()
    return said.st_mtime_ns, said.st_size


def said(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the definition and the state machine say; TaskError where one is not of its form."""
    found = {name: environ[name] for name in FORMS if name in environ}
    for name, value in found.items():
        if not re.fullmatch(FORMS[name], value):
            raise TaskError(f"{name} is not of the form {FORMS[name]}")
    needed = {"FLEET_DO", "FLEET_BUCKET", "FLEET_RUN"}
    needed |= {"plan": CHUNK, "drift": CHUNK, "check": OF_APPROVAL, "apply": CHUNK | OF_APPROVAL}.get(
        found.get("FLEET_DO", ""), set()
    )
    if lacking := sorted(needed - set(found)):
        raise TaskError(f"not told: {', '.join(lacking)}")
    return found


class Job:
    """One task."""

    def __init__(self, reported: Mapping[str, str], client: Any, scratch: Path) -> None:
        """Take what was told, a client of S3, and a folder that may be written to."""
        self.received, self.client = reported, client
        self.approval = scratch / "approval.json"
        self.folder = Folder(client, reported["FLEET_BUCKET"], scratch / "results")
        self.folder.path.mkdir(mode=0o700, exist_ok=True)
        self.run_name = reported["FLEET_RUN"]

    def do(self) -> int:
        """Do it; return the exit code."""
        match self.received["FLEET_DO"]:
            case "check":
                return self._gate()
            case "apply":
                return self._apply()
            case "plan" | "drift" as verb:
                return self._read(verb)
            case verb:
                return self._report(verb.removeprefix("report-"))

    def _read(self, verb: str) -> int:
        if not (shards := self._shards()):
            return 0
        prefix = PLANS if verb == "plan" else DRIFT
        own = _any(f"{each}.json" for each in shards.values())
        self.folder.take(prefix, own)
        if verb == "plan":  # what an apply that died has left, so that the rest of it is known
            self.folder.take(APPLIES, _begun(shards))
        words = ["run", *shards, "--do", verb, "--run", self.run_name, *self._results]
        return self._called(words, prefix, own)

    def _report(self, verb: str) -> int:
        prefix = PLANS if verb == "plan" else DRIFT
        self.folder.take(prefix, re.compile(r"[^_].*\.json"))
        made = self._heard(["report", str(self.folder.path), "--run", self.run_name, "--format", "html"])
        self.client.put_object(
            Bucket=self.folder.bucket,
            Key=f"{REPORTS}/{self.run_name}.html",
            Body=made.stdout,
            ContentType="text/html; charset=utf-8",
        )
        # Changes are what a plan is made for; drift is not what anybody wants.
        return 0 if verb == "plan" and made.returncode == 2 else made.returncode

    def _gate(self) -> int:
        id_ = re.escape(self.run_name)
        self.folder.take(APPLIES, re.compile(rf".+\.{id_}\.json"))
        let = re.compile(rf"_wave{self.received['FLEET_WAVE']}\.{id_}\.json")
        words = ["check", str(self.folder.path), "--wave", self.received["FLEET_WAVE"], *self._approved()]
        return self._called(words, APPLIES, let)

    def _apply(self) -> int:
        if not (shards := self._shards("--wave", self.received["FLEET_WAVE"])):
            return 0
        id_ = self.run_name
        own = _any([*(f"{each}.{id_}.json" for each in shards.values()), _begun(shards)])
        self.folder.take(APPLIES, _any([own, f"_wave{self.received['FLEET_WAVE']}.{id_}.json"]))
        words = ["run", *shards, "--do", "apply", "--run", id_, *self._results, *self._approved()]
        return self._called(words, APPLIES, own)

    @property
    def _results(self) -> list[str]:
        return ["--results", str(self.folder.path)]

    def _approved(self) -> list[str]:
        """Return the approval's options: that version of its file, and only if it has that id."""
        self.client.download_file(
            self.folder.bucket,
            "approvals/approval.json",
            str(self.approval),
            ExtraArgs={"VersionId": self.received["FLEET_APPROVAL"]},
        )
        return ["--approval", str(self.approval), "--approval-id", self.run_name]

    def _shards(self, *more: str) -> dict[str, str]:
        """Return the shards of the chunk by name, each with the beginning of its files' names."""
        words = [
            "list",
            "--names",
            "--chunks",
            self.received["FLEET_CHUNKS"],
            "--chunk",
            self.received["FLEET_CHUNK"],
        ]
        listed = self._heard([*words, *more])
        if listed.returncode:
            raise TaskError("the fleet cannot be listed")
        names = listed.stdout.decode().split()
        print(f"chunk {self.received['FLEET_CHUNK']}: {len(names)} shards", flush=True)
        return {name: name.replace("/", ".") for name in names}

    def _heard(self, words: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([PROGRAM, "fleet", *words], stdout=subprocess.PIPE, check=False)  # noqa: S603  # ours

    def _called(self, words: list[str], prefix: str, brought: re.Pattern[str]) -> int:
        """Run a command, and bring what it writes to the bucket as it comes: a task may be killed."""
        with subprocess.Popen([PROGRAM, "fleet", *words]) as process:  # noqa: S603  # ours, without a shell
            signal.signal(signal.SIGTERM, lambda *_: process.terminate())
            while True:
                try:
                    code = process.wait(EVERY)
                    break
                except subprocess.TimeoutExpired:
                    self.folder.bring(prefix, brought)
        self.folder.bring(prefix, brought)
        return code


def _any(names: Any) -> re.Pattern[str]:
    """Return what matches exactly some names, or what other patterns match."""
    each = [one.pattern if isinstance(one, re.Pattern) else re.escape(one) for one in names]
    return re.compile("|".join(f"(?:{one})" for one in each))


def _begun(shards: Mapping[str, str]) -> re.Pattern[str]:
    """Return the names of what an apply keeps until all of it is done."""
    return _any(f"_begun.{each}.{end}" for each in shards.values() for end in ("json", "journal"))


def main() -> int:
    """Do the task of this process's environment."""
    import boto3

    try:
        reported = said(os.environ)
        return Job(reported, boto3.client("s3"), Path(os.environ.get("FLEET_SCRATCH", "/results"))).do()
    except TaskError as error:
        print(f"fleet_task: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
