"""The forms of deliveries."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from ...domain.addresses import HA_NOI
from ...domain.errors import N_, InvalidInput, TraceError
from ...domain.handovers import BuyerNotFound
from ...domain.quantities import parse_amount
from ...domain.text import fold
from ...request.database import db
from ...services.addresses import settle_address
from ...services.handover_invitations import Counterparty
from ...services.handovers import OfferFacts, Shipment
from ...storage.balance import Holding
from ...storage.businesses import Business
from ...storage.handovers import Handover, buyers_named
from ...storage.sites import sites_of
from ..fields import Required, identifier
from ..forms import Form
from .batch_forms import MomentField


class BuyerUnclear(InvalidInput):
    """Several approved businesses, or one that is only similar, answer to what was typed."""

    code = "buyer-unclear"
    message = N_("Hãy chọn đúng bên nhận ở dưới.")

    def __init__(self, alternatives: list[Business]) -> None:
        super().__init__(field="buyer")
        self.alternatives = alternatives


class OptionalMomentField(MomentField):
    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if "".join(valuelist).strip():
            super().process_formdata(valuelist)


class ShipmentForm(Form):
    """``form_key`` makes the form sent twice one delivery. Whoever is typed as buyer goes before a stranger."""

    form_key = HiddenField()
    buyer = StringField(_l("Giao cho cơ sở nào"), [Required()])
    buyer_choice = RadioField(_l("Ý bạn là cơ sở nào?"), validate_choice=False, choices=[])
    buyer_name = StringField(_l("Tên người hoặc nơi nhận"), [Required()])
    buyer_phone = StringField(_l("Số điện thoại"), [Required()])
    buyer_commune = StringField(_l("Xã, phường"))
    site_id = SelectField(_l("Giao từ đâu"), [Required()], coerce=identifier, validate_choice=False)
    vehicle = StringField(_l("Biển số xe"))
    expected_at = OptionalMomentField(_l("Dự kiến tới nơi"))
    shipped_at = OptionalMomentField(_l("Giao lúc"))

    def __init__(self, business_id: int, usual_site_id: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        sites = db.session.scalars(sites_of(business_id, active=True)).all()
        self.site_id.choices = [(site.id, site.name) for site in sites]
        if not self.is_submitted():
            self.form_key.data = secrets.token_urlsafe(16)
            self.site_id.data = usual_site_id or next((site.id for site in sites if not site.kind.produces), None)

    @property
    def key(self) -> str:
        return (self.form_key.data or "")[:64]

    def shipment(self) -> Shipment:
        """Raises InvalidInput for what cannot be read at all, BuyerNotFound or BuyerUnclear."""
        return Shipment(
            buyer_id=self._buyer(),
            counterparty=self._counterparty(),
            site_id=self.site_id.data or None,
            vehicle=self.vehicle.data or "",
            expected_at=self.expected_at.data,
            shipped_at=self.shipped_at.data,
        )

    def refuse(self, error: TraceError) -> None:
        if isinstance(error, BuyerUnclear):
            self.buyer_choice.choices = [
                (str(each.id), f"{each.legal_name} · {each.tax_code or each.household_number}")
                for each in error.alternatives
            ]
        super().refuse(error)

    def _buyer(self) -> int | None:
        typed = self.buyer.data or ""
        if not typed:
            return None
        found = list(db.session.scalars(buyers_named(typed)))
        if chosen := [each for each in found if str(each.id) == self.buyer_choice.data]:
            return chosen[0].id
        exact = [each for each in found if typed == each.tax_code or fold(typed) == each.folded_name]
        if len(exact) == 1:
            return exact[0].id
        raise BuyerUnclear(exact or found) if found else BuyerNotFound(field="buyer")

    def _counterparty(self) -> Counterparty | None:
        if self.buyer.data or not (self.buyer_name.data or self.buyer_phone.data):
            return None
        commune = self.buyer_commune.data and settle_address(commune=self.buyer_commune.data, province_code=HA_NOI)
        return Counterparty(
            name=self.buyer_name.data or "",
            phone=self.buyer_phone.data or "",
            commune_code=commune.commune.code if commune else None,
        )


class OfferForm(ShipmentForm):
    amount = StringField(_l("Giao bao nhiêu"), [Required()])

    def __init__(self, holding: Holding, **kwargs: Any) -> None:
        own = holding.batch.site_id if holding.batch.business_id == holding.business_id else None
        super().__init__(holding.business_id, own, **kwargs)
        self.holding = holding

    def facts(self) -> OfferFacts:
        """Raises InvalidAmount and as ``shipment``."""
        amount = parse_amount(self.amount.data or "", self.holding.product.unit)
        return OfferFacts(batch_id=self.holding.batch_id, amount=amount, **vars(self.shipment()))


class ReceiveForm(Form):
    """A number that was typed counts, whichever button was pressed."""

    site_id = SelectField(_l("Nhận ở đâu"), [Required()], coerce=identifier, validate_choice=False)
    received = StringField(_l("Thực nhận"), [Required()])
    reason = TextAreaField(_l("Vì sao thiếu"), [Required()])

    def __init__(self, handover: Handover, business_id: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.handover = handover
        sites = db.session.scalars(sites_of(business_id, active=True)).all()
        self.site_id.choices = [(site.id, site.name) for site in sites]

    def amount(self, *, everything: bool) -> int | None:
        """None: everything came. Raises InvalidAmount."""
        typed = self.received.data or ""
        return None if everything and not typed else parse_amount(typed, self.handover.product.unit, field="received")


class SayForm(Form):
    """Why a delivery is refused, taken back, disputed or settled."""

    reason = TextAreaField(_l("Lý do"), [Required()], id="said")
