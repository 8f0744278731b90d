"""How far a new business has come on its way to a printed label."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ..domain.batches import BatchStatus
from .batches import Batch
from .labels import LabelIssue
from .products import Product
from .sites import Site


@dataclass(frozen=True)
class Progress:
    product: bool
    site: bool
    batch: bool
    published: bool
    labels: bool

    @property
    def done(self) -> bool:
        return self.labels


def progress_of(session: Session, business_id: int) -> Progress:
    own = Batch.business_id == business_id
    steps = (
        exists().where(Product.business_id == business_id, Product.active),
        exists().where(Site.business_id == business_id, Site.active),
        exists().where(own),
        exists().where(own, Batch.status == BatchStatus.PUBLISHED),
        exists().where(own, LabelIssue.batch_id == Batch.id),
    )
    return Progress(*session.execute(select(*steps)).one())
