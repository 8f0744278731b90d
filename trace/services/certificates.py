"""Certificates: handed in by the business, checked by an officer, announced before they lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.businesses import ReasonRequired
from ..domain.certificates import (
    LAPSE_NOTICE_DAYS,
    CertificateScheme,
    CertificateStatus,
    CertificateStepNotPossible,
    ValidityEndsTooEarly,
)
from ..domain.dates import format_date, format_moment
from ..domain.errors import N_, AlreadyDecided
from ..domain.files import Audience
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean, clean_lines
from ..storage.certificates import Certificate, lapsing
from ..storage.files import FileStore
from ..storage.products import Product
from ..storage.sites import Site
from . import audit, notices
from .changes import Faults, assign, load_for_change, unchanged
from .clock import now, today
from .completeness import recount
from .files import store_document

Scoped = TypeVar("Scoped", Site, Product)


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """``valid_until`` is the last valid day, None without an end. No sites means all sites; no products, all products."""

    scheme: CertificateScheme
    number: str
    issuer: str
    valid_from: date | None
    valid_until: date | None = None
    site_ids: Sequence[int] = ()
    product_ids: Sequence[int] = ()


def submit(
    session: Session,
    actor: Actor,
    business_id: int,
    facts: CertificateFacts,
    *,
    file: bytes | None,
    store: FileStore,
) -> Certificate:
    """Hand in a certificate with its paper (PDF or photo). Raises InvalidFields, or InvalidInput on ``file``."""
    require(actor, Permission.CERTIFICATES_WRITE, business_id)
    faults = Faults()
    if not file:
        faults.add(N_("Hãy chụp ảnh hoặc chọn tệp PDF của giấy."), field="file")
    values = _checked(session, business_id, facts, faults)
    certificate = Certificate(business_id=business_id, created_at=now(), status=CertificateStatus.SUBMITTED, **values)
    if file:
        _put_file(session, store, certificate, file)
    session.add(certificate)
    audit.record(session, actor, "certificates:submit", certificate, changes=_summary(certificate))
    _tell_officers(session, certificate)
    recount(session, business_id=business_id)
    session.commit()
    return certificate


def revise(
    session: Session,
    actor: Actor,
    certificate_id: int,
    facts: CertificateFacts,
    *,
    file: bytes | None,
    store: FileStore,
    version: int | None = None,
) -> Certificate:
    """Mend one that is not verified; it waits for its check again. Raises CertificateStepNotPossible, Conflict."""
    certificate = load_for_change(session, Certificate, certificate_id, version)
    require(actor, Permission.CERTIFICATES_WRITE, certificate.business_id)
    if certificate.status is CertificateStatus.VERIFIED:
        raise CertificateStepNotPossible
    values = _checked(session, certificate.business_id, facts, Faults())
    scope = {name: values.pop(name) for name in ("sites", "products")}
    changes = assign(certificate, status=CertificateStatus.SUBMITTED, reason="", **values)
    for name, members in scope.items():
        setattr(certificate, name, members)
    if file:
        _put_file(session, store, certificate, file)
    audit.record(session, actor, "certificates:revise", certificate, changes=changes)
    _tell_officers(session, certificate)
    recount(session, business_id=certificate.business_id)
    session.commit()
    return certificate


def verify(session: Session, actor: Actor, certificate_id: int, *, version: int | None = None) -> Certificate:
    """An officer has seen the paper and it is right. Raises AlreadyDecided, Conflict."""
    return _judge(session, actor, certificate_id, CertificateStatus.VERIFIED, "", version)


def refuse(
    session: Session, actor: Actor, certificate_id: int, reason: str, *, version: int | None = None
) -> Certificate:
    """The paper does not show what was said, for a reason that the business reads. Raises ReasonRequired besides."""
    if not (text := clean_lines(reason)):
        raise ReasonRequired(field="reason")
    return _judge(session, actor, certificate_id, CertificateStatus.REFUSED, text, version)


def announce_lapsing(session: Session) -> int:
    """Tell each business, once, of a verified certificate that lapses within LAPSE_NOTICE_DAYS; return how many."""
    certificates = session.scalars(
        lapsing(today(), LAPSE_NOTICE_DAYS).where(Certificate.lapse_announced_at.is_(None))
    ).all()
    for certificate in certificates:
        certificate.lapse_announced_at = now()
        notices.tell_business(
            session, certificate.business_id, "certificate-lapsing", _values(certificate), _link(certificate)
        )
    session.commit()
    return len(certificates)


def _judge(
    session: Session,
    actor: Actor,
    certificate_id: int,
    status: CertificateStatus,
    reason: str,
    version: int | None,
) -> Certificate:
    certificate = load_for_change(session, Certificate, certificate_id)
    require(actor, Permission.CERTIFICATES_VERIFY, certificate.business_id)
    if certificate.status is not CertificateStatus.SUBMITTED:
        checked_at = certificate.checked_at or certificate.created_at
        raise AlreadyDecided(person=certificate.checked_by_name, time=format_moment(checked_at))
    unchanged(certificate, version)
    changes = assign(certificate, status=status, reason=reason)
    certificate.checked_by, certificate.checked_by_name, certificate.checked_at = actor.user_id, actor.name, now()
    verified = status is CertificateStatus.VERIFIED
    audit.record(
        session, actor, "certificates:verify" if verified else "certificates:refuse", certificate, changes=changes
    )
    notices.tell_business(
        session,
        certificate.business_id,
        "certificate-verify" if verified else "certificate-refuse",
        {**_values(certificate), "reason": reason.rstrip(". ")},
        _link(certificate),
    )
    recount(session, business_id=certificate.business_id)
    session.commit()
    return certificate


def _checked(session: Session, business_id: int, facts: CertificateFacts, faults: Faults) -> dict[str, object]:
    number, issuer = clean(facts.number), clean(facts.issuer)
    if not number:
        faults.add(N_("Hãy nhập số ghi trên giấy."), field="number")
    if not issuer:
        faults.add(N_("Hãy nhập cơ quan, tổ chức cấp giấy."), field="issuer")
    if facts.valid_from is None:
        faults.add(N_("Hãy nhập ngày bắt đầu có hiệu lực, thường là ngày cấp."), field="valid_from")
    elif facts.valid_from > today() + timedelta(days=366):
        faults.add(N_("Ngày này còn hơn một năm nữa mới tới. Hãy so lại với giấy."), field="valid_from")
    elif facts.valid_until is not None and facts.valid_until < facts.valid_from:
        faults.note(ValidityEndsTooEarly(field="valid_until"))
    sites = _own(session, Site, business_id, facts.site_ids, "site_ids", faults)
    products = _own(session, Product, business_id, facts.product_ids, "product_ids", faults)
    faults.raise_any()
    return {
        "scheme": facts.scheme,
        "number": number[:80],
        "issuer": issuer[:200],
        "valid_from": facts.valid_from,
        "valid_until": facts.valid_until,
        "sites": sites,
        "products": products,
    }


def _own(
    session: Session, model: type[Scoped], business_id: int, ids: Sequence[int], field: str, faults: Faults
) -> list[Scoped]:
    found = session.scalars(select(model).where(model.business_id == business_id, model.id.in_(ids))).all()
    if len(found) != len(set(ids)):
        faults.add(N_("Có mục không thuộc cơ sở này. Hãy tải lại trang rồi chọn lại."), field=field)
    return list(found)


def _put_file(session: Session, store: FileStore, certificate: Certificate, data: bytes) -> None:
    certificate.file = store_document(
        session, store, business_id=certificate.business_id, audience=Audience.BUSINESS, data=data
    )


def _tell_officers(session: Session, certificate: Certificate) -> None:
    link = f"/authority/certificates/{certificate.id}"
    notices.tell_officers(session, "certificate-submitted", _values(certificate), link, about=certificate.business_id)


def _values(certificate: Certificate) -> dict[str, str]:
    until = certificate.valid_until
    return {
        "business": certificate.business.legal_name,
        "scheme": certificate.scheme.label,
        "number": certificate.number,
        "valid_until": format_date(until) if until else "–",
    }


def _summary(certificate: Certificate) -> dict[str, str]:
    return {"scheme": certificate.scheme.value, "number": certificate.number, "issuer": certificate.issuer}


def _link(certificate: Certificate) -> str:
    return f"/workspace/{certificate.business_id}/certificates/{certificate.id}"
