"""A Dockerfile of this repository in; its image, built by buildah without an engine and without a registry,
and a container of it with a read-only root, out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASE = "docker.io/library/python:3.13-slim"
LIMITS = ("--ulimit", "nofile=20000:20000", "--ulimit", "nproc=4096:4096")
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# A mount namespace of its own: the root is bound onto itself, read-only; /state and /tmp may be written to.
ENTER = """
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
mount -o remount,bind,ro "$0"
mount -t tmpfs -o mode=1777 tmpfs "$0/state"
mount -t proc proc "$0/proc"
set -- env -i PATH=/venv/bin:/usr/bin:/bin ENTRA_CONFIG_EMULATOR_STATE=/state "$@"
exec chroot --userspec=10001:10001 "$0" "$@"
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


def build(dockerfile: str, name: str) -> None:
    """Build an image; pip inside reaches the index as this machine's does."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "pip.conf"
        settings.write_text(f"[global]\ncert = {BUNDLE}\n", encoding="utf-8")
        mounts = ("--volume", f"{BUNDLE}:{BUNDLE}:ro", "--volume", f"{settings}:/etc/pip.conf:ro")
        seen = ("--ignorefile", f"{dockerfile}.dockerignore")
        buildah("bud", "--pull=never", *LIMITS, *seen, *mounts, "-f", dockerfile, "-t", name, ".")


@contextmanager
def mounted(name: str) -> Iterator[str]:
    """Give the folder of a new container's root."""
    container = buildah("from", "--pull=never", name)
    try:
        yield buildah("mount", container)
    finally:
        buildah("umount", container)
        buildah("rm", container)


def inside(root: str, *command: str) -> list[str]:
    """Return the words that run a command in a container, as the image's user, with a read-only root."""
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, root, *command]
