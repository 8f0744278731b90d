"""Many invented growers, for trying the service at the size of a city or a country."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random

from sqlalchemy import insert
from sqlalchemy.orm import DeclarativeBase, Session

from ...domain.addresses import HA_NOI, Commune
from ...domain.businesses import BusinessKind, BusinessStatus
from ...domain.certificates import CertificateScheme, CertificateStatus
from ...domain.dates import start_of_day
from ...domain.identifiers import InvalidTaxCode, TaxCode
from ...domain.place_names import without_kind
from ...domain.products import Commodity, PackagingMaterial
from ...domain.quantities import Unit
from ...domain.sites import SiteKind
from ...domain.text import fold
from ...storage.addresses import gazetteer
from ...storage.bulk import continue_after, next_id
from ...storage.businesses import Business, BusinessDecision
from ...storage.certificates import Certificate
from ...storage.coverage import Match, RegisterEntry, RegisterList
from ...storage.products import Product
from ...storage.sites import Site
from ..clock import now

OFFICER = "Cán bộ (ví dụ)"
NAMES = {
    BusinessKind.COOPERATIVE: "Hợp tác xã Rau an toàn {place} {number} (ví dụ)",
    BusinessKind.HOUSEHOLD: "Hộ trồng rau {place} {number} (ví dụ)",
    BusinessKind.COMPANY: "Công ty TNHH Nông sản {place} {number} (ví dụ)",
}
TRADERS = {
    BusinessKind.DISTRIBUTOR: "Công ty phân phối thực phẩm {place} {number} (ví dụ)",
    BusinessKind.MARKET: "Chợ {place} {number} (ví dụ)",
    BusinessKind.SHOP: "Cửa hàng rau sạch {place} {number} (ví dụ)",
}
GOODS = (
    ("Cải ngọt", "Choy sum", 5),
    ("Cà chua", "Tomatoes", 10),
    ("Su hào", "Kohlrabi", 14),
    ("Rau thơm", "Herbs", 4),
    ("Xà lách", "Lettuce", 5),
    ("Cà rốt", "Carrots", 30),
    ("Dưa chuột", "Cucumbers", 10),
    ("Bí xanh", "Wax gourds", 60),
)
YEARS = 2
LISTED, STRANGERS = 0.85, 0.15
"""Parts of the growers that are on the official list, and that are on it without being enrolled."""


@dataclass(frozen=True)
class Grower:
    """What its batches are made of: ``sites`` as (id, code), ``products`` as (id, shelf life in days, has a photo)."""

    business_id: int
    sites: Sequence[tuple[int, str]]
    products: Sequence[tuple[int, int, bool]]
    names_standard: bool
    certified: tuple[date, date]
    """First and last day of its VietGAP certificate."""


@dataclass(frozen=True)
class Trader:
    """``site_id`` is where it receives."""

    business_id: int
    site_id: int


def settle(
    session: Session, count: int, *, photos: Sequence[int], today: date, random: Random, traders: int = 0
) -> tuple[list[Grower], list[Trader]]:
    """Add ``count`` approved growers around Hà Nội, and traders all over it, in the caller's transaction; and an
    official list of most of them."""
    everywhere = gazetteer().communes(HA_NOI)
    communes = [one for one in everywhere if one.name.startswith("Xã")]
    connection = session.connection()
    first = {model: next_id(connection, model.__table__) for model in (Business, Site, Product)}  # type: ignore[arg-type]
    rows: dict[type[DeclarativeBase], list[dict[str, object]]] = {
        model: [] for model in (Business, BusinessDecision, Site, Product, Certificate)
    }
    enrolled = start_of_day(today - timedelta(days=YEARS * 365 + 40))
    growers = []
    for place in range(count):
        commune = random.choice(communes)
        kind = random.choices(list(NAMES), (3, 6, 1))[0]
        business_id = first[Business] + place
        name = NAMES[kind].format(place=without_kind(commune.name), number=business_id)
        rows[Business].append(_business(business_id, kind, name, _tax_code(business_id), commune, enrolled))
        rows[BusinessDecision].append(_decision(business_id, enrolled))
        names_standard, since = random.random() < 0.5, today - timedelta(days=random.randrange(300, 1000))
        sites, products = [], []
        for number in range(1, random.randrange(2, 5)):
            site_id = first[Site] + len(rows[Site])
            rows[Site].append(_site(site_id, business_id, f"R{number}", commune, enrolled))
            sites.append((site_id, f"R{number}"))
        for goods in random.sample(range(len(GOODS)), random.randrange(2, 5)):
            product_id = first[Product] + len(rows[Product])
            photo = photos[goods % len(photos)] if random.random() < 0.9 else None
            rows[Product].append(_product(product_id, business_id, goods, photo, names_standard, enrolled))
            products.append((product_id, GOODS[goods][2], photo is not None))
        until = since + timedelta(days=730)
        rows[Certificate].append(_certificate(business_id, since, until))
        growers.append(Grower(business_id, sites, products, names_standard, (since, until)))
    trading = []
    for place in range(traders):
        commune, kind = random.choice(everywhere), random.choices(list(TRADERS), (1, 1, 3))[0]
        trader = Trader(first[Business] + count + place, first[Site] + len(rows[Site]))
        name = TRADERS[kind].format(place=without_kind(commune.name), number=trader.business_id)
        tax_code = _tax_code(trader.business_id)
        rows[Business].append(_business(trader.business_id, kind, name, tax_code, commune, enrolled))
        rows[BusinessDecision].append(_decision(trader.business_id, enrolled))
        shop = {"kind": SiteKind.SHOP, "name": "Cửa hàng C1", "area_m2": None}
        rows[Site].append(_site(trader.site_id, trader.business_id, "C1", commune, enrolled) | shop)
        trading.append(trader)
    for model, values in rows.items():
        session.execute(insert(model), values)
    continue_after(connection, [model.__table__ for model in first])  # type: ignore[misc]
    _publish_list(session, rows[Business], today, random)
    return growers, trading


def _decision(business_id: int, at: datetime) -> dict[str, object]:
    return {
        "business_id": business_id,
        "before": BusinessStatus.APPLIED,
        "after": BusinessStatus.APPROVED,
        "decided_by_name": OFFICER,
        "at": at,
    }


def _tax_code(business_id: int) -> str:
    """One that begins with 99, which no province of issue has. Of two neighbours at least one has a check digit."""
    for digits in range(business_id * 20, business_id * 20 + 20):
        with suppress(InvalidTaxCode):
            return TaxCode(f"99{digits:08d}").value
    raise AssertionError(business_id)


def _business(
    business_id: int, kind: BusinessKind, name: str, tax_code: str, commune: Commune, at: datetime
) -> dict[str, object]:
    return {
        "id": business_id,
        "kind": kind,
        "legal_name": name,
        "folded_name": fold(name),
        "tax_code": tax_code,
        "phone": "+84912345678",
        "province_code": commune.province.code,
        "commune_code": commune.code,
        "status": BusinessStatus.APPROVED,
        "visibility": {},
        "created_at": at,
        "decided_at": at,
    }


def _site(site_id: int, business_id: int, code: str, commune: Commune, at: datetime) -> dict[str, object]:
    return {
        "id": site_id,
        "business_id": business_id,
        "kind": SiteKind.GROWING_AREA,
        "code": code,
        "name": f"Ruộng {code}",
        "province_code": commune.province.code,
        "commune_code": commune.code,
        "area_m2": 3600,
        "created_at": at,
    }


def _product(
    product_id: int, business_id: int, goods: int, photo: int | None, names_standard: bool, at: datetime
) -> dict[str, object]:
    name, name_en, days = GOODS[goods]
    return {
        "id": product_id,
        "business_id": business_id,
        "name": name,
        "name_en": name_en,
        "folded_name": fold(name),
        "commodity": Commodity.VEGETABLES,
        "unit": Unit.KGM,
        "pack_sizes": [500],
        "shelf_life_days": days,
        "photo_id": photo,
        "standards": ["TCVN 11892-1:2017"] if names_standard else [],
        "packaging_material": PackagingMaterial.BIODEGRADABLE,
        "created_at": at,
    }


def _certificate(business_id: int, since: date, until: date) -> dict[str, object]:
    return {
        "business_id": business_id,
        "scheme": CertificateScheme.VIETGAP,
        "number": f"VIDU-{business_id}",
        "issuer": "Tổ chức chứng nhận (ví dụ)",
        "valid_from": since,
        "valid_until": until,
        "status": CertificateStatus.VERIFIED,
        "checked_by_name": OFFICER,
        "checked_at": start_of_day(since),
        "created_at": start_of_day(since),
    }


def _publish_list(session: Session, businesses: list[dict[str, object]], today: date, random: Random) -> None:
    listed = [one for one in businesses if random.random() < LISTED]
    strangers = round(len(businesses) * STRANGERS)
    official = RegisterList(
        as_of=today,
        source="Danh sách ví dụ, không phải văn bản thật",
        file_name="danh-sach-vi-du.xlsx",
        sha256=sha256(b"").hexdigest(),
        entry_count=len(listed) + strangers,
        imported_by_name=OFFICER,
        imported_at=now(),
        confirmed_at=now(),
    )
    session.add(official)
    session.flush()
    unknown: list[dict[str, object]] = [
        {"legal_name": f"Cơ sở chưa đăng ký {number} (ví dụ)", "commune_code": None} for number in range(strangers)
    ]
    session.execute(
        insert(RegisterEntry),
        [
            {
                "list_id": official.id,
                "row": row,
                "name": one["legal_name"],
                "folded_name": fold(str(one["legal_name"])),
                "tax_code": one.get("tax_code"),
                "kind": one.get("kind"),
                "address": "Hà Nội",
                "commune_code": one["commune_code"],
                "business_id": one.get("id"),
                "match": Match.TAX_CODE if "id" in one else Match.NONE,
            }
            for row, one in enumerate([*listed, *unknown], start=2)
        ],
    )
