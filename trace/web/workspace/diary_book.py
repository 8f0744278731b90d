"""The book of a season, to print and sign or to hand over as a file."""

from flask import Response, render_template

from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.language import select_language
from ...services.clock import today
from ...services.diary_book import COLUMNS, late_by, take_book
from ...services.exports import xlsx_parts
from ...storage.addresses import gazetteer
from ...storage.diary import DiaryEntry, Season, batches_of_season, entries_of, standing_entries
from ...storage.diary_flags import flags_where
from .blueprint import bp


@bp.get("/<int:business_id>/diary/<int:season_id>/book")
@requires(Permission.DIARY_READ)
def diary_book(business_id: int, season_id: int) -> str:
    season = owned(Season, season_id, business_id)
    standing = db.session.scalars(standing_entries(season_id)).all()[::-1]
    everything = db.session.scalars(entries_of(season_id).order_by(DiaryEntry.id)).all()
    return render_template(
        "workspace/diary/book.html",
        season=season,
        commune=gazetteer().commune(season.site.commune_code).full_name,
        entries=standing,
        replaced={
            entry.id: [one for one in everything if entry.corrects_id in (one.id, one.corrects_id) and one is not entry]
            for entry in standing
            if entry.corrects_id
        },
        late={entry.id: late_by(entry) for entry in standing},
        batches=db.session.scalars(batches_of_season(season_id)).all(),
        flags=db.session.scalars(flags_where(season_id=season_id)).all(),
        printed_on=today(),
    )


@bp.get("/<int:business_id>/diary/<int:season_id>/book.xlsx")
@requires(Permission.DIARY_READ)
def diary_book_file(business_id: int, season_id: int) -> Response:
    season = owned(Season, season_id, business_id)
    entries = take_book(db.session, current_actor(), season)
    name = f"nhat-ky-{season.id}-{today():%Y%m%d}.xlsx"
    return Response(
        b"".join(xlsx_parts(COLUMNS, entries, select_language())),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
