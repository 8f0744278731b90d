"""What a batch's page tells besides its facts: corrections told apart, and what to do for each missing item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...domain.completeness import Completeness, LegalItem
from ...storage.batches import Batch, BatchVersion
from ...storage.diary import Season
from ...storage.products import Product
from ...storage.sites import Site
from ..formats import amount, day


@dataclass(frozen=True)
class Correction:
    """``changes`` are field, before and after in words."""

    number: int
    at: datetime
    by_name: str
    reason: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Item:
    """One of the ten legal items. ``state`` is present, missing or none; ``todo`` and ``link`` say how to complete it."""

    number: int
    label: str
    state: str
    todo: str = ""
    link: str = ""


def corrections(session: Session, versions: Sequence[BatchVersion]) -> list[Correction]:
    """``versions`` newest first, the published one last."""
    return [
        Correction(new.number, new.at, new.by_name, new.reason, _changes(session, old.facts, new.facts))
        for new, old in pairwise(versions)
    ]


def items(batch: Batch, found: Completeness) -> list[Item]:
    states = {**dict.fromkeys(found.present, "present"), **dict.fromkeys(found.missing, "missing")}
    return [
        Item(item.number, _(item.label), "missing", *_remedy(batch, item))
        if states.get(item) == "missing"
        else Item(item.number, _(item.label), states.get(item, "none"))
        for item in LegalItem
    ]


def _remedy(batch: Batch, item: LegalItem) -> tuple[str, str]:
    own: dict[str, Any] = {"business_id": batch.business_id}
    product = url_for("workspace.product", product_id=batch.product_id, **own)
    here = url_for("workspace.batch", batch_id=batch.id, **own)
    match item:
        case LegalItem.PRODUCT_IMAGE:
            return _("Thêm ảnh cho sản phẩm"), f"{product}#photo"
        case LegalItem.STANDARDS:
            return _("Ghi tiêu chuẩn đang áp dụng vào sản phẩm"), f"{product}#standards"
        case LegalItem.PRODUCT_NAME:
            return _("Ghi tên sản phẩm"), product
        case LegalItem.STAGES if batch.public_code:
            return _("Ghi lúc và nơi đóng gói"), f"{here}#packing"
        case LegalItem.STAGES | LegalItem.TRACE_CODE:
            return _("Có khi lô được công bố"), ""
        case _:
            return _("Bổ sung trong hồ sơ cơ sở"), url_for("workspace.profile", **own)


def _changes(session: Session, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    labels = {
        "product_id": _("Sản phẩm"),
        "site_id": _("Nơi sản xuất"),
        "lot": _("Mã lô"),
        "amount": _("Khối lượng hoặc số lượng"),
        "production_date": _("Ngày thu hoạch, sản xuất"),
        "best_before": _("Hạn sử dụng"),
        "season_id": _("Thu hoạch từ mùa vụ"),
    }
    return [
        (label, _in_words(session, name, before), _in_words(session, name, after))
        for name, label in labels.items()
        if before.get(name) != after.get(name)
    ]


def _in_words(session: Session, name: str, facts: dict[str, Any]) -> str:
    value = facts.get(name)
    if value is None:
        return "–"
    match name:
        case "product_id":
            return session.get_one(Product, value).name
        case "site_id":
            return session.get_one(Site, value).name
        case "season_id":
            return session.get_one(Season, value).plot
        case "amount":
            return amount(value, session.get_one(Product, facts["product_id"]).unit)
        case "production_date" | "best_before":
            return day(date.fromisoformat(value))
    return str(value)
