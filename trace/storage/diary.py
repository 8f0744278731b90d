"""Seasons, and the diary kept on each."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, case, or_, select
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship

from ..domain.dates import start_of_day
from ..domain.diary import OF_ANIMALS, OF_CROPS, EntryKind
from ..domain.products import FROM_LIVING_ANIMALS
from ..domain.sites import SiteKind
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .files import StoredFile
from .products import Product
from .sites import Site


class Season(Base):
    """One crop on one plot, or one herd in one pen, from its beginning to its last harvest."""

    __tablename__ = "seasons"

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    plot: Mapped[str]
    """What the people of the farm call the plot or the pen."""
    started_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship()
    site: Mapped[Site] = relationship()
    product: Mapped[Product] = relationship()

    @property
    def of_living(self) -> bool:
        """Its product is taken from animals that live on."""
        return self.product.commodity in FROM_LIVING_ANIMALS

    @property
    def herd(self) -> bool:
        """Of animals, not of a crop."""
        return self.site.kind is SiteKind.ANIMAL_FARM

    @property
    def kinds(self) -> tuple[EntryKind, ...]:
        return OF_ANIMALS if self.herd else OF_CROPS


class BatchSeason(Base):
    """The season a batch was harvested from."""

    __tablename__ = "batch_seasons"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    season_id: Mapped[int] = mapped_column(ForeignKey("seasons.id"), index=True)


class DiaryPhotoKey(Base):
    """A part of the hash of an entry's photo (``domain.diary_photos.photo_keys``), to find the same photo by."""

    __tablename__ = "diary_photo_keys"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("diary_entries.id"), primary_key=True)


class DiaryEntry(Base):
    """What was done, append-only. A correction is another entry that names the first one and says why."""

    __tablename__ = "diary_entries"
    __table_args__ = (
        UniqueConstraint("business_id", "client_key"),
        Index("ix_diary_entries_season", "season_id", "id"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    season_id: Mapped[int] = mapped_column(ForeignKey("seasons.id"))
    kind: Mapped[EntryKind]
    happened_on: Mapped[date]
    material: Mapped[str]
    active_ingredient: Mapped[str]
    dose: Mapped[str]
    interval_days: Mapped[int | None]
    produce_interval_days: Mapped[int | None]
    area_m2: Mapped[int | None]
    operator: Mapped[str]
    amount: Mapped[int | None]
    """In the base unit of the season's product."""
    note: Mapped[str]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("diary_entries.id"), index=True)
    reason: Mapped[str]
    """Of a correction."""
    client_key: Mapped[str | None]
    """Made on the device: the same entry sent twice is kept once."""
    device_time: Mapped[datetime | None]
    """When the phone says that it was written, which may be long before it found a network."""
    record_time: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_by_name: Mapped[str]

    photo: Mapped[StoredFile | None] = relationship()
    season: Mapped[Season] = relationship()


def seasons_of(business_id: int, *, is_open: bool | None = None) -> Select[Season]:
    """With product and site."""
    statement = (
        select(Season)
        .where(Season.business_id == business_id)
        .options(joinedload(Season.product).joinedload(Product.photo), joinedload(Season.site))
    )
    if is_open is not None:
        statement = statement.where(Season.closed_at.is_(None) if is_open else Season.closed_at.is_not(None))
    return statement


def entry_with_key(business_id: int, client_key: str) -> Select[DiaryEntry]:
    return select(DiaryEntry).where(DiaryEntry.business_id == business_id, DiaryEntry.client_key == client_key)


def standing_entries(season_id: int) -> Select[DiaryEntry]:
    """Each entry as it stands: itself, or its latest correction. The newest work first."""
    other = aliased(DiaryEntry)
    root = case((DiaryEntry.corrects_id.is_not(None), DiaryEntry.corrects_id), else_=DiaryEntry.id)
    later = select(other.id).where(or_(other.corrects_id == root, other.id == root), other.id > DiaryEntry.id).exists()
    return (
        select(DiaryEntry)
        .where(DiaryEntry.season_id == season_id, ~later)
        .options(joinedload(DiaryEntry.photo))
        .order_by(DiaryEntry.happened_on.desc(), DiaryEntry.id.desc())
    )


def entries_of(season_id: int) -> Select[DiaryEntry]:
    """All, corrections and what they correct."""
    return (
        select(DiaryEntry)
        .where(DiaryEntry.season_id == season_id)
        .options(joinedload(DiaryEntry.photo), joinedload(DiaryEntry.season).joinedload(Season.product))
    )


def history_of(entry_id: int) -> Select[DiaryEntry]:
    """An original entry and its corrections, oldest first."""
    return (
        select(DiaryEntry)
        .where(or_(DiaryEntry.id == entry_id, DiaryEntry.corrects_id == entry_id))
        .order_by(DiaryEntry.id)
    )


def latest_of_kind(business_id: int, kind: EntryKind, season_id: int) -> Select[DiaryEntry]:
    """The last entry of a kind, of this season if it has one: what the next one most often resembles."""
    return (
        select(DiaryEntry)
        .where(DiaryEntry.business_id == business_id, DiaryEntry.kind == kind)
        .order_by((DiaryEntry.season_id == season_id).desc(), DiaryEntry.id.desc())
        .limit(1)
    )


def other_products_seasons(season: Season, *, since: date) -> Select[int]:
    """Seasons of the business's other products that have begun since a day."""
    return select(Season.id).where(
        Season.business_id == season.business_id, Season.product_id != season.product_id, Season.started_on >= since
    )


def photos_with_keys(keys: Collection[int], *, except_product: int) -> Select[int, int | None]:
    """Season and perceptual hash of each diary photo of other products, of whichever business, that shares a key."""
    return (
        select(DiaryEntry.season_id, StoredFile.perceptual_hash)
        .distinct()
        .join(DiaryEntry.photo)
        .join(DiaryEntry.season)
        .join(DiaryPhotoKey, DiaryPhotoKey.entry_id == DiaryEntry.id)
        .where(DiaryPhotoKey.key.in_(keys), Season.product_id != except_product)
        .order_by(DiaryEntry.season_id)
    )


def harvest_days_of_batches(season: Season) -> Select[date]:
    """The production days of the batches that came from a season."""
    return select(Batch.production_date).join(BatchSeason).where(BatchSeason.season_id == season.id).distinct()


def season_of_batch(batch_id: int) -> Select[Season]:
    return select(Season).join(BatchSeason).where(BatchSeason.batch_id == batch_id)


def seasons_around(batch: Batch) -> Select[Season]:
    """The seasons of a batch's product at its site that ran on the day of its harvest."""
    return select(Season).where(
        Season.business_id == batch.business_id,
        Season.product_id == batch.product_id,
        Season.site_id == batch.site_id,
        Season.started_on <= batch.production_date,
        or_(Season.closed_at.is_(None), Season.closed_at >= start_of_day(batch.production_date)),
    )


def batches_of_season(season_id: int) -> Select[Batch]:
    """What was harvested from a season, oldest first."""
    return select(Batch).join(BatchSeason).where(BatchSeason.season_id == season_id).order_by(Batch.id)
