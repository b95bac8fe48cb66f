"""Looks whether a port can be had before anything is started on it."""

import socket

from geo112.core.errors import SetupError


def is_free(host: str, port: int) -> bool:
    """Tell whether a program could listen on the port now."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(host: str, port: int) -> None:
    """Raise SetupError naming the port when another program has it."""
    if not is_free(host, port):
        raise SetupError(f"port {port} on {host} is used by another program", field="port")
