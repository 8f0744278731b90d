"""Every figure of coverage worked out anew from what was recorded: slow, plain, and sharing nothing with what is kept.

It is what the kept figures are held against, in tests, in benchmarks and by whoever does not trust a snapshot.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ..domain.batches import BatchStatus
from ..domain.businesses import TRADING, BusinessStatus
from ..domain.coverage import Dimension, Progress
from ..domain.dates import vietnam_date
from ..domain.handovers import HandoverStatus
from ..domain.reach import BatchState, Reach
from ..domain.stamps import RangeKind
from ..storage.balance import Link
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.chain import Event
from ..storage.coverage import LINKED, Match, RegisterEntry, current_list
from ..storage.handovers import Handover
from ..storage.labels import LabelIssue, StampRange
from ..storage.products import Product
from .clock import today
from .completeness import judge
from .standings import definition_in_force

AT_A_TIME = 500
Figures = Counter[tuple[Dimension, str, Progress]]
"""How many entries stand where, but for the dimension of chains, which rests on certificates alone."""


def recount_from_events(session: Session) -> Figures:
    """What ``coverage_cells`` should hold for the list in force today."""
    listed = session.scalars(current_list()).first()
    figures: Figures = Counter()
    if listed is None:
        return figures
    reached = batches_reached(session)
    businesses = {one.id: one for one in session.scalars(select(Business))}
    active = _days_of_last_events(session)
    handled = _handled(session, reached, businesses)
    definition, day = definition_in_force(session), today()

    def progress(business: Business, commodity: str | None) -> Progress:
        if business.status is not BusinessStatus.APPROVED:
            return Progress.NOT_APPROVED
        if not definition.is_active(active.get(business.id), day):
            return Progress.INACTIVE
        own = [(reach, on) for kind, reach, on in handled[business.id] if commodity in (None, kind)]
        current = [reach for reach, on in own if on >= definition.period_start(day)]
        for least, step in _LEAST:
            if any(reach >= least for reach in current):
                return step
        if any(reach >= Reach.COMPLETE for reach, _ in own):
            return Progress.OUT_OF_PERIOD
        return Progress.INCOMPLETE if own else Progress.NO_BATCH

    commodities = _commodities(session, handled, businesses)
    for entry in session.scalars(select(RegisterEntry).where(RegisterEntry.list_id == listed.id)):
        business = businesses.get(entry.business_id or 0) if entry.match in LINKED else None
        if business is None:
            step = Progress.UNCONFIRMED if entry.match is Match.PROPOSED else Progress.NOT_ENROLLED
            commune, kind = entry.commune_code or "", entry.kind.value if entry.kind else ""
        else:
            step, commune, kind = progress(business, None), business.commune_code, business.kind.value
            for commodity in commodities[business.id]:
                figures[Dimension.COMMODITY, commodity, progress(business, commodity)] += 1
        figures[Dimension.TOTAL, "", step] += 1
        figures[Dimension.COMMUNE, commune, step] += 1
        figures[Dimension.KIND, kind, step] += 1
    return figures


_LEAST = (
    (Reach.END_TO_END, Progress.TRACEABLE),
    (Reach.HANDED_OVER, Progress.BROKEN_BEHIND),
    (Reach.LABELLED, Progress.NO_HANDOVER),
    (Reach.COMPLETE, Progress.NO_LABELS),
)


def batches_reached(session: Session) -> dict[int, Reach]:
    """Each batch, parents before what was made of them, as its events, labels and deliveries say."""
    confirmed: dict[int, set[int]] = defaultdict(set)
    received = (HandoverStatus.ACCEPTED, HandoverStatus.ACCEPTED_WITH_DIFFERENCE)
    for batch_id, buyer_id in session.execute(
        select(Handover.batch_id, Handover.buyer_id).where(Handover.status.in_(received))
    ):
        confirmed[batch_id].add(buyer_id or 0)
    parents: dict[int, list[int]] = defaultdict(list)
    for parent_id, child_id in session.execute(select(Link.parent_id, Link.child_id)):
        parents[child_id].append(parent_id)
    labelled = _labelled(session)
    maker: dict[int, int] = {}
    unbroken: dict[int, bool] = {}
    reached: dict[int, Reach] = {}
    for batch, complete in _judged(session):
        maker[batch.id] = batch.business_id
        state = BatchState(
            published=batch.status is BatchStatus.PUBLISHED,
            complete=complete,
            labelled=batch.id in labelled,
            handed_over=bool(confirmed[batch.id]),
            parents_unbroken=all(
                unbroken[parent] and (maker[parent] == batch.business_id or batch.business_id in confirmed[parent])
                for parent in parents[batch.id]
            ),
        )
        unbroken[batch.id], reached[batch.id] = state.unbroken, state.reach
    return reached


def _judged(session: Session) -> Iterator[tuple[Batch, bool]]:
    after = 0
    question = select(Batch).options(joinedload(Batch.product), joinedload(Batch.business)).order_by(Batch.id)
    while group := session.scalars(question.where(Batch.id > after).limit(AT_A_TIME)).all():
        judged = judge(session, group)
        for batch in group:
            yield batch, judged[batch.id].complete
        after = group[-1].id


def _labelled(session: Session) -> set[int]:
    """The batches with a label that stands, stamp by stamp."""
    ranges: dict[int, list[StampRange]] = defaultdict(list)
    for each in session.scalars(select(StampRange)):
        ranges[each.issue_id].append(each)
    found = set()
    for issue in session.scalars(select(LabelIssue)):
        voided = {
            stamp
            for each in ranges[issue.id]
            if each.kind is RangeKind.VOIDED
            for stamp in range(each.first, each.last + 1)
        }
        if issue.batch_id and len(voided) < issue.count:
            found.add(issue.batch_id)
        for each in ranges[issue.id]:
            if each.kind is RangeKind.BOUND and not set(range(each.first, each.last + 1)) <= voided:
                found.add(each.batch_id or 0)
    return found


def _days_of_last_events(session: Session) -> dict[int, date]:
    latest: dict[int, date] = {}
    for business_id, at in session.execute(
        select(Event.business_id, Event.record_time).where(~Event.declares_error).order_by(Event.record_time)
    ):
        latest[business_id] = vietnam_date(at)
    return latest


def _handled(
    session: Session, reached: dict[int, Reach], businesses: dict[int, Business]
) -> dict[int, list[tuple[str, Reach, date]]]:
    """Business → commodity, reach and day of publishing of each batch that it is judged by."""
    handled: dict[int, list[tuple[str, Reach, date]]] = defaultdict(list)
    received = (HandoverStatus.ACCEPTED, HandoverStatus.ACCEPTED_WITH_DIFFERENCE)
    buyers: dict[int, set[int]] = defaultdict(set)
    for batch_id, buyer_id in session.execute(
        select(Handover.batch_id, Handover.buyer_id).where(Handover.status.in_(received))
    ):
        buyers[batch_id].add(buyer_id or 0)
    for batch in session.scalars(select(Batch).options(joinedload(Batch.product))):
        if reached[batch.id] is Reach.HIDDEN or batch.published_at is None:
            continue
        facts = (batch.product.commodity.value, reached[batch.id], vietnam_date(batch.published_at))
        if businesses[batch.business_id].kind not in TRADING:
            handled[batch.business_id].append(facts)
        for buyer in buyers[batch.id]:
            if businesses[buyer].kind in TRADING:
                handled[buyer].append(facts)
    return handled


def _commodities(
    session: Session,
    handled: dict[int, list[tuple[str, Reach, date]]],
    businesses: dict[int, Business],
) -> dict[int, set[str]]:
    """What each business deals in: its products, or what a trader received."""
    found: dict[int, set[str]] = defaultdict(set)
    for business_id, commodity in session.execute(select(Product.business_id, Product.commodity)):
        if businesses[business_id].kind not in TRADING:
            found[business_id].add(commodity.value)
    for business_id, batches in handled.items():
        found[business_id] |= {commodity for commodity, _, _ in batches}
    return found
