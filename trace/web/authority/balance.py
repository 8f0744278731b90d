"""One batch over all who hold or held it."""

from flask import render_template

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services.audit import note_looks
from ...services.whole_balance import batch_of_code, whole_balance_of
from .. import balance_rows
from .blueprint import bp


@bp.get("/batches/<code>/balance")
@requires(Permission.BATCHES_OVERSEE)
def batch_balance(code: str) -> str:
    batch = batch_of_code(db.session, code)
    balance = whole_balance_of(db.session, batch)
    note_looks(
        db.session, current_actor(), "balance", [batch.business_id, *(each.business_id for each in balance.holders)]
    )
    return render_template(
        "authority/balance.html",
        batch=batch,
        rows=balance_rows.of_all_holders(balance, batch.product.unit),
        making=balance_rows.of_making(balance.making) if balance.making else None,
        holders=balance.holders,
    )
