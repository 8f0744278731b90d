"""What may be added when a product is made, and what one piece of it weighs."""

import re

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from ...domain.errors import N_, InvalidInput
from ...domain.making_rules import LARGEST_SHARE, MakingRule
from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...services import making_rules as verbs
from ...services.clock import today
from ...storage.making_rules import DeclaredRule, rules_of
from ...storage.pages import newest_first
from ...storage.products import Product
from .. import filters
from ..fields import DayField, Required, WholeNumberField
from ..forms import Form
from .blueprint import Answer, bp


class MakingRuleForm(Form):
    added = TextAreaField(_l("Nguyên liệu được thêm"))
    grams_per_piece = WholeNumberField(_l("Số gam mỗi đơn vị"))
    valid_from = DayField(_l("Áp dụng từ ngày"), [Required()])

    def show(self, rule: MakingRule) -> None:
        self.added.data = "\n".join(f"{name} {share}%" for name, share in rule.added.items())
        self.grams_per_piece.data, self.valid_from.data = rule.grams_per_piece, today()

    def save(self, product: Product) -> DeclaredRule:
        if self.valid_from.data is None:
            sentence = N_("Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2026.")
            raise InvalidInput(sentence, field="valid_from")
        rule = MakingRule(parse_ingredients(self.added.data or ""), self.grams_per_piece.data)
        return verbs.declare(db.session, current_actor(), product.id, rule, valid_from=self.valid_from.data)


def parse_ingredients(typed: str) -> dict[str, int]:
    """``{"Nước": 20}`` from lines like "Nước 20%" or "Nước: 20". Raises InvalidInput on ``added``."""
    added: dict[str, int] = {}
    for line in filter(None, (line.strip() for line in typed.splitlines())):
        read = re.fullmatch(r"(.+?)[\s:]+(\d{1,6})\s*%?", line, re.ASCII)
        if read is None:
            sentence = N_("Chưa đọc được “%(line)s”. Hãy viết tên rồi tỷ lệ, ví dụ: Nước 20%%.")
            raise InvalidInput(sentence, field="added", line=line)
        if read[1] in added:
            raise InvalidInput(N_("“%(name)s” được ghi hai lần."), field="added", name=read[1])
        added[read[1]] = int(read[2])
    return added


@bp.route("/<int:business_id>/products/<int:product_id>/making-rule", methods=["GET", "POST"])
@requires(Permission.PRODUCTS_WRITE)
def product_making_rule(business_id: int, product_id: int) -> Answer:
    product = owned(Product, product_id, business_id)
    form = MakingRuleForm()
    if form.validate_on_submit() and form.attempt(form.save, product):
        flash(_("Đã lưu công thức của %(product)s.", product=product.name), "success")
        return redirect(url_for("workspace.product", business_id=business_id, product_id=product_id), 303)
    if not form.is_submitted():
        form.show(verbs.rules_on(db.session, [product_id], today())[product_id])
    page = newest_first(db.session, rules_of(product_id), DeclaredRule.id, after=filters.identifier("after"))
    shown = render_template(
        "workspace/products/making_rule.html", form=form, product=product, page=page, largest=LARGEST_SHARE
    )
    return shown, 422 if form.errors else 200
