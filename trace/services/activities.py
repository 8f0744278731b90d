"""Keeping the register of activities: recording with evidence, changing, withdrawing, and saying who took part."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.activities import (
    LONGEST_TEXT,
    MOST_COUNT,
    MOST_FILES,
    MOST_LINKS,
    ActivityFacts,
    ActivityKind,
    ActivityWithdrawn,
    EvidenceRequired,
    check_link,
)
from ..domain.businesses import BusinessStatus, ReasonRequired
from ..domain.errors import N_, Conflict, InvalidInput, NotFound
from ..domain.files import Audience
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean, clean_lines, fold
from ..storage.activities import Activity, ActivityFile, ActivityVersion, Participant, activity_versions_of, files_of
from ..storage.businesses import Business
from ..storage.new_links import named_links_after
from ..storage.plans import thresholds_on
from . import audit
from .changes import Faults, assign, load_for_change
from .clock import now, today
from .files import Proof, store_document


class TakesNoParticipants(InvalidInput):
    code = "takes-no-participants"
    message = N_("Chỉ lớp học, buổi hướng dẫn, hội thảo và hội nghị kết nối mới có cơ sở tham dự.")


def record(session: Session, actor: Actor, facts: ActivityFacts, *, files: Sequence[Proof] = ()) -> Activity:
    """Enter what was done. Raises InvalidFields or EvidenceRequired."""
    require(actor, Permission.ACTIVITIES_WRITE)
    values = _checked(facts, files, already=0)
    activity = Activity(**values, recorded_at=now(), recorded_by=actor.user_id, recorded_by_name=actor.name)
    session.add(activity)
    session.flush()
    _keep(session, actor, activity, files)
    _note_version(session, actor, activity, "")
    audit.record(session, actor, "activities:record", activity, changes=_told(activity))
    session.commit()
    return activity


def change(
    session: Session,
    actor: Actor,
    activity_id: int,
    facts: ActivityFacts,
    *,
    reason: str,
    files: Sequence[Proof] = (),
    version: int | None = None,
) -> Activity:
    """Say it otherwise, or add evidence; how it stood is kept.

    Raises InvalidFields, EvidenceRequired, ReasonRequired, ActivityWithdrawn, NotFound or Conflict.
    """
    require(actor, Permission.ACTIVITIES_WRITE)
    activity = _standing(session, activity_id, version)
    kept = session.scalars(files_of(activity_id)).all()
    values = _checked(facts, files, already=len(kept))
    reason = _reason(reason)
    changes = assign(activity, **values)
    _keep(session, actor, activity, files)
    _note_version(session, actor, activity, reason)
    audit.record(session, actor, "activities:change", activity, changes={**changes, "reason": reason})
    session.commit()
    return activity


def withdraw(session: Session, actor: Actor, activity_id: int, *, reason: str, version: int | None = None) -> Activity:
    """From now on it counts for nothing, and can still be read. Raises ReasonRequired, ActivityWithdrawn or Conflict."""
    require(actor, Permission.ACTIVITIES_WRITE)
    activity = _standing(session, activity_id, version)
    activity.withdrawn_reason, activity.withdrawn_at = _reason(reason), now()
    audit.record(session, actor, "activities:withdraw", activity, changes={"reason": activity.withdrawn_reason})
    session.commit()
    return activity


def add_participants(
    session: Session, actor: Actor, activity_id: int, business_ids: Sequence[int]
) -> list[Participant]:
    """Say which enrolled businesses took part; whoever is there already stays once.

    Raises TakesNoParticipants, ActivityWithdrawn, or NotFound for a business that is not enrolled.
    """
    require(actor, Permission.ACTIVITIES_WRITE)
    activity = _standing(session, activity_id)
    if not activity.kind.has_participants:
        raise TakesNoParticipants(field="business_id")
    wanted = list(dict.fromkeys(business_ids))
    found = session.scalars(
        select(Business).where(Business.id.in_(wanted), Business.status == BusinessStatus.APPROVED)
    ).all()
    if len(found) < len(wanted):
        raise NotFound(N_("Không có cơ sở đã duyệt nào như vậy."), field="business_id")
    there = set(session.scalars(select(Participant.business_id).where(Participant.activity_id == activity_id)).all())
    added = [Participant(activity_id=activity_id, business_id=each) for each in wanted if each not in there]
    session.add_all(added)
    names = sorted(each.legal_name for each in found if each.id not in there)
    try:
        audit.record(session, actor, "activities:add_participants", activity, changes={"businesses": names})
    except IntegrityError as error:
        raise Conflict from error
    session.commit()
    return added


def remove_participant(session: Session, actor: Actor, activity_id: int, participant_id: int) -> Activity:
    """Take out a business that was named by mistake. Raises NotFound or ActivityWithdrawn."""
    require(actor, Permission.ACTIVITIES_WRITE)
    activity = _standing(session, activity_id)
    participant = session.get(Participant, participant_id)
    if participant is None or participant.activity_id != activity_id:
        raise NotFound
    changes = {"businesses": [participant.business.legal_name]}
    session.delete(participant)
    audit.record(session, actor, "activities:remove_participant", activity, changes=changes)
    session.commit()
    return activity


def _standing(session: Session, activity_id: int, version: int | None = None) -> Activity:
    activity = load_for_change(session, Activity, activity_id, version)
    if activity.withdrawn_at:
        raise ActivityWithdrawn
    return activity


def _reason(reason: str) -> str:
    reason = clean_lines(reason, field="reason")
    if not reason:
        raise ReasonRequired(N_("Hãy ghi lý do; lý do được giữ cùng hoạt động."), field="reason")
    return reason


def new_links(session: Session, activity: Activity) -> Sequence[Row[Business, Business, datetime]] | None:
    """Seller, buyer and moment of the trade that a connection event began; None for any other activity."""
    if activity.kind is not ActivityKind.CONNECTION_EVENT:
        return None
    days = thresholds_on(activity.held_on).new_link_days
    return session.execute(named_links_after(activity.id, activity.held_on, days)).all()


def _checked(facts: ActivityFacts, files: Sequence[Proof], *, already: int) -> dict[str, Any]:
    faults = Faults()
    values = {each.name: getattr(facts, each.name) for each in fields(facts)}
    for name in ("title", "place", "partners"):
        values[name] = clean(values[name], field=name)
        if len(values[name]) > LONGEST_TEXT:
            faults.add(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field=name)
    if not values["title"]:
        faults.add(N_("Hãy nhập tên hoạt động."), field="title")
    if facts.held_on is None:
        faults.add(N_("Hãy nhập ngày."), field="held_on")
    elif facts.held_on > today():
        faults.add(N_("Ngày này chưa tới. Hãy ghi hoạt động khi đã thực hiện."), field="held_on")
    for name, low in (("count", 1), ("audience", 0), ("stands", 0)):
        if values[name] is not None and not low <= values[name] <= MOST_COUNT:
            faults.add(N_("Số này nằm ngoài khoảng được nhận."), field=name)
    links = dict.fromkeys(link for link in facts.links if clean(link))
    values["links"] = [faults.attempt(check_link, link) for link in links]
    if len(links) > MOST_LINKS or already + len(files) > MOST_FILES:
        faults.add(
            N_("Nhiều nhất %(links)s đường dẫn và %(files)s tệp cho một hoạt động."),
            field="links",
            links=MOST_LINKS,
            files=MOST_FILES,
        )
    if not links and not files and not already:
        faults.note(EvidenceRequired(field="links"))
    faults.raise_any()
    return {**values, "folded_title": fold(values["title"])}


def _keep(session: Session, actor: Actor, activity: Activity, files: Sequence[Proof]) -> None:
    kept = {each.document_id for each in session.scalars(files_of(activity.id))}
    for proof in files:
        stored = store_document(
            session, proof.store, business_id=None, audience=Audience.BUSINESS, data=proof.data, field="files"
        )
        if stored.id not in kept:
            kept.add(stored.id)
            session.add(
                ActivityFile(activity_id=activity.id, document_id=stored.id, added_by_name=actor.name, added_at=now())
            )


def _note_version(session: Session, actor: Actor, activity: Activity, reason: str) -> None:
    latest = session.scalars(activity_versions_of(activity.id)).first()
    session.add(
        ActivityVersion(
            activity_id=activity.id,
            number=latest.number + 1 if latest else 1,
            facts=_told(activity),
            reason=reason,
            by=actor.user_id,
            by_name=actor.name,
            at=now(),
        )
    )


def _told(activity: Activity) -> dict[str, Any]:
    facts = asdict(activity.facts)
    return {**facts, "held_on": activity.held_on.isoformat(), "links": list(facts["links"])}
