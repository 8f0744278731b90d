"""Counting which batches can be traced: done when something is written, so that reading costs nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from ..domain.batches import BatchStatus, refuse_recalled
from ..domain.certificates import Standing, standing
from ..domain.completeness import BatchFacts, Completeness, StageFacts, completeness
from ..domain.errors import Conflict, NotFound
from ..domain.stages import Chain, chain_of
from ..domain.vocabulary import BusinessStep
from ..storage.batches import Batch, complete_batches_of
from ..storage.businesses import Business
from ..storage.certificates import certificates_covering
from ..storage.chain import stages_of
from ..storage.products import Product
from ..storage.stages import stages_expected_of
from .reach import climb
from .standings import restand

_AT_A_TIME = 500


def completeness_of(session: Session, batch: Batch) -> Completeness:
    """The ten legal items of one batch, as they stand now."""
    return judge(session, [batch])[batch.id]


def recount(
    session: Session, *, product_id: int | None = None, business_id: int | None = None, batch: Batch | None = None
) -> None:
    """Judge published batches again: one that the caller has locked, those of a product, or all of a business, and count
    the business's.

    For every verb that changes what completeness rests on; within its transaction, without a commit.
    """
    session.flush()
    if batch is not None:
        owner = batch.business_id
        groups: Iterable[Sequence[Batch]] = [[batch] if batch.status is BatchStatus.PUBLISHED else []]
    else:
        owner = business_id or session.get_one(Product, product_id).business_id
        session.execute(select(Business.id).where(Business.id == owner).with_for_update())
        concerned = Batch.product_id == product_id if product_id else Batch.business_id == business_id
        groups = _in_groups(session, select(Batch).where(Batch.status == BatchStatus.PUBLISHED, concerned))
    published = batch is not None and batch.status is BatchStatus.PUBLISHED
    moved = [] if batch is None or (published and batch.reach) else [batch.id]
    for batches in groups:
        judged = judge(session, batches)
        for complete in (True, False):
            changed = [
                one.id for one in batches if judged[one.id].complete is complete and one.complete is not complete
            ]
            if changed:  # no new version: no fact of the batch changed
                moved += changed
                session.execute(update(Batch).where(Batch.id.in_(changed)).values(complete=complete))
    climb(session, moved)
    if batch is not None and not moved:
        return
    count, latest = session.execute(complete_batches_of(owner)).one()
    session.execute(
        update(Business).where(Business.id == owner).values(complete_batches=count, last_complete_at=latest)
    )
    restand(session, [owner])


def recount_with_step(session: Session, batch: Batch) -> None:
    """As ``recount``, after a step more was recorded: no step takes completeness away, so most often there is nothing to do."""
    if not batch.complete:
        recount(session, batch=batch)


def lock(
    session: Session, batch_id: int, version: int | None = None, *, also: Iterable[int] = (), recalled: bool = False
) -> Batch:
    """Load a batch for change, its business locked before it, as in ``recount``: two verbs wait, and neither for ever.

    ``also``: other businesses that the verb writes about; all are locked in the order of their ids.
    Raises NotFound, Conflict when the batch is no longer of ``version``, or, unless ``recalled`` ones are wanted too,
    BatchRecalled.
    """
    found = lock_all(session, [batch_id], also=also)
    if not found:
        raise NotFound
    batch = found[0]
    if version is not None and batch.version != version:
        raise Conflict
    if not recalled:
        refuse_recalled(batch.recall_id, batch.lot)
    return batch


def lock_all(session: Session, batch_ids: Collection[int], *, also: Iterable[int] = ()) -> Sequence[Batch]:
    """As ``lock``, for several at once, recalled ones too, by their ids; those that are not there are left out."""
    makers = [select(Batch.business_id).where(Batch.id == batch_id).scalar_subquery() for batch_id in batch_ids]
    session.execute(
        select(Business.id).where(Business.id.in_([*makers, *also])).order_by(Business.id).with_for_update()
    )
    standing_now = (
        select(Batch)
        .where(Batch.id.in_(batch_ids))
        .order_by(Batch.id)
        .options(joinedload(Batch.product, innerjoin=True), joinedload(Batch.business, innerjoin=True))
        .with_for_update(of=Batch)
        .execution_options(populate_existing=True)
    )
    return session.scalars(standing_now).all()


def _in_groups(session: Session, statement: Select[Batch]) -> Iterable[Sequence[Batch]]:
    after = 0
    while True:
        group = session.scalars(
            statement.where(Batch.id > after)
            .order_by(Batch.id)
            .limit(_AT_A_TIME)
            .options(joinedload(Batch.product), joinedload(Batch.business))
        ).all()
        yield group
        if len(group) < _AT_A_TIME:
            return
        after = group[-1].id


def judge(session: Session, batches: Sequence[Batch], chain: Chain | None = None) -> dict[int, Completeness]:
    """Each batch by the chain of its commodity and day, or all of them by ``chain``."""
    codes = {batch.id: batch.public_code or "" for batch in batches}
    made_on = {batch.id: batch.production_date for batch in batches}
    standards: dict[int, list[str]] = defaultdict(list)
    for row in session.execute(certificates_covering(list(codes))):
        if row.scheme.is_standard and standing(row, made_on[row.id]) is Standing.VALID:
            standards[row.id].append(row.scheme.value)
    stages: dict[int, list[StageFacts]] = defaultdict(list)
    for batch_id, step, site_code, time in session.execute(stages_of(list(codes))):
        stages[batch_id].append(StageFacts(BusinessStep(step), codes[batch_id], site_code, time))
    chains = (
        {batch_id: chain_of(expected) for batch_id, expected in session.execute(stages_expected_of(list(codes)))}
        if chain is None
        else dict.fromkeys(codes, chain)
    )
    return {
        batch.id: completeness(_facts(batch, stages[batch.id], standards[batch.id]), chains[batch.id])
        for batch in batches
    }


def _facts(batch: Batch, stages: Sequence[StageFacts], standards: Sequence[str]) -> BatchFacts:
    product, business = batch.product, batch.business
    return BatchFacts(
        product_name=product.name,
        has_image=product.photo_id is not None,
        business_name=business.legal_name,
        business_address=business.commune_code,
        stages=stages,
        production_date=batch.production_date,
        public_code=batch.public_code,
        brand=product.brand,
        best_before=batch.best_before,
        standards=[*product.standards, *standards],
    )
