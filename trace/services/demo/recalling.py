"""The acts of one recall, which the department ordered: a shop has answered, its grower not yet."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.approvals import ApprovalKind
from ...domain.recalls import Disposal, RecallClass, Scope, ScopeKind
from ...storage.batches import Batch
from ...storage.recalls import Recall, holder_of, items_of
from .. import recall_answers, recalls
from ..recall_answers import Found
from ..recalls import RecallFacts
from .stage import Stage

REASON = "Mẫu rau lấy tại cửa hàng có dư lượng thuốc bảo vệ thực vật vượt mức cho phép (ví dụ)."
CONFIRMATION = "thu hồi"
LOCATED = 9_000  # grams, of the 12 kg that the shop got
NOTE = "Ba cân đã bán hết trong ngày; phần còn lại đã tiêu hủy tại cửa hàng."


def recall(stage: Stage) -> None:
    batch, officer = stage.session.get_one(Batch, stage.batches["recalled"]), stage.actor("officer")
    facts = RecallFacts(
        recall_class=RecallClass.MODERATE,
        reason=REASON,
        scope=Scope(kind=ScopeKind.BATCHES, codes=(batch.public_code or "",)),
        phone="0900 000 041",
    )
    with stage.on(1, 10, 15):
        made = recalls.propose(stage.session, officer, facts, business_id=None)
        recalls.confirm(
            stage.session, officer, made.id, business_id=None, word=CONFIRMATION, public_url=stage.public_url
        )
    with stage.on(1, 10, 40):
        stage.approve(ApprovalKind.RECALL, made.id, "Kết quả kiểm nghiệm đã được đối chiếu.")
    shop = stage.businesses["shop"]
    asked = stage.session.scalars(holder_of(made.id, shop)).one()
    (item,) = stage.session.scalars(items_of(asked.id))
    with stage.on(1, 14, 20):
        recall_answers.acknowledge(
            stage.session,
            stage.actor("shop"),
            made.id,
            business_id=shop,
            found=[Found(item_id=item.id, amount=LOCATED, disposal=Disposal.DESTROY)],
            note=NOTE,
            public_url=stage.public_url,
        )


def recall_link(session: Session, public_url: str) -> str:
    """What everyone reads of it."""
    number = session.scalars(select(Recall.number).where(Recall.reason == REASON)).one()
    return f"{public_url}/recalls/{number}"
