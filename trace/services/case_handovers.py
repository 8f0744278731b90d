"""Giving a whole case to another business: one delivery for each batch in it, answered together while it stays closed."""

from sqlalchemy.orm import Session

from ..domain.cases import CaseStatus
from ..domain.handovers import OfferedToItself
from ..domain.permissions import Actor, Permission, require
from ..storage.handovers import Handover, handover_of_form
from . import holdings
from .cases import case_of, closed_case
from .handover_steps import tell
from .handovers import Shipment, write_offer


def offer_case(
    session: Session,
    actor: Actor,
    business_id: int,
    case_id: int,
    shipment: Shipment,
    *,
    public_url: str,
    client_key: str = "",
) -> tuple[list[Handover], str]:
    """Give a closed case with all that is in it. The same ``client_key`` again returns what it made the first time.

    Returns the deliveries, and the token of an invitation as ``handovers.offer`` does. Raises CaseNotClosed, NotFound,
    BatchRecalled and as ``handovers.offer``.
    """
    require(actor, Permission.HANDOVERS_WRITE, business_id)
    if shipment.buyer_id == business_id:
        raise OfferedToItself(field="buyer")
    case_of(session, business_id, case_id)
    if client_key and (made := session.scalars(handover_of_form(business_id, client_key)).one_or_none()):
        return [made], ""
    case = closed_case(session, business_id, case_id, also=[*filter(None, [shipment.buyer_id])])
    made_all, token = [], ""
    for number, content in enumerate(case.contents):
        holdings.unpack(session, content.batch, business_id, content.amount)
        made, other = write_offer(
            session,
            actor,
            business_id,
            content.batch,
            content.amount,
            shipment,
            public_url,
            "" if number else client_key,
            case=case,
        )
        made_all.append(made)
        token = token or other
    case.status = CaseStatus.SHIPPED
    tell(session, made_all[0], "handover-offered", shipment.buyer_id, in_case=made_all)
    session.commit()
    return made_all, token
