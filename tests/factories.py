"""People and things for tests, each with sensible facts; say only what a test is about.

Every function takes the session first, adds what it makes and flushes; nothing is committed.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessKind, BusinessStatus
from trace.domain.certificates import CertificateScheme, CertificateStatus
from trace.domain.diary import EntryKind, FlagKind
from trace.domain.excesses import ExcessKind
from trace.domain.files import Audience, FileKind
from trace.domain.permissions import Actor, OfficeRole
from trace.domain.permissions import Role as BusinessRole
from trace.domain.products import Commodity
from trace.domain.quantities import Unit
from trace.domain.sites import SiteKind
from trace.domain.stamps import StampKeys
from trace.domain.text import fold
from trace.request.access import actor_of
from trace.storage.accounts import Membership, Role, User
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.certificates import Certificate
from trace.storage.coverage import Match, RegisterEntry, RegisterList
from trace.storage.diary import DiaryEntry, Season
from trace.storage.diary_flags import DiaryFlag
from trace.storage.excesses import Excess
from trace.storage.files import StoredFile
from trace.storage.products import Product
from trace.storage.sites import Site

STAMP_KEYS = StampKeys(["k" * 48])
"""Those of the application under test."""
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(session: Session, *, roles: Iterable[str] = (), **facts: Any) -> User:
    """A confirmed account without a password. Officers and administrators have their second factor set up."""
    number = next(_numbers)
    facts = {
        "email": f"person{number}@example.com",
        "name": f"Người {number}",
        "locale": "vi",
        "active": True,
        "fs_uniquifier": uuid4().hex,
        "confirmed_at": NOW,
        "create_datetime": NOW,
        "update_datetime": NOW,
        **({"tf_primary_method": "authenticator", "tf_totp_secret": "{}"} if roles else {}),
        **facts,
    }
    user = User(**facts)
    user.roles = [_role(session, name) for name in roles]
    return _added(session, user)


def make_officer(session: Session, role: OfficeRole = OfficeRole.CITY, **facts: Any) -> User:
    second_factor = {"tf_primary_method": "authenticator", "tf_totp_secret": "{}"}
    return make_user(session, office=role, **{**second_factor, **facts})


def make_administrator(session: Session, **facts: Any) -> User:
    return make_user(session, roles=["administrator"], **facts)


def make_business(session: Session, *, owner: User | None = None, staff: Iterable[User] = (), **facts: Any) -> Business:
    """An approved co-operative in Hà Nội with the members given."""
    number = next(_numbers)
    facts = {
        "kind": BusinessKind.COOPERATIVE,
        "legal_name": f"Hợp tác xã Rau {number}",
        "tax_code": f"01{number:08d}",
        "phone": "+84912345678",
        "province_code": "01",
        "commune_code": "00070",
        "status": BusinessStatus.APPROVED,
        "visibility": {},
        "created_at": NOW,
        "decided_at": NOW,
        **facts,
    }
    business = _added(session, Business(folded_name=fold(facts["legal_name"]), **facts))
    if owner:
        add_member(session, business, owner)
    for person in staff:
        add_member(session, business, person, BusinessRole.STAFF)
    return business


def add_member(session: Session, business: Business, user: User, role: BusinessRole = BusinessRole.OWNER) -> Membership:
    membership = _added(session, Membership(user=user, business_id=business.id, role=role, created_at=NOW))
    session.expire(user, ["memberships"])
    return membership


def actor(user: User) -> Actor:
    """What a service is told about a signed-in person."""
    return actor_of(user)


def _role(session: Session, name: str) -> Role:
    return session.scalar(select(Role).where(Role.name == name)) or _added(session, Role(name=name))


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_site(session: Session, business: Business, **facts: Any) -> Site:
    """A growing area in the business's commune."""
    number = next(_numbers)
    facts = {
        "kind": SiteKind.GROWING_AREA,
        "code": f"VD{number}",
        "name": f"Ruộng {number}",
        "province_code": business.province_code,
        "commune_code": business.commune_code,
        "created_at": NOW,
        **facts,
    }
    return _added(session, Site(business_id=business.id, **facts))


def make_product(session: Session, business: Business, **facts: Any) -> Product:
    """Pak choi sold by weight, good for five days, with a photo: nothing that a complete batch needs is missing."""
    number = next(_numbers)
    facts = {
        "name": "Cải ngọt",
        "commodity": Commodity.VEGETABLES,
        "unit": Unit.KGM,
        "pack_sizes": [500],
        "shelf_life_days": 5,
        "standards": ["TCVN 12827:2023"],
        "created_at": NOW,
        **facts,
    }
    if "photo_id" not in facts:
        facts["photo_id"] = _added(
            session,
            StoredFile(
                sha256=f"{number:064x}",
                business_id=business.id,
                kind=FileKind.PHOTO,
                audience=Audience.PUBLIC,
                media_type="image/jpeg",
                byte_size=1,
                width=400,
                height=300,
                created_at=NOW,
            ),
        ).id
    return _added(session, Product(business_id=business.id, folded_name=fold(facts["name"]), **facts))


