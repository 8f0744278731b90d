"""No test reaches further than this machine, and none sends mail except into ``mailbox``."""

import ipaddress
import smtplib
import socket
from typing import Any, NoReturn

import pytest


class NetworkForbidden(RuntimeError):
    """Not an OSError: nothing may catch it and try again."""


def forbid_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def guard(method: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
                raise NetworkForbidden(f"a test tried to reach {address[0]}")
            return method(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guard(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guard(socket.socket.connect_ex))
    monkeypatch.setattr(smtplib.SMTP, "__init__", _refuse_mail)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_mail(*_arguments: object, **_keywords: object) -> NoReturn:
    raise NetworkForbidden("a test opened a mail server: use the mailbox fixture")
