"""The way out to addresses that businesses gave: to the very address that was checked, never on to another."""

import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection
from threading import Timer

from ..domain.webhooks import Target, WebhookAddressPrivate, WebhookHostUnknown, is_public

SECONDS = 10
"""For everything: a machine that answers a byte at a time is cut off too."""


def resolve(host: str, port: int) -> list[str]:
    """Every IP address of a host. Raises OSError."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def checked_address(target: Target) -> str:
    """An address of the host to connect to, when all of its addresses are public.

    Raises WebhookAddressPrivate, WebhookHostUnknown.
    """
    try:
        addresses = resolve(target.host, target.port)
    except (OSError, UnicodeError) as error:  # a name may be one that no name can be
        raise WebhookHostUnknown(field="url", host=target.host) from error
    if not addresses or not all(map(is_public, addresses)):
        raise WebhookAddressPrivate(field="url")
    return addresses[0]


def post(target: Target, address: str, body: bytes, headers: dict[str, str]) -> int:
    """Send the body to ``address``, which must have been checked; the status of the answer. Follows no redirect.

    Raises OSError (also ssl.SSLError) and http.client.HTTPException.
    """
    plain = socket.create_connection((address, target.port), timeout=SECONDS)
    if target.encrypted:
        context = ssl.create_default_context()
        line: socket.socket = context.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
    else:
        line = plain
    end = Timer(SECONDS, _cut, (line,))
    end.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        connection = HTTPConnection(target.host, target.port)
        connection.sock = line
        connection.default_port = 443 if target.encrypted else 80  # of the Host header
        connection.request("POST", target.path, body, headers)
        return connection.getresponse().status
    finally:
        end.cancel()
        line.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
