"""The form of packing a case."""

import secrets
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField

from ...request.database import db
from ...services.cases import CaseFacts
from ...services.changes import Faults
from ...services.clock import now
from ...storage.sites import sites_of
from ..fields import Required, identifier
from .batch_forms import MomentField
from .stock_forms import StockChoice


class PackForm(StockChoice):
    """``form_key``: the form sent twice packs one case."""

    form_key = HiddenField()
    inputs = StringField(_l("Trong thùng có"))
    site_id = SelectField(_l("Đóng thùng ở đâu"), [Required()], coerce=identifier, validate_choice=False)
    at = MomentField(_l("Đóng xong lúc"), [Required()])
    sscc = StringField(_l("Mã SSCC đã in trên thùng"))

    def choose(self, business_id: int) -> Self:
        sites = db.session.scalars(sites_of(business_id, active=True)).all()
        self.site_id.choices = [(site.id, site.name) for site in sites]
        if not self.is_submitted():
            self.form_key.data, self.at.data = secrets.token_urlsafe(16), now()
            self.site_id.data = next((site.id for site in sites if not site.kind.produces), None)
        return self.choose_from_stock(business_id)

    def facts(self) -> CaseFacts:
        """Raises InvalidFields for what cannot be read at all."""
        faults = Faults()
        contents = self.amounts(faults)
        faults.raise_any()
        return CaseFacts(contents=contents, site_id=self.site_id.data or 0, at=self.at.data, sscc=self.sscc.data or "")

    @property
    def key(self) -> str | None:
        return (self.form_key.data or "")[:64] or None
