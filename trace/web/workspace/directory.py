"""The directory of businesses: what one's own business shows there, and finding others."""

from dataclasses import fields
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import directory as verbs
from ...services.connections import is_blocked
from ...services.directory import ListingFacts
from ...storage.connections import open_between
from ...storage.directory import Listing, listing_of
from .. import directory as shared
from ..fields import VersionedForm
from ..forms import Form
from .blueprint import Answer, bp


class ListingForm(VersionedForm):
    listed = BooleanField(_l("Hiện cơ sở trong danh bạ kết nối"))
    offers = TextAreaField(_l("Cơ sở có gì để bán, cung cấp"))
    seeks = TextAreaField(_l("Cơ sở cần mua, cần tìm gì"))
    shows_products = BooleanField(_l("Cho xem nhóm hàng và bao bì của các sản phẩm đang dùng"))
    shows_certificates = BooleanField(_l("Cho xem các loại giấy chứng nhận còn hiệu lực"))
    shows_street = BooleanField(_l("Cho xem số nhà, thôn, đường"))
    contact_name = StringField(_l("Người liên hệ"))
    shares_phone = BooleanField(_l("Cho xem điện thoại của cơ sở"))
    email = StringField(_l("E-mail liên hệ"))

    def facts(self) -> ListingFacts:
        given: dict[str, Any] = {each.name: self[each.name].data or each.default for each in fields(ListingFacts)}
        return ListingFacts(**given)


class RequestForm(Form):
    wanted = StringField(_l("Bạn cần gì"))
    message = TextAreaField(_l("Lời nhắn"))


@bp.get("/<int:business_id>/directory")
@requires(Permission.BUSINESS_READ)
def directory(business_id: int) -> str:
    """The others that chose to be found; for approved businesses."""
    verbs.check_reader(db.session, current_actor(), business_id)
    return render_template("workspace/directory/list.html", **shared.listed(), own=_own(business_id))


@bp.get("/<int:business_id>/directory/<int:listed>")
@requires(Permission.BUSINESS_READ)
def directory_found(business_id: int, listed: int) -> str:
    verbs.check_reader(db.session, current_actor(), business_id)
    return entry_page(business_id, listed, RequestForm())


@bp.route("/<int:business_id>/directory/own", methods=["GET", "POST"])
@requires(Permission.BUSINESS_WRITE)
def directory_listing(business_id: int) -> Answer:
    own = _own(business_id)
    form = ListingForm(obj=own or Listing(shows_products=True, shows_certificates=True, version=""))
    if form.validate_on_submit() and form.attempt(
        verbs.set_listing, db.session, current_actor(), business_id, form.facts(), version=form.seen
    ):
        flash(_("Đã lưu phần hiện trong danh bạ."), "success")
        return redirect(url_for("workspace.connections", business_id=business_id), 303)
    return render_template("workspace/directory/listing.html", form=form), 422 if form.errors else 200


def entry_page(business_id: int, listed: int, form: Form) -> str:
    """What a business shows, how one stands with it, and the form to ask it."""
    return render_template(
        "workspace/directory/show.html",
        entry=verbs.entry_of(db.session, listed),
        form=form,
        connection=db.session.scalars(open_between(business_id, listed)).one_or_none(),
        blocked=is_blocked(db.session, business_id, listed),
        own=_own(business_id),
        can_ask=verbs.contact_of(_own(business_id)).is_enough,
    )


def _own(business_id: int) -> Listing | None:
    return db.session.scalars(listing_of(business_id)).one_or_none()
