"""A host and a port in; a socket that listens there out, and only where nobody else can reach it."""

import errno
import resource
import socket

from entra_emulator.hosts import is_loopback


class NotLoopbackError(Exception):
    """The host is not loopback, and nobody said that this is meant."""


class BusyPortError(Exception):
    """Something listens on the port already; the message names a free one."""


class UnusableAddressError(Exception):
    """This machine cannot listen on the host and port; the message names both and the reason."""


def check_host(host: str, *, insecure_on_a_network: bool) -> None:
    """Refuse a host beyond loopback unless told twice."""
    if not is_loopback(host) and not insecure_on_a_network:
        raise NotLoopbackError(
            f"{host} can be reached from a network, and the emulator lets anybody sign in as "
            "anybody: "
            "give --i-know-this-is-insecure-on-a-network as well"
        )


def check_port(host: str, port: int) -> None:
    """Refuse a port that something listens on, before anything is begun."""
    listen(host, port).close()


def _free(family: socket.AddressFamily, name: str) -> int:
    with socket.socket(family, socket.SOCK_STREAM) as other:
        other.bind((name, 0))
        return int(other.getsockname()[1])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; BusyPortError names a free port, UnusableAddressError the reason."""
    bare = host.strip("[]")
    name = "127.0.0.1" if bare.endswith("localhost") else bare
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    # asyncio sends small writes at once (TCP_NODELAY) only where the socket names its protocol; otherwise
    # each response waits about 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((name, port))
    except OSError as error:
        listener.close()
        if error.errno != errno.EADDRINUSE:
            raise UnusableAddressError(
                f"the emulator cannot listen on port {port} of {host}: {error.strerror}. "
                "Choose an address of this machine with --host, or another port with --port"
            ) from error
        raise BusyPortError(
            f"port {port} of {host} is in use; --port {_free(family, name)} is free, "
            "--port 0 takes whichever is"
        ) from error
    return listener


def allow_many_connections() -> None:
    """Raise this process's limit of open files to what it may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
