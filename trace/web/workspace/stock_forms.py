"""The forms of what is done with stock."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, HiddenField, SelectField, StringField, TextAreaField

from ...domain.balance import MovementKind
from ...domain.errors import N_, InvalidFields, InvalidInput, TraceError
from ...domain.quantities import Unit, format_amount, parse_amount
from ...request.database import db
from ...services.balance import REMOVALS, TransformationFacts
from ...services.changes import Faults
from ...services.clock import now, today
from ...services.making import check_split
from ...services.making_rules import rules_on
from ...storage.balance import Holding, holdings_of, holdings_of_code
from ...storage.batches import Batch
from ...storage.products import products_of
from ...storage.sites import sites_of
from ..fields import DayField, KindRadioField, Required, identifier
from ..forms import Form
from .batch_forms import MomentField

OFFERED = 50
Made = TypeVar("Made")


@dataclass
class Input:
    """A held batch in the list to choose from; ``typed`` is how much of it is to be used."""

    holding: Holding
    chosen: bool
    typed: str


class MakingForm(Form):
    """What products and places of the business a new batch may have. ``form_key``: the form sent twice is done once."""

    form_key = HiddenField()
    product_id = SelectField(_l("Sản phẩm làm ra"), [Required()], coerce=identifier, validate_choice=False)
    site_id = SelectField(_l("Nơi làm"), [Required()], coerce=identifier, validate_choice=False)
    at = MomentField(_l("Làm xong lúc"), [Required()])

    def offer(self, business_id: int) -> Self:
        self.business_id = business_id
        products = db.session.scalars(products_of(business_id, active=True)).all()
        self.products = {product.id: product for product in products}
        rules = rules_on(db.session, self.products, today())
        self.product_id.choices = [
            (product.id, product.name, {"data-unit": _(product.unit.label), "data-share": rules[product.id].share})
            for product in products
        ]
        self.site_id.choices = [(site.id, site.name) for site in db.session.scalars(sites_of(business_id, active=True))]
        if not self.is_submitted():
            self.form_key.data, self.at.data = secrets.token_urlsafe(16), now()
        return self

    @property
    def unit(self) -> Unit:
        product = self.products.get(self.product_id.data) or next(iter(self.products.values()), None)
        return product.unit if product else Unit.KGM

    @property
    def key(self) -> str | None:
        return (self.form_key.data or "")[:64] or None


class StockChoice(Form):
    """``inputs`` stands for the list of batches, whose boxes and amounts are read from the request."""

    inputs = StringField(_l("Chọn lô trong kho"))
    code = StringField(_l("Thêm lô theo mã"))

    def choose_from_stock(self, business_id: int) -> Self:
        """The batches asked for first, then those that came in last; all that is left of each is proposed."""
        wanted = {identifier(value) for value in request.values.getlist("batch")}
        newest = holdings_of(business_id, left=True).order_by(Holding.id.desc()).limit(OFFERED)
        held = {holding.batch_id: holding for holding in db.session.scalars(newest)}
        if wanted - held.keys():
            held = {**_by_batch(holdings_of(business_id, batch_ids=wanted - held.keys())), **held}
        if self.code.process_errors:  # what cannot be read is not asked for
            self.code.errors = self.code.process_errors
        elif self.code.data:
            added = _by_batch(holdings_of_code(business_id, self.code.data))
            wanted |= added.keys()
            held = {**added, **held}
            if added:
                self.code.data = ""
            else:  # both, as validation begins with the latter
                self.code.errors = self.code.process_errors = [_("Trong kho không có lô nào mang mã này.")]
        self.stock = [
            Input(holding, batch_id in wanted, self._typed(holding))
            for batch_id, holding in sorted(held.items(), key=lambda each: each[0] not in wanted)
            if batch_id in wanted or (holding.loose and holding.batch.status.value == "published")
        ]
        return self

    @property
    def chosen(self) -> Sequence[Input]:
        return [each for each in self.stock if each.chosen]

    @property
    def others(self) -> Sequence[Input]:
        return [each for each in self.stock if not each.chosen]

    def amounts(self, faults: Faults) -> list[tuple[int, int]]:
        """The ids of the batches that were chosen, and how much of each; what cannot be read is kept in ``faults``."""
        read = [(each.holding.batch_id, faults.attempt(_read, each)) for each in self.chosen]
        return [(batch_id, amount or 0) for batch_id, amount in read]

    @staticmethod
    def _typed(holding: Holding) -> str:
        left = format_amount(holding.loose, holding.product.unit).rpartition(" ")[0]
        return request.form.get(f"amount-{holding.batch_id}", left)[:40]


class TransformForm(StockChoice, MakingForm):
    inputs = StringField(_l("Lô đã dùng"))
    amount = StringField(_l("Làm ra được"), [Required()])
    loss = StringField(_l("Hao hụt"))
    lot = StringField(_l("Mã lô"))
    production_date = DayField(_l("Ngày thu hoạch, sản xuất"))
    best_before = DayField(_l("Hạn sử dụng"))

    def choose(self, business_id: int) -> Self:
        """Of what is chosen first, the product and place are proposed."""
        self.offer(business_id).choose_from_stock(business_id)
        if not self.is_submitted() and self.chosen:
            first = self.chosen[0].holding.batch
            if first.product_id in self.products:
                self.product_id.data = first.product_id
            self.site_id.data = first.site_id
        return self

    def facts(self) -> TransformationFacts:
        """Raises InvalidFields for what cannot be read at all."""
        faults = Faults()
        inputs = self.amounts(faults)
        made = faults.attempt(parse_amount, self.amount.data or "", self.unit)
        loss = faults.attempt(_amount_or_none, self.loss.data or "", self.unit)
        faults.raise_any()
        return TransformationFacts(
            inputs=inputs,
            product_id=self.product_id.data or 0,
            site_id=self.site_id.data or 0,
            amount=made or 0,
            at=self.at.data,
            loss=loss or 0,
            lot=self.lot.data or "",
            production_date=self.production_date.data,
            best_before=self.best_before.data,
        )


class SplitForm(MakingForm):
    """Product and place are asked for only where the batch is somebody else's."""

    amounts = FieldList(StringField(), _l("Các phần tách ra"), min_entries=2, max_entries=20)

    def of(self, holding: Holding) -> Self:
        self.holding = holding
        return self

    @property
    def is_own(self) -> bool:
        return self.holding.batch.business_id == self.business_id

    def parts(self) -> list[int]:
        """In base units; an empty line is no part. Raises InvalidFields."""
        faults, unit = Faults(), self.holding.product.unit
        typed = [str(entry.data) for entry in self.amounts if entry.data]
        found = [faults.attempt(parse_amount, each, unit, field="amounts") for each in typed]
        faults.raise_any()
        return [amount for amount in found if amount]

    def checked_parts(self) -> list[int]:
        """Raises also InvalidInput or NotEnoughHeld."""
        amounts = self.parts()
        check_split(self.holding, amounts)
        return amounts


