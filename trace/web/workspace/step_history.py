"""What happened to a batch, told to a business: its own steps whole, those of others as anyone may know them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.balance import MovementKind
from ...domain.evidence import Evidence
from ...domain.handovers import evidence_of
from ...domain.steps import RECORDABLE, TAKEN_BACK
from ...domain.vocabulary import Action, BusinessStep, Disposition, EventType
from ...storage.batches import Batch
from ...storage.businesses import Business
from ...storage.chain import Event, events_seen_by
from ...storage.files import StoredFile
from ...storage.handovers import statuses_of
from ...storage.inspections import inspected_steps_of
from ...storage.sites import Site
from ..formats import degrees, number

MOST = 200


@dataclass(frozen=True)
class Wrong:
    at: datetime
    because: str


@dataclass(frozen=True)
class Step:
    """``place`` and ``business`` are empty where they go without saying; ``wrong`` is None for a step that stands."""

    event: Event
    label: str
    place: str
    business: str
    evidence: Evidence
    facts: Sequence[str]
    note: str
    paper: StoredFile | None
    wrong: Wrong | None

    @property
    def may_be_taken_back(self) -> bool:
        is_step = self.event.type == EventType.OBJECT and self.event.business_step in TAKEN_BACK
        return is_step and self.wrong is None and not self.business

    @property
    def may_be_said_again(self) -> bool:
        return self.may_be_taken_back and self.event.business_step in RECORDABLE


def history(session: Session, batch: Batch, business_id: int) -> list[Step]:
    """Newest first, what was declared wrong included."""
    asked = events_seen_by(batch.id, [business_id]).order_by(Event.event_time.desc(), Event.id.desc()).limit(MOST)
    events = session.scalars(asked).all()
    wrong = {
        event.hash: Wrong(event.record_time, event.body["errorDeclaration"].get("trace:said", ""))
        for event in events
        if event.declares_error
    }
    sites = _named(session, Site, {event.site_id for event in events})
    businesses = _named(session, Business, {event.business_id for event in events if event.business_id != business_id})
    statuses = dict(session.execute(statuses_of(batch.id)).all())
    inspected = set(session.scalars(inspected_steps_of(batch.id)))
    papers = _named(session, StoredFile, {event.document_id for event in events if event.business_id == business_id})
    return [
        Step(
            event=event,
            label=_label(event),
            place=sites[event.site_id].name if event.site_id and event.business_id == business_id else "",
            business=businesses[event.business_id].legal_name if event.business_id != business_id else "",
            evidence=evidence_of(event.evidence, statuses.get(event.handover_id or 0), inspected=event.id in inspected),
            facts=list(_facts(event.body)) if event.business_id == business_id else [],
            note=event.body.get("trace:note", "") if event.business_id == business_id else "",
            paper=papers.get(event.document_id),
            wrong=wrong.get(event.hash),
        )
        for event in events
        if not event.declares_error
    ]


def _named(session: Session, model: Any, ids: set[int | None]) -> dict[int | None, Any]:
    wanted = ids - {None}
    return {found.id: found for found in session.scalars(select(model).where(model.id.in_(wanted)))} if wanted else {}


def _label(event: Event) -> str:
    kind = event.body.get("trace:movement")
    said: str = _(MovementKind(kind).label if kind else BusinessStep(event.business_step).label)
    if event.type == EventType.AGGREGATION:
        said = _("Đóng vào thùng") if event.body["action"] == Action.ADD else _("Mở thùng")
    return said


def _facts(body: dict[str, Any]) -> list[str]:
    found = []
    if body.get("disposition") == Disposition.CONFORMANT:
        found.append(_("Đạt"))
    if body.get("disposition") == Disposition.NON_CONFORMANT:
        found.append(_("Không đạt"))
    if parent := body.get("parentID"):
        found.append(_("thùng %(case)s", case=parent.rpartition("/")[2]))
    if packs := body.get("trace:packs"):
        found.append(ngettext("%(packs)s gói", "%(packs)s gói", packs, packs=number(packs)))
    for element in body.get("sensorElementList", ())[:1]:  # the rest are the single readings
        found += map(_measured, element["sensorReport"])
    return found


def _measured(report: dict[str, Any]) -> str:
    low, high = report.get("value", report.get("minValue", 0)), report.get("value", report.get("maxValue", 0))
    if report["type"] != "Temperature":
        values = f"{low}" if low == high else f"{low}–{high}"
        said: str = _("độ ẩm %(values)s%%", values=values)
        return said
    values = degrees(low * 10) if low == high else f"{degrees(low * 10)}…{degrees(high * 10)}"
    said = _("ngoài mức cho phép: %(values)s °C", values=values)
    return said if "exception" in report else f"{values} °C"
