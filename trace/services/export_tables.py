"""The department's tables as columns for a file: what each is called, and how a row fills it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.orm import Session

from ..domain.businesses import BusinessKind
from ..domain.certificates import standing
from ..domain.errors import N_
from ..domain.labelled import Labelled
from ..domain.permissions import Actor, Permission, require
from ..domain.products import Commodity
from ..domain.public_code import grouped
from ..domain.risks import Factor
from ..storage.addresses import gazetteer
from ..storage.audit import AuditEntry
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.certificates import Certificate
from ..storage.complaints import Complaint
from ..storage.coverage import Match, RegisterEntry
from ..storage.database import reading
from ..storage.products import Product
from ..storage.risks import BusinessRisk
from ..storage.sites import Site
from ..storage.standings import Standing
from . import audit
from .clock import today
from .exports import Cell, Column
from .phones import format_phone
from .plan_tables import ACTIVITY_COLUMNS

AT_A_TIME = 500


class Table(Labelled):
    """``value`` is the name of the file."""

    BUSINESSES = "businesses", N_("Cơ sở")
    SITES = "sites", N_("Địa điểm")
    PRODUCTS = "products", N_("Sản phẩm")
    CERTIFICATES = "certificates", N_("Giấy chứng nhận")
    BATCHES = "batches", N_("Lô hàng")
    COMPLAINTS = "complaints", N_("Phản ánh")
    REGISTER = "register", N_("Danh sách chính thức")
    RISKS = "risks", N_("Điểm rủi ro")
    STANDINGS = "standings", N_("Từng cơ sở trong danh sách")
    ACTIVITIES = "activities", N_("Sổ hoạt động")
    AUDIT = "audit", N_("Nhật ký thao tác")


PERMISSIONS: dict[Table, Permission] = {
    Table.BUSINESSES: Permission.REGISTER_READ,
    Table.SITES: Permission.REGISTER_READ,
    Table.PRODUCTS: Permission.REGISTER_READ,
    Table.CERTIFICATES: Permission.REGISTER_READ,
    Table.BATCHES: Permission.BATCHES_READ,
    Table.COMPLAINTS: Permission.COMPLAINTS_READ,
    Table.REGISTER: Permission.COVERAGE_READ,
    Table.RISKS: Permission.RISKS_READ,
    Table.STANDINGS: Permission.COVERAGE_READ,
    Table.ACTIVITIES: Permission.PLANS_READ,
    Table.AUDIT: Permission.AUDIT_READ,
}


class MatchWord(Labelled):
    """What a person reads for each ``storage.coverage.Match``."""

    NONE = "none", N_("Chưa khớp")
    PROPOSED = "proposed", N_("Chờ xác nhận")
    TAX_CODE = "tax_code", N_("Khớp mã số thuế")
    CONFIRMED = "confirmed", N_("Cán bộ xác nhận")
    REFUSED = "refused", N_("Không phải cơ sở được gợi ý")


def export(
    session: Session, actor: Actor, table: Table, question: Select[*tuple[Any, ...]], filters: Mapping[str, str]
) -> Iterator[Any]:
    """The rows of a table, read in portions, after noting in the audit trail who took which part of it away.

    ``question`` selects models.
    """
    require(actor, PERMISSIONS[table])
    one = filters.get("business", "")
    asked_about = int(one) if one.isascii() and one.isdecimal() and len(one) < 16 else 0
    business: Business | None = session.get(Business, asked_about)
    audit.record_look(
        session,
        actor,
        f"exports:{table.value}",
        table.value,
        business_id=business.id if business else None,
        changes=filters,
    )
    return _rows(session.get_bind(), question.execution_options(yield_per=AT_A_TIME))


def _rows(bind: Engine | Connection, question: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """In a session of their own: a file goes on after the request, whose session is closed by then."""
    with Session(bind) as session:
        with reading():
            rows = session.execute(question)
        for row in rows:
            yield row[0]


def _place(code: str | None) -> str:
    return gazetteer().commune(code).full_name if code else ""


def _amount(batch: Batch) -> Decimal:
    return Decimal(batch.amount) / batch.product.unit.base_units


def _points_for(factor: Factor) -> Callable[[BusinessRisk], Cell]:
    return lambda risk: sum(point.points for point in risk.points if point.fact.factor is factor)


def _enrolled_as(entry: RegisterEntry) -> str:
    return entry.business.legal_name if entry.business and entry.match is not Match.REFUSED else ""


def _changes(entry: AuditEntry) -> Cell:
    return "; ".join(f"{name}: {value}" for name, value in entry.changes.items())[:32_000]


COLUMNS: dict[Table, list[Column[Any]]] = {
    Table.BUSINESSES: [
        Column[Business](N_("Tên cơ sở"), lambda each: each.legal_name, 42),
        Column[Business](N_("Mã số thuế"), lambda each: each.tax_code, 16),
        Column[Business](N_("Số đăng ký hộ kinh doanh"), lambda each: each.household_number),
        Column[Business](N_("Loại hình"), lambda each: each.kind, 24),
        Column[Business](N_("Tình trạng"), lambda each: each.status),
        Column[Business](N_("Điện thoại"), lambda each: format_phone(each.phone)),
        Column[Business](N_("Địa chỉ"), lambda each: each.street, 32),
        Column[Business](N_("Xã, phường"), lambda each: _place(each.commune_code), 36),
        Column[Business](N_("Mã xã, phường"), lambda each: each.commune_code),
        Column[Business](N_("Số lô đủ nội dung"), lambda each: each.complete_batches),
        Column[Business](N_("Lô đủ nội dung gần nhất"), lambda each: each.last_complete_at),
        Column[Business](N_("Ngày đăng ký"), lambda each: each.created_at),
        Column[Business](N_("Quyết định gần nhất"), lambda each: each.decided_at),
    ],
    Table.SITES: [
        Column[Site](N_("Mã địa điểm"), lambda each: each.code),
        Column[Site](N_("Tên địa điểm"), lambda each: each.name, 32),
        Column[Site](N_("Loại địa điểm"), lambda each: each.kind, 24),
        Column[Site](N_("Xã, phường"), lambda each: _place(each.commune_code), 36),
        Column[Site](N_("Mã số vùng trồng"), lambda each: each.growing_area_code, 24),
        Column[Site](N_("Diện tích (m²)"), lambda each: each.area_m2),
        Column[Site](N_("Mã GLN"), lambda each: each.gln),
        Column[Site](N_("Đang dùng"), lambda each: each.active),
    ],
    Table.PRODUCTS: [
        Column[Product](N_("Tên sản phẩm"), lambda each: each.name, 36),
        Column[Product](N_("Nhóm hàng"), lambda each: each.commodity),
        Column[Product](N_("Thương hiệu"), lambda each: each.brand),
        Column[Product](N_("Mã GTIN"), lambda each: each.gtin),
        Column[Product](N_("Số ngày sử dụng"), lambda each: each.shelf_life_days),
        Column[Product](N_("Tiêu chuẩn áp dụng"), lambda each: "; ".join(each.standards), 30),
        Column[Product](N_("Bao bì"), lambda each: each.packaging_material, 24),
        Column[Product](N_("Đang dùng"), lambda each: each.active),
    ],
    Table.CERTIFICATES: [
        Column[Certificate](N_("Cơ sở"), lambda each: each.business.legal_name, 42),
        Column[Certificate](N_("Mã số thuế"), lambda each: each.business.tax_code, 16),
        Column[Certificate](N_("Loại giấy"), lambda each: each.scheme, 36),
        Column[Certificate](N_("Số giấy"), lambda each: each.number),
        Column[Certificate](N_("Nơi cấp"), lambda each: each.issuer, 30),
        Column[Certificate](N_("Có hiệu lực từ"), lambda each: each.valid_from),
        Column[Certificate](N_("Đến hết ngày"), lambda each: each.valid_until),
        Column[Certificate](N_("Kết quả kiểm tra"), lambda each: each.status),
        Column[Certificate](N_("Hiệu lực hôm nay"), lambda each: standing(each, today())),
        Column[Certificate](N_("Người kiểm tra"), lambda each: each.checked_by_name),
        Column[Certificate](N_("Kiểm tra lúc"), lambda each: each.checked_at),
        Column[Certificate](N_("Lý do"), lambda each: each.reason, 36),
    ],
    Table.BATCHES: [
        Column[Batch](N_("Cơ sở"), lambda each: each.business.legal_name, 42),
        Column[Batch](N_("Sản phẩm"), lambda each: each.product.name, 32),
        Column[Batch](N_("Mã lô"), lambda each: each.lot, 22),
        Column[Batch](N_("Mã truy xuất"), lambda each: grouped(each.public_code) if each.public_code else ""),
        Column[Batch](N_("Địa điểm"), lambda each: each.site.name, 28),
        Column[Batch](N_("Số lượng"), _amount),
        Column[Batch](N_("Đơn vị"), lambda each: each.product.unit),
        Column[Batch](N_("Ngày sản xuất"), lambda each: each.production_date),
        Column[Batch](N_("Hạn sử dụng"), lambda each: each.best_before),
        Column[Batch](N_("Tình trạng"), lambda each: each.status),
        Column[Batch](N_("Đủ mười nội dung"), lambda each: each.complete),
        Column[Batch](N_("Công bố lúc"), lambda each: each.published_at),
    ],
    Table.COMPLAINTS: [
        Column[Complaint](N_("Mã phản ánh"), lambda each: each.tracking_number),
        Column[Complaint](N_("Lúc"), lambda each: each.at),
        Column[Complaint](N_("Cơ sở"), lambda each: each.batch.business.legal_name, 42),
        Column[Complaint](N_("Sản phẩm"), lambda each: each.batch.product.name, 32),
        Column[Complaint](N_("Mã lô"), lambda each: each.batch.lot, 22),
        Column[Complaint](N_("Lý do"), lambda each: each.reason, 32),
        Column[Complaint](N_("Nội dung"), lambda each: each.text, 60),
        Column[Complaint](N_("Điện thoại"), lambda each: format_phone(each.phone) if each.phone else ""),
        Column[Complaint](N_("Tình trạng"), lambda each: each.status),
    ],
    Table.REGISTER: [
        Column[RegisterEntry](N_("Dòng trong tệp gốc"), lambda each: each.row),
        Column[RegisterEntry](N_("Tên cơ sở"), lambda each: each.name, 42),
        Column[RegisterEntry](N_("Mã số thuế"), lambda each: each.tax_code, 16),
        Column[RegisterEntry](N_("Loại hình"), lambda each: each.kind, 24),
        Column[RegisterEntry](N_("Địa chỉ"), lambda each: each.address, 48),
        Column[RegisterEntry](N_("Xã, phường"), lambda each: _place(each.commune_code), 36),
        Column[RegisterEntry](N_("Cách khớp"), lambda each: MatchWord(each.match.value), 24),
        Column[RegisterEntry](N_("Cơ sở trên hệ thống"), _enrolled_as, 42),
    ],
    Table.STANDINGS: [
        Column[Standing](N_("Dòng trong tệp gốc"), lambda each: each.entry.row),
        Column[Standing](N_("Tên cơ sở"), lambda each: each.entry.name, 42),
        Column[Standing](N_("Mã số thuế"), lambda each: each.entry.tax_code, 16),
        Column[Standing](N_("Cơ sở trên hệ thống"), lambda each: _enrolled_as(each.entry), 42),
        Column[Standing](N_("Kết quả"), lambda each: each.progress, 40),
        Column[Standing](N_("Nhóm hàng"), lambda each: Commodity(each.commodity) if each.commodity else ""),
        Column[Standing](N_("Loại hình"), lambda each: BusinessKind(each.kind) if each.kind else "", 24),
        Column[Standing](N_("Xã, phường"), lambda each: _place(each.commune), 36),
        Column[Standing](N_("Chuỗi thực phẩm an toàn"), lambda each: each.chain, 24),
        Column[Standing](N_("Từ lúc"), lambda each: each.since),
    ],
    Table.RISKS: [
        Column[BusinessRisk](N_("Tên cơ sở"), lambda each: each.business.legal_name, 42),
        Column[BusinessRisk](N_("Mã số thuế"), lambda each: each.business.tax_code, 16),
        Column[BusinessRisk](N_("Loại hình"), lambda each: each.business.kind, 24),
        Column[BusinessRisk](N_("Xã, phường"), lambda each: _place(each.business.commune_code), 36),
        Column[BusinessRisk](N_("Điểm rủi ro"), lambda each: each.score),
        *(Column[BusinessRisk](factor.label, _points_for(factor)) for factor in Factor),
        Column[BusinessRisk](N_("Phiên bản trọng số"), lambda each: each.weights_number),
        Column[BusinessRisk](N_("Tính lúc"), lambda each: each.counted_at),
    ],
    Table.ACTIVITIES: ACTIVITY_COLUMNS,
    Table.AUDIT: [
        Column[AuditEntry](N_("Lúc"), lambda each: each.at),
        Column[AuditEntry](N_("Người thực hiện"), lambda each: each.actor, 28),
        Column[AuditEntry](N_("Việc"), lambda each: each.action, 28),
        Column[AuditEntry](N_("Đối tượng"), lambda each: f"{each.subject_type} {each.subject_id or ''}".strip()),
        Column[AuditEntry](N_("Mã cơ sở"), lambda each: each.business_id),
        Column[AuditEntry](N_("Chi tiết"), _changes, 60),
    ],
}
