"""What a business makes."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.errors import N_, InvalidInput
from ...domain.identifiers import Gtin
from ...domain.permissions import Permission
from ...domain.products import Commodity, PackagingMaterial
from ...domain.quantities import Unit, format_amount, parse_amount
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.files import file_store
from ...services import products as verbs
from ...services.products import ProductFacts
from ...storage.batches import latest_published_of
from ...storage.products import Product, products_of
from ..fields import (
    CHOOSE,
    DegreesCelsiusField,
    KindField,
    KindRadioField,
    Required,
    VersionedForm,
    WholeNumberField,
    upload,
)
from .blueprint import Answer, bp, use_or_stop


class ProductForm(VersionedForm):
    name = StringField(_l("Tên sản phẩm"), [Required()])
    name_en = StringField(_l("Tên tiếng Anh"))
    commodity = KindField(_l("Nhóm hàng"), Commodity, empty=CHOOSE, validators=[Required()])
    unit = KindRadioField(_l("Đơn vị tính"), Unit, validators=[Required()], default=Unit.KGM)
    photo = FileField(_l("Ảnh sản phẩm"))
    camera = FileField(_l("Chụp ảnh ngay"))
    pack_sizes = StringField(_l("Quy cách đóng gói"))
    shelf_life_days = WholeNumberField(_l("Thời hạn sử dụng"))
    storage_low = DegreesCelsiusField(_l("Bảo quản từ"))
    storage_high = DegreesCelsiusField(_l("Bảo quản đến"))
    stamp_occasions = WholeNumberField(_l("Mỗi tem thường được quét nhiều nhất"))
    standards = TextAreaField(_l("Tiêu chuẩn áp dụng"))
    packaging_material = KindField(_l("Bao bì"), PackagingMaterial, empty=CHOOSE)
    brand = StringField(_l("Thương hiệu"))
    gtin = StringField(_l("Mã vạch GTIN"))

    def save(self, business_id: int, product: Product | None) -> Product:
        facts = ProductFacts(
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            commodity=self.commodity.data,
            brand=self.brand.data or "",
            gtin=self.gtin.data or "",
            unit=self.unit.data,
            pack_sizes=parse_pack_sizes(self.pack_sizes.data or "", self.unit.data),
            shelf_life_days=self.shelf_life_days.data,
            storage_low=self.storage_low.data,
            storage_high=self.storage_high.data,
            stamp_occasions=self.stamp_occasions.data,
            standards=re.split(r"[;\n]", self.standards.data or ""),
            packaging_material=self.packaging_material.data,
        )
        photo = upload(self.photo) or upload(self.camera)
        if product is None:
            return verbs.register(db.session, current_actor(), business_id, facts, photo=photo, store=file_store())
        return verbs.update(
            db.session, current_actor(), product.id, facts, version=self.seen, photo=photo, store=file_store()
        )


def parse_pack_sizes(typed: str, unit: Unit) -> list[int]:
    """Base units from "0,5; 1" or "300 g; 1 kg". Raises InvalidInput on ``pack_sizes``."""
    sizes = []
    for text in filter(None, re.split(r"\s*[;/\n]\s*|\s+(?=\d)", typed.strip())):
        if unit is not Unit.EA and (
            small := re.fullmatch(r"(\d{1,9}) ?(?:g|gr|gam|ml)", text, re.ASCII | re.IGNORECASE)
        ):
            sizes.append(int(small[1]))
            continue
        try:
            sizes.append(parse_amount(text, unit))
        except InvalidInput:
            message = N_("Chưa đọc được “%(size)s”. Hãy viết các quy cách cách nhau bằng dấu chấm phẩy: 0,3; 0,5; 1.")
            raise InvalidInput(message, field="pack_sizes", size=text) from None
    return sizes


@bp.get("/<int:business_id>/products")
@requires(Permission.BUSINESS_READ)
def products(business_id: int) -> str:
    kept = db.session.scalars(products_of(business_id)).all()
    return render_template("workspace/products/list.html", products=kept)


@bp.route("/<int:business_id>/products/new", methods=["GET", "POST"])
@requires(Permission.PRODUCTS_WRITE)
def new_product(business_id: int) -> Answer:
    return _edit(ProductForm(), business_id, None)


@bp.route("/<int:business_id>/products/<int:product_id>", methods=["GET", "POST"])
@requires(Permission.PRODUCTS_WRITE)
def product(business_id: int, product_id: int) -> Answer:
    kept = owned(Product, product_id, business_id)
    form = ProductForm(obj=kept if request.method == "GET" else None)
    if request.method == "GET":
        form.pack_sizes.data = "; ".join(format_amount(size, kept.unit) for size in kept.pack_sizes)
        form.gtin.data = str(Gtin(kept.gtin)) if kept.gtin else ""
        form.standards.data = "\n".join(kept.standards)
    return _edit(form, business_id, kept)


@bp.post("/<int:business_id>/products/<int:product_id>/active")
@requires(Permission.PRODUCTS_WRITE)
def set_product_active(business_id: int, product_id: int) -> Response:
    return use_or_stop(
        verbs.set_active,
        owned(Product, product_id, business_id),
        used=_("Đã dùng lại sản phẩm."),
        stopped=_("Đã ngừng sản phẩm. Có thể dùng lại bất cứ lúc nào."),
        back="workspace.products",
    )


def _edit(form: ProductForm, business_id: int, kept: Product | None) -> Answer:
    if form.validate_on_submit() and form.attempt(form.save, business_id, kept):
        flash(_("Đã lưu sản phẩm."), "success")
        return redirect(url_for("workspace.products", business_id=business_id), 303)
    shown_batch = db.session.scalar(latest_published_of(business_id, kept.id)) if kept else None
    page = render_template("workspace/products/form.html", form=form, product=kept, shown_batch=shown_batch)
    return page, 422 if form.errors else 200
