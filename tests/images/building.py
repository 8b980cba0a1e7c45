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
PYTHON, DEBIAN, NODE, NGINX = (
    f"docker.io/{name}"
    for name in (
        "library/python:3.13-slim",
        "library/debian:trixie-slim",
        "library/node:24-alpine",
        "nginxinc/nginx-unprivileged:1.29-alpine",
    )
)
# Debian's packages that stand in for what these images bring.
PACKAGES = "python3,python3-venv,ca-certificates,nginx-light,jq,wget"
# In the place of Alpine's installer: what is asked for must be there.
APK = """#!/bin/sh
shift
for each; do case "$each" in -*) ;; *) command -v "$each" >/dev/null || exit 1 ;; esac; done
"""
NPM = """#!/bin/sh
exec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"
"""
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
exec chroot --userspec=USER:USER "$0" env -i PATH=/venv/bin:/usr/local/bin:/usr/sbin:/usr/bin:/bin "$@"
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
    names = ("buildah", "debootstrap", "unshare", "node", "npm")
    lacking = [name for name in names if shutil.which(name) is None]
    if lacking:
        return f"needs {', '.join(lacking)} (apt-get install buildah netavark aardvark-dns crun debootstrap)"
    return "" if os.geteuid() == 0 else "needs root: buildah and debootstrap make file systems"


def base() -> None:
    """Make the base images of Debian's own packages, where they are not there yet: no registry is asked."""
    there = buildah("images", "--format", "{{.Name}}:{{.Tag}}").split()
    wanted = [name for name in (PYTHON, DEBIAN, NODE, NGINX) if name not in there]
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "trixie", f"{folder}/root"],
            check=True,
            capture_output=True,
        )
        for name, text in (("apk", APK), ("npm", NPM)):
            (Path(folder) / name).write_text(text, encoding="utf-8")
        for name in wanted:
            container = buildah("from", "scratch")
            buildah("copy", container, f"{folder}/root", "/")
            if name == NGINX:
                buildah("copy", "--chmod", "755", container, f"{folder}/apk", "/sbin/apk")
            if name == NODE:
                _node(container, f"{folder}/npm")
            buildah("commit", container, name)
            buildah("rm", container)


def _node(container: str, npm: str) -> None:
    """Put this machine's node and npm into a container."""
    program = Path(str(shutil.which("npm"))).resolve().parents[1]
    buildah("copy", container, str(Path(str(shutil.which("node"))).resolve()), "/usr/local/bin/node")
    buildah("copy", container, str(program), "/usr/local/lib/node_modules/npm")
    buildah("copy", "--chmod", "755", container, npm, "/usr/local/bin/npm")


def build(dockerfile: str, name: str, target: str = "", context: str = ".") -> None:
    """Build one image of a Dockerfile, to one of its stages or the last; pip, npm and apt inside reach
    their indexes as this machine's do.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings, registry = Path(folder) / "pip.conf", Path(folder) / "npmrc"
        settings.write_text(f"[global]\ncert = {BUNDLE}\n", encoding="utf-8")
        registry.write_text(f"cafile={BUNDLE}\n", encoding="utf-8")
        fetched = Path(folder) / "apt.conf"
        requested = ["apt-config", "dump", "--format", '%F "%v";%n', "Acquire"]
        fetched.write_text(
            subprocess.run(requested, check=True, capture_output=True, text=True).stdout, "utf-8"
        )
        mounts = [
            word
            for here, there in (
                (BUNDLE, BUNDLE),
                (settings, "/etc/pip.conf"),
                (registry, "/usr/local/etc/npmrc"),
                (fetched, "/etc/apt/apt.conf.d/99-of-this-machine"),
            )
            for word in ("--volume", f"{here}:{there}:ro")
        ]
        ignored = Path(f"{ROOT / dockerfile}.dockerignore")
        seen = ["--ignorefile", str(ignored)] if ignored.exists() else []
        stage = ["--target", target] if target else []
        words = [*LIMITS, *seen, *stage, *mounts, "-f", dockerfile, "-t", name]
        buildah("bud", "--pull=never", "--layers", *words, context)


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
    user: str = "10001",
    alone: bool = False,
) -> list[str]:
    """Return the words that run a command in a container, as the image's user, with a read-only root; with
    no network but loopback when it is `alone`.

    `tmpfs` are folders that are empty and may be written to, `binds` folders of this machine by where they
    are in the container; they are the only ones that a command may write to.
    """
    mounts = [f"mount -t tmpfs -o mode=1777 tmpfs .{folder}" for folder in tmpfs]
    mounts += [f"mount --bind {shlex.quote(str(path))} .{where}" for where, path in (binds or {}).items()]
    # An engine makes the places that something is mounted at.
    places = [f'mkdir -p "$0{folder}"' for folder in (*tmpfs, *(binds or {}))]
    places += ["ip link set lo up"] if alone else []
    script = (
        ENTER.replace("USER", user).replace("PLACES", "\n".join(places)).replace("MOUNTS", "\n".join(mounts))
    )
    said = [f"{name}={value}" for name, value in (environ or {}).items()]
    return [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        *(["--net"] if alone else []),
        "sh",
        "-c",
        script,
        root,
        *said,
        *command,
    ]