class RemovalForm(Form):
    """``seen`` is what was left when the form was opened."""

    seen = HiddenField()
    kind = KindRadioField(_l("Vì sao ra khỏi kho"), MovementKind, validators=[Required()])
    amount = StringField(_l("Khối lượng hoặc số lượng"), [Required()])
    at = MomentField(_l("Lúc nào"), [Required()])
    reason = TextAreaField(_l("Lý do"))

    def offer(self, holding: Holding) -> Self:
        self.kind.choices = [(str(kind), _(kind.label)) for kind in REMOVALS]
        if not self.is_submitted():
            self.at.data, self.seen.data = now(), str(holding.amount)
        return self

    @property
    def left_then(self) -> int | None:
        text = str(self.seen.data or "")
        return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else None


def at_fields(verb: Callable[[], Made], **fields: str) -> Made:
    """Run a verb; what it says of one input is shown at the field of ours that stands for it."""
    try:
        return verb()
    except InvalidFields:
        raise
    except TraceError as error:
        error.field = fields.get(error.field or "", error.field)
        raise


def _by_batch(statement: Any) -> dict[int, Holding]:
    found: Iterable[Holding] = db.session.scalars(statement)
    return {holding.batch_id: holding for holding in found}


def _read(each: Input) -> int:
    batch: Batch = each.holding.batch
    try:
        return parse_amount(each.typed, batch.product.unit, field="inputs")
    except InvalidInput as error:
        sentence = N_("Lô %(lot)s: hãy nhập đã dùng bao nhiêu, ví dụ 12,5.")
        raise InvalidInput(sentence, field="inputs", lot=batch.lot) from error


def _amount_or_none(typed: str, unit: Unit) -> int:
    return parse_amount(typed, unit, field="loss") if typed.strip() not in ("", "0") else 0
