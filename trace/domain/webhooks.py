"""Telling a business's own machines: where a message may go, how it is signed, and when it is tried again."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from .errors import N_, Conflict, InvalidInput

MOST = 5
"""Addresses of one business."""
LONGEST = 500
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 §2.4; leaves out what embeds an IPv4 address by translation


class WebhookAddressWrong(InvalidInput):
    code = "webhook-address-wrong"
    message = N_(
        "Hãy nhập địa chỉ bắt đầu bằng https://, không kèm tên đăng nhập, ví dụ https://kho.example.vn/thu-hoi."
    )


class WebhookAddressPrivate(InvalidInput):
    """It leads into a network that is not everybody's, where the service must not be made to knock."""

    code = "webhook-address-private"
    message = N_("Địa chỉ này dẫn vào mạng nội bộ nên không dùng được. Hãy dùng một địa chỉ trên Internet.")


class WebhookHostUnknown(InvalidInput):
    code = "webhook-host-unknown"
    message = N_("Không tìm thấy máy chủ %(host)s. Hãy kiểm tra tên miền.")


class TooManyWebhooks(Conflict):
    code = "too-many-webhooks"
    message = N_("Mỗi cơ sở có nhiều nhất %(most)s địa chỉ. Hãy xóa bớt một địa chỉ.")


@dataclass(frozen=True)
class Target:
    """A URL taken apart; ``path`` with its query."""

    encrypted: bool
    host: str
    port: int
    path: str


def parse_target(url: str, *, encrypted_only: bool = True) -> Target:
    """Raises WebhookAddressWrong."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise WebhookAddressWrong(field="url") from error
    schemes = ("https",) if encrypted_only else ("https", "http")
    readable = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    if not readable or parts.scheme not in schemes or not host or parts.username is not None or parts.fragment:
        raise WebhookAddressWrong(field="url")
    encrypted = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(encrypted, host, port or (443 if encrypted else 80), path)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open Internet: not private, local, multicast, or an IPv4 one in disguise."""
    try:
        ip = ip_address(address)
    except ValueError:  # an IPv6 address with a zone is local
        return False
    if not ip.is_global or ip.is_multicast:
        return False
    return isinstance(ip, IPv4Address) or (ip in _GLOBAL_UNICAST and ip.sixtofour is None and ip.teredo is None)


def derive_secret(service_secret: str, salt: str) -> str:
    """The secret that a business signs for, which is kept nowhere: it follows from the service's own and a salt."""
    return "tb_" + hmac.new(service_secret.encode(), f"webhook:{salt}".encode(), sha256).hexdigest()


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """``t=<Unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">``: the time is signed too, so that no old message is
    sent again by somebody else.
    """
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, sha256).hexdigest()
    return f"t={timestamp},v1={signed}"


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many that failed; None: give up, after most of a day."""
    return now + _WAITS[attempts - 1] if attempts <= len(_WAITS) else None
