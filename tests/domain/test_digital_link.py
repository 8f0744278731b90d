"""Labels carry short links in capitals, or GS1 Digital Links that come back unchanged."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.digital_link import DigitalLink, InvalidDigitalLink, parse_digital_link, short_link
from trace.domain.identifiers import Gtin, InvalidGtin, RestrictedGtin

GTIN = Gtin("8930000000019")
CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
elements = st.none() | st.text(CSET_82, min_size=1, max_size=20)
days = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_a_short_link_is_in_capitals() -> None:
    assert short_link("https://trace.example/", "7k3m9xw2qt") == "HTTPS://TRACE.EXAMPLE/Q/7K3M9XW2QT"
    assert short_link("http://127.0.0.1:8000", "7K3M9XW2QT", "4F2") == "HTTP://127.0.0.1:8000/Q/7K3M9XW2QT/4F2"


def test_a_host_that_does_not_fit_alphanumeric_mode_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="alphanumeric"):
        short_link("https://my_host", "7K3M9XW2QT")


def test_a_digital_link_orders_and_encodes_its_parts() -> None:
    link = DigitalLink(gtin=GTIN, serial="S%1", lot="A/B", variant="2", best_before=date(2026, 4, 1), net_weight=1_500)
    assert link.path == "/01/08930000000019/22/2/10/A%2FB/21/S%251"
    assert link.uri("https://trace.example/") == f"https://trace.example{link.path}?15=260401&3103=001500"
    assert link.printed("https://trace.example").startswith("HTTPS://TRACE.EXAMPLE/01/")


@given(elements, elements.map(lambda lot: lot and lot.upper()), elements, days, days, days, days)
def test_a_digital_link_comes_back_as_it_went(
    variant: str | None,
    lot: str | None,
    serial: str | None,
    production_date: date | None,
    packaging_date: date | None,
    best_before: date | None,
    expiration_date: date | None,
) -> None:
    link = DigitalLink(
        gtin=GTIN,
        variant=variant,
        lot=lot,
        serial=serial,
        production_date=production_date,
        packaging_date=packaging_date,
        best_before=best_before,
        expiration_date=expiration_date,
    )
    assert parse_digital_link(link.path, link.query) == link


@given(st.integers(0, 999_999_999))
def test_a_weight_is_kept_to_six_digits(grams: int) -> None:
    link = DigitalLink(gtin=GTIN, net_weight=grams)
    weight = parse_digital_link(link.path, link.query).net_weight
    assert weight is not None
    assert 0 <= grams - weight <= grams / 100_000


def test_short_gtins_lower_case_lots_and_unknown_attributes_are_understood() -> None:
    link = parse_digital_link("/01/8930000000019/10/vd-1/", "99=x&3101=000015&15=260200")
    assert link == DigitalLink(gtin=GTIN, lot="VD-1", net_weight=1_500, best_before=date(2026, 2, 28))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", ""),
        ("/01", ""),
        ("/01/08930000000019/10", ""),
        ("/10/A/01/08930000000019", ""),
        ("/01/08930000000019/21/S/10/L", ""),
        ("/01/08930000000019/01/08930000000019", ""),
        ("/01/08930000000019/10/" + "A" * 21, ""),
        ("/01/08930000000019/10/A%00", ""),
        ("/01/08930000000019/10/%C3%94", ""),
        ("/01/08930000000019", "15=261301"),
        ("/01/08930000000019", "15=260230"),
        ("/01/08930000000019", "15=tomorrow"),
        ("/01/08930000000019", "3103=1"),
    ],
)
def test_other_paths_are_no_digital_links(path: str, query: str) -> None:
    with pytest.raises(InvalidDigitalLink):
        parse_digital_link(path, query)


def test_wrong_and_restricted_numbers_are_refused() -> None:
    with pytest.raises(InvalidGtin):
        parse_digital_link("/01/08930000000011")
    with pytest.raises(RestrictedGtin):
        parse_digital_link("/01/02000000000015")


@given(st.text(), st.text())
def test_any_path_is_a_link_or_named_as_none(path: str, query: str) -> None:
    for hostile in (path, f"/01/08930000000019/{path}", f"/01/{path}"):
        with suppress(InvalidDigitalLink, InvalidGtin, RestrictedGtin):
            parse_digital_link(hostile, query)
