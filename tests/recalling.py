"""A farm that takes back what it sold, for tests."""

from typing import Any

from sqlalchemy import select

from tests.farm import MORNING, URL, Farm
from trace.domain.public_code import mint
from trace.domain.recalls import RecallClass, Scope, ScopeKind
from trace.services import balance, recalls
from trace.services.making import TransformationFacts
from trace.services.recalls import RecallFacts
from trace.storage.batches import Batch
from trace.storage.recalls import Recall, RecallBatch

CODE = mint(bytes(8))


def make(farm: Farm, *parents: Batch, of_each: int = 1000) -> Batch:
    facts = TransformationFacts(
        inputs=[(parent.id, of_each) for parent in parents],
        product_id=farm.product.id,
        site_id=farm.site.id,
        amount=of_each * len(parents),
        at=MORNING,
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)


def facts(*found: Batch, scope: Scope | None = None, **more: Any) -> RecallFacts:
    codes = tuple(batch.public_code or "" for batch in found)
    return RecallFacts(
        **{
            "recall_class": RecallClass.SERIOUS,
            "reason": "Dư lượng thuốc vượt mức",
            "scope": scope or Scope(kind=ScopeKind.BATCHES, codes=codes),
            "phone": "0912345678",
            **more,
        }
    )


def propose(farm: Farm, *found: Batch, **more: Any) -> Recall:
    return recalls.propose(farm.session, farm.owner, facts(*found, **more), business_id=farm.business.id)


def confirm(farm: Farm, recall: Recall, **more: Any) -> Recall:
    given = {"business_id": farm.business.id, "word": "Thu hồi", "public_url": URL, **more}
    return recalls.confirm(farm.session, farm.owner, recall.id, **given)


def covered(farm: Farm, recall: Recall) -> set[int]:
    return set(farm.session.scalars(select(RecallBatch.batch_id).where(RecallBatch.recall_id == recall.id)))
