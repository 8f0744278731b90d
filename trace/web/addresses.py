"""The part of a form that asks for a commune. It understands free text, so it works without the type-ahead."""

from typing import Any

from flask import flash
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField, SelectField, StringField

from ..domain.addresses import HA_NOI
from ..domain.errors import TraceError
from ..services.addresses import Address, CommuneUnclear, settle_address
from ..storage.addresses import gazetteer
from .fields import Required, VersionedForm


class AddressForm(VersionedForm):
    province = SelectField(lazy_gettext("Tỉnh, thành phố"), [Required()], validate_choice=False, default=HA_NOI)
    commune = StringField(lazy_gettext("Xã, phường, đặc khu"), [Required()])
    commune_choice = RadioField(lazy_gettext("Ý bạn là nơi nào?"), validate_choice=False, choices=[])
    former_address = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province.choices = [(province.code, province.name) for province in gazetteer().provinces()]

    def address(self, street: str = "") -> Address:
        """Raises InvalidInput or CommuneUnclear, both on ``commune``."""
        return settle_address(
            commune=self.commune.data or "",
            province_code=self.province.data or "",
            street=street,
            chosen=self.commune_choice.data or "",
            former=self.former_address.data or "",
        )

    def refuse(self, error: TraceError) -> None:
        if isinstance(error, CommuneUnclear):
            self.commune_choice.choices = [(commune.code, commune.full_name) for commune in error.alternatives]
        super().refuse(error)


def commune_of(commune_code: str | None) -> dict[str, str]:
    """How a form starts whose object stands in this commune."""
    if commune_code is None:
        return {}
    commune = gazetteer().commune(commune_code)
    return {"commune": commune.name, "province": commune.province.code}


def tell_conversion(address: Address) -> None:
    """Say what a former commune became, on the next page."""
    if address.note:
        flash(gettext(address.note.message, **address.note.values), "info")
