"""What a business tells about itself."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import StringField

from ...domain.businesses import BusinessKind
from ...domain.errors import TraceError
from ...domain.sites import SiteKind
from ...services.addresses import Address
from ...services.businesses import BusinessFacts
from ...services.sites import SiteFacts
from ..addresses import AddressForm
from ..fields import CHOOSE, KindField, KindRadioField, Required
from ..forms import Form


class ProfileForm(AddressForm):
    kind = KindRadioField(_l("Loại hình"), BusinessKind, validators=[Required()])
    legal_name = StringField(_l("Tên cơ sở"), [Required()])
    tax_code = StringField(_l("Mã số thuế"))
    household_number = StringField(_l("Số đăng ký hộ kinh doanh"))
    phone = StringField(_l("Điện thoại"), [Required()])
    street = StringField(_l("Số nhà, thôn, đường"))

    def facts(self) -> tuple[BusinessFacts, Address]:
        address = self.address(self.street.data or "")
        facts = BusinessFacts(
            kind=self.kind.data,
            legal_name=self.legal_name.data or "",
            tax_code=self.tax_code.data or "",
            household_number=self.household_number.data or "",
            phone=self.phone.data or "",
            commune_code=address.commune.code,
            street=address.street,
            former_address=address.former,
        )
        return facts, address


class ApplicationForm(ProfileForm):
    site_kind = KindField(_l("Loại địa điểm"), SiteKind, empty=CHOOSE)
    site_name = StringField(_l("Tên địa điểm"))
    documents = MultipleFileField(_l("Giấy tờ"))

    def site(self, commune_code: str) -> SiteFacts | None:
        """The first site, in the commune of the business; None where neither kind nor name was given."""
        if not self.site_name.data and not self.site_kind.data:
            return None
        kind = self.site_kind.data or SiteKind.GROWING_AREA
        return SiteFacts(kind=kind, name=self.site_name.data or "", commune_code=commune_code)

    def refuse(self, error: TraceError) -> None:
        if error.field == "name":  # of the site
            error.field = "site_name"
        super().refuse(error)


class DocumentsForm(Form):
    documents = MultipleFileField(_l("Giấy tờ"), [Required()])