def make_batch(session: Session, business: Business, **facts: Any) -> Batch:
    """A draft of 120 kg; ``services.batches.publish`` makes more of it."""
    facts = {
        "product_id": facts.get("product_id") or make_product(session, business).id,
        "site_id": facts.get("site_id") or make_site(session, business).id,
        "lot": f"LO-{next(_numbers)}",
        "amount": 120_000,
        "production_date": date(2026, 3, 1),
        "status": BatchStatus.DRAFT,
        "created_at": NOW,
        **facts,
    }
    return _added(session, Batch(business_id=business.id, **facts))


def make_certificate(session: Session, business: Business, **facts: Any) -> Certificate:
    """A verified VietGAP certificate of the whole business."""
    facts = {
        "scheme": CertificateScheme.VIETGAP,
        "number": f"VG-{next(_numbers)}",
        "issuer": "Trung tâm Chứng nhận",
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2027, 12, 31),
        "status": CertificateStatus.VERIFIED,
        "checked_by_name": "Cán bộ",
        "checked_at": NOW,
        "created_at": NOW,
        "sites": [],
        "products": [],
        **facts,
    }
    return _added(session, Certificate(business_id=business.id, **facts))


def make_season(session: Session, business: Business, **facts: Any) -> Season:
    """Pak choi on a plot since 1 February."""
    facts = {
        "site_id": facts.get("site_id") or make_site(session, business).id,
        "product_id": facts.get("product_id") or make_product(session, business).id,
        "plot": "Ruộng đầu làng",
        "started_on": date(2026, 2, 1),
        "created_at": NOW,
        **facts,
    }
    return _added(session, Season(business_id=business.id, **facts))


def make_diary_entry(session: Session, season: Season, **facts: Any) -> DiaryEntry:
    facts = {
        "kind": EntryKind.NOTE,
        "happened_on": date(2026, 2, 20),
        "material": "",
        "active_ingredient": "",
        "dose": "",
        "operator": "",
        "note": "Rau lên đều",
        "reason": "",
        "record_time": NOW,
        "recorded_by_name": "Người ghi",
        **facts,
    }
    return _added(session, DiaryEntry(business_id=season.business_id, season_id=season.id, **facts))


def make_diary_flag(session: Session, entry: DiaryEntry, **facts: Any) -> DiaryFlag:
    """Of a copy; says nothing about publishing."""
    facts = {
        "kind": FlagKind.COPIED_ENTRIES,
        "sign": "1",
        "details": {"season_id": entry.season_id, "name": "Rau muống, Ruộng giữa"},
        "raised_at": NOW,
        **facts,
    }
    return _added(
        session, DiaryFlag(business_id=entry.business_id, season_id=entry.season_id, entry_id=entry.id, **facts)
    )


def make_excess(session: Session, batch: Batch, **facts: Any) -> Excess:
    """Of labels, with a reason that nobody looked at."""
    facts = {
        "kind": ExcessKind.LABELS,
        "details": {"packs": 240, "made": 240, "count": 10},
        "reason": "Tem bị ướt",
        "by_name": "Người ghi",
        "at": NOW,
        **facts,
    }
    return _added(session, Excess(business_id=batch.business_id, batch_id=batch.id, **facts))


def make_register_list(session: Session, names: Iterable[str] = (), **facts: Any) -> RegisterList:
    """An official list in force, with an unmatched entry in Hoàn Kiếm for each name."""
    names = list(names)
    facts = {
        "as_of": date(2026, 2, 1),
        "source": "Sở Nông nghiệp và Môi trường",
        "file_name": "danh-sach.xlsx",
        "sha256": f"{next(_numbers):064x}",
        "entry_count": len(names),
        "imported_by_name": "Cán bộ",
        "imported_at": NOW,
        "confirmed_at": NOW,
        **facts,
    }
    made: RegisterList = _added(session, RegisterList(**facts))
    for row, name in enumerate(names, start=2):
        make_register_entry(session, made, row=row, name=name)
    return made


def make_register_entry(session: Session, listed: RegisterList, **facts: Any) -> RegisterEntry:
    facts = {
        "row": next(_numbers) + 1000,
        "name": "Cơ sở trong danh sách",
        "address": "Phường Hoàn Kiếm, Hà Nội",
        "commune_code": "00070",
        "match": Match.NONE,
        **facts,
    }
    entry: RegisterEntry = _added(session, RegisterEntry(list_id=listed.id, folded_name=fold(facts["name"]), **facts))
    return entry
