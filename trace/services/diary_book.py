"""The book of a season (sổ nhật ký sản xuất): everything that was written, corrections beside what they correct."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from ..domain.diary import days_late
from ..domain.errors import N_
from ..domain.permissions import Actor, Permission, require
from ..storage.diary import DiaryEntry, Season, entries_of
from ..storage.diary_measures import measures_on
from . import audit
from .clock import today
from .exports import Cell, Column


def take_book(session: Session, actor: Actor, season: Season) -> Sequence[DiaryEntry]:
    """For a file that leaves the service: who took it is written down. The oldest work first."""
    require(actor, Permission.DIARY_READ, season.business_id)
    audit.record_look(session, actor, "exports:diary", season)
    return session.scalars(entries_of(season.id).order_by(DiaryEntry.happened_on, DiaryEntry.id)).all()


def late_by(entry: DiaryEntry) -> int:
    """Days between the work and its record, as in ``domain.diary.days_late``; a correction is late by its nature."""
    if entry.corrects_id is not None:
        return 0
    return days_late(
        entry.happened_on,
        recorded_at=entry.record_time,
        device_time=entry.device_time,
        measures=measures_on(today()),
    )


def _amount(entry: DiaryEntry) -> Cell:
    return None if entry.amount is None else Decimal(entry.amount) / entry.season.product.unit.base_units


COLUMNS: list[Column[DiaryEntry]] = [
    Column(N_("Số ghi chép"), lambda each: each.id, 10),
    Column(N_("Ngày làm"), lambda each: each.happened_on, 12),
    Column(N_("Việc"), lambda each: each.kind, 26),
    Column(N_("Vật tư, giống"), lambda each: each.material, 28),
    Column(N_("Hoạt chất"), lambda each: each.active_ingredient, 20),
    Column(N_("Liều lượng"), lambda each: each.dose, 18),
    Column(N_("Thời gian cách ly (ngày)"), lambda each: each.interval_days, 12),
    Column(N_("Chờ lấy sữa, trứng, mật (ngày)"), lambda each: each.produce_interval_days, 12),
    Column(N_("Diện tích (m²)"), lambda each: each.area_m2, 12),
    Column(N_("Số lượng"), _amount, 12),
    Column(N_("Đơn vị"), lambda each: each.season.product.unit if each.amount is not None else None, 10),
    Column(N_("Người làm"), lambda each: each.operator, 22),
    Column(N_("Ghi chú"), lambda each: each.note, 40),
    Column(N_("Ảnh"), lambda each: each.photo_id is not None, 8),
    Column(N_("Người ghi"), lambda each: each.recorded_by_name, 22),
    Column(N_("Ghi lúc"), lambda each: each.device_time or each.record_time, 18),
    Column(N_("Hệ thống nhận lúc"), lambda each: each.record_time, 18),
    Column(N_("Ghi muộn (ngày)"), late_by, 10),
    Column(N_("Đính chính ghi chép số"), lambda each: each.corrects_id, 12),
    Column(N_("Vì sao sửa"), lambda each: each.reason, 30),
    Column(N_("Tên cơ sở"), lambda each: each.season.business.legal_name, 36),
    Column(N_("Địa điểm"), lambda each: each.season.site.name, 28),
    Column(N_("Thửa, chuồng"), lambda each: each.season.plot, 24),
    Column(N_("Tên sản phẩm"), lambda each: each.season.product.name, 24),
]
