"""Where a message may go, and how it is signed."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from trace.domain.webhooks import (
    Target,
    WebhookAddressWrong,
    derive_secret,
    is_public,
    next_attempt,
    parse_target,
    signature,
)


def test_an_address_is_taken_apart() -> None:
    assert parse_target("https://kho.example.vn/a?b=c") == Target(True, "kho.example.vn", 443, "/a?b=c")
    assert parse_target("http://kho.example.vn:81", encrypted_only=False) == Target(False, "kho.example.vn", 81, "/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "kho.example.vn",
        "http://kho.example.vn/",
        "ftp://kho.example.vn/",
        "https://",
        "https://an:mat-khau@kho.example.vn/",
        "https://kho.example.vn/#x",
        "https://kho.example.vn:99999/",
        "https://kho.example.vn/ a",
        "https://kho.example.vn/\r\nX: y",
        "https://khó.example.vn/",
        "https://[::1/",
        f"https://kho.example.vn/{'a' * 500}",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(WebhookAddressWrong):
        parse_target(url)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.113.131.1", "2405:4800::1"])
def test_the_open_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.9.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - refused
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "kho.example.vn",
    ],
)
def test_networks_that_are_not_everybodys(address: str) -> None:
    assert not is_public(address)


def test_the_signature_is_what_a_receiver_computes() -> None:
    secret = derive_secret("dịch vụ", "00")
    assert secret == derive_secret("dịch vụ", "00") != derive_secret("dịch vụ", "01")
    expected = hmac.new(secret.encode(), b"1767225600.{}", sha256).hexdigest()
    assert signature(secret, 1767225600, b"{}") == f"t=1767225600,v1={expected}"


def test_it_is_tried_again_ever_later_and_then_given_up() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    tried = [next_attempt(attempts, start) for attempts in range(1, 8)]
    waits = [moment - start for moment in tried if moment]
    assert waits == sorted(set(waits))
    assert (waits[0], tried[-1]) == (timedelta(minutes=1), None)
