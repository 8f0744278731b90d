"""The shopper's page: what is known about the batch behind a label."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flask import Response, request
from markupsafe import Markup

from ...domain.completeness import LegalItem
from ...domain.dates import format_date, vietnam_date
from ...domain.errors import N_
from ...domain.evidence import Evidence
from ...domain.maps import place_map_svg
from ...domain.products import Commodity
from ...domain.public_batches import (
    PublicBatch,
    PublicBusiness,
    PublicCertificate,
    PublicOrigin,
    PublicStep,
)
from ...domain.stamp_verdicts import StampVerdict
from ...request.access import public
from ...request.database import db
from ...request.language import select_language
from ...services.resolver import Resolution, resolve_quickly
from ...services.stamps import StampCheck
from ...storage.addresses import gazetteer
from .blueprint import bp
from .documents import batch_document, wants_json
from .errands import errand_with
from .looks import looked, scan_writer
from .pages import Translate, render, translator, vary
from .templates import template
from .wrong_codes import wrong_code

TONES = {
    Evidence.INSPECTED: "good",
    Evidence.CONFIRMED: "good",
    Evidence.DOCUMENT: "info",
    Evidence.DECLARED: "muted",
    Evidence.MISSING: "warn",
}
IN_FEW_WORDS = {
    LegalItem.PRODUCT_IMAGE: N_("ảnh sản phẩm"),
    LegalItem.STANDARDS: N_("tiêu chuẩn áp dụng"),
}
NO_STAMP = frozenset((StampVerdict.NEVER_ISSUED, StampVerdict.MISTYPED))
HARVESTED = frozenset(
    (Commodity.VEGETABLES, Commodity.FRUIT, Commodity.RICE, Commodity.TEA, Commodity.MUSHROOMS, Commodity.HONEY)
)


@bp.get("/q/<code>")
@bp.get("/Q/<code>", endpoint="printed_batch")  # as labels print it
@public
def batch(code: str) -> Response:
    return look_up_batch(code)


def look_up_batch(code: str) -> Response:
    resolution = resolve_quickly(db.engine, code)
    looked(scan_writer(), request.environ, resolution)
    return show(resolution)


def show(resolution: Resolution, stamp: StampCheck | None = None) -> Response:
    """The page of a batch, or the page that helps whoever has a wrong code; as JSON to those who ask for it.

    A withdrawn batch and one of a suspended business answer 200: what is at this address is the record, which is
    there and says so. A stamp that there is not answers 404, and shows the batch all the same.
    """
    if resolution.batch is None:
        return wrong_code(resolution)
    status = 404 if stamp and stamp.verdict in NO_STAMP else 200
    if wants_json():
        return vary(batch_document(resolution.batch, stamp, status))
    errand = errand_with(resolution.batch.id)
    found = values(resolution.batch, select_language())
    return render("batch.html", status, errand=errand, stamp=stamp, **found)


def values(batch: PublicBatch, language: str) -> dict[str, Any]:
    """What the template ``batch.html`` shows."""
    _, english = translator(language), language == "en"
    return {
        "batch": batch,
        "name": (english and batch.product_name_en) or batch.product_name,
        "made": _("Thu hoạch") if batch.commodity in HARVESTED else _("Sản xuất"),
        "missing": ", ".join(_missing(batch, _)),
        "steps": _with_registration(batch),
        "failed": any(step.passed is False and step.wrong is None for step in batch.steps),
        "tones": TONES,
        "items": _legal_items(batch, _),
        "producer": _producer(batch.business, batch.origin, batch.certificates, language),
        "map": _map(batch.commune_codes, _("Các xã, phường mà lô hàng đã qua")),
    }


def _missing(batch: PublicBatch, _: Translate) -> Iterator[str]:
    """In few words; a missing stage by its own name."""
    for item in batch.completeness.missing:
        if item is LegalItem.STAGES:
            for stage in batch.completeness.missing_stages:
                yield _("bước %(stage)s", stage=_(stage.label).lower())
        else:
            yield _(IN_FEW_WORDS.get(item, item.label))


def _with_registration(batch: PublicBatch) -> list[PublicStep | None]:
    """The steps, newest first; None stands for the moment at which the batch was registered here."""
    steps: list[PublicStep | None] = list(batch.steps)
    before = (place for place, step in enumerate(batch.steps) if step.at and step.at <= batch.published_at)
    steps.insert(next(before, len(steps)), None)
    return steps


def _legal_items(batch: PublicBatch, _: Translate) -> list[tuple[str, str, bool]]:
    """For each of the ten items, in the circular's order: its name, what is known, and whether something is missing."""
    done = [step for step in reversed(batch.steps) if step.at and step.wrong is None]
    stages = "; ".join(
        f"{_(step.step.label)} – {step.location_code}, {format_date(vietnam_date(step.at))}" for step in done if step.at
    )
    schemes = [_(paper.scheme.label) for paper in batch.certificates if paper.scheme.is_standard and paper.counts]
    known = {
        LegalItem.PRODUCT_NAME: batch.product_name,
        LegalItem.PRODUCT_IMAGE: _("Ở đầu trang") if batch.photo else "",
        LegalItem.BUSINESS_NAME: batch.business.name,
        LegalItem.BUSINESS_ADDRESS: ", ".join(filter(None, (batch.business.street, batch.business.commune))),
        LegalItem.STAGES: stages,
        LegalItem.PRODUCTION_TIME: format_date(batch.production_date),
        LegalItem.TRACE_CODE: batch.code,
        LegalItem.BRAND: ", ".join(filter(None, (batch.brand, batch.gtin and f"GTIN {batch.gtin}"))),
        LegalItem.SHELF_LIFE: format_date(batch.best_before) if batch.best_before else "",
        LegalItem.STANDARDS: ", ".join([*batch.standards, *schemes]),
    }
    missing = batch.completeness.missing
    return [(f"{number}. {_(item.label)}", known[item], item in missing) for number, item in enumerate(known, 1)]


@lru_cache(maxsize=4096)
def _producer(
    business: PublicBusiness, origin: PublicOrigin, certificates: tuple[PublicCertificate, ...], language: str
) -> Markup:
    """The same on all pages of a business until one of these facts changes; they were read a moment ago."""
    values = {"business": business, "origin": origin, "certificates": certificates}
    return Markup(template("producer.html", language).render(values))  # noqa: S704 - escaped there


@lru_cache(maxsize=4096)
def _map(commune_codes: tuple[str, ...], title: str) -> Markup:
    """A pure function of the gazetteer, which a release changes and nothing else."""
    return Markup(place_map_svg(gazetteer(), commune_codes, title=title))  # noqa: S704 - escaped there
