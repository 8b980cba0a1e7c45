"""A Dockerfile of this repository in; its image, built by buildah without an engine and without a registry,
and a container of it with a read-only root, out.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASE = "docker.io/library/python:3.13-slim"
LIMITS = ("--ulimit", "nofile=20000:20000", "--ulimit", "nproc=4096:4096")
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# A mount namespace of its own: the root is bound onto itself, read-only; then what is mounted into it.
ENTER = """
set -e
mount --make-rprivate /
PLACES
mount --bind "$0" "$0"
mount -o remount,bind,ro "$0"
mount -t proc proc "$0/proc"
cd "$0"
MOUNTS
exec chroot --userspec=10001:10001 "$0" env -i PATH=/venv/bin:/usr/bin:/bin "$@"
"""


def buildah(*words: str) -> str:
    """Run buildah as these builds need it; return what it prints."""
    environ = os.environ | {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}
    command = ["buildah", *words]
    ran = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"buildah {' '.join(words)}\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}"
    return ran.stdout.strip()


def missing() -> str:
    """Say what this machine lacks to build; empty where nothing does."""
    lacking = [name for name in ("buildah", "debootstrap", "unshare") if shutil.which(name) is None]
    if lacking:
        return f"needs {', '.join(lacking)} (apt-get install buildah netavark aardvark-dns crun debootstrap)"
    return "" if os.geteuid() == 0 else "needs root: buildah and debootstrap make file systems"


def base() -> None:
    """Make the base image of Debian's own packages, where there is none yet: no registry is asked."""
    if BASE in buildah("images", "--format", "{{.Name}}:{{.Tag}}").split():
        return
    with tempfile.TemporaryDirectory() as folder:
        include = "--include=python3,python3-venv,ca-certificates"
        subprocess.run(
            ["debootstrap", "--variant=minbase", include, "trixie", f"{folder}/root"],
            check=True,
            capture_output=True,
        )
        container = buildah("from", "scratch")
        buildah("copy", container, f"{folder}/root", "/")
        buildah("commit", container, BASE)
        buildah("rm", container)


def build(dockerfile: str, name: str, target: str) -> None:
    """Build one image of a Dockerfile; pip inside reaches the index as this machine's does."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "pip.conf"
        settings.write_text(f"[global]\ncert = {BUNDLE}\n", encoding="utf-8")
        mounts = ("--volume", f"{BUNDLE}:{BUNDLE}:ro", "--volume", f"{settings}:/etc/pip.conf:ro")
        seen = ("--ignorefile", f"{dockerfile}.dockerignore", "--target", target)
        buildah("bud", "--pull=never", "--layers", *LIMITS, *seen, *mounts, "-f", dockerfile, "-t", name, ".")


@contextmanager
def mounted(name: str) -> Iterator[str]:
    """Give the folder of a new container's root."""
    container = buildah("from", "--pull=never", name)
    try:
        yield buildah("mount", container)
    finally:
        buildah("umount", container)
        buildah("rm", container)


def inside(
    root: str,
    *command: str,
    tmpfs: Sequence[str] = (),
    binds: Mapping[str, Path] | None = None,
    environ: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the words that run a command in a container, as the image's user, with a read-only root.

    `tmpfs` are folders that are empty and may be written to, `binds` folders of this machine by where they
    are in the container; they are the only ones that a command may write to.
    """
    mounts = [f"mount -t tmpfs -o mode=1777 tmpfs .{folder}" for folder in tmpfs]
    mounts += [f"mount --bind {shlex.quote(str(path))} .{where}" for where, path in (binds or {}).items()]
    # An engine makes the places that something is mounted at.
    places = [f'mkdir -p "$0{folder}"' for folder in (*tmpfs, *(binds or {}))]
    script = ENTER.replace("PLACES", "\n".join(places)).replace("MOUNTS", "\n".join(mounts))
    said = [f"{name}={value}" for name, value in (environ or {}).items()]
    return [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        script,
        root,
        *said,
        *command,
    ]
