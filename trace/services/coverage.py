"""The official list and its headline number: import, matching to enrolled businesses, counting."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain import coverage as rules
from ..domain.coverage import Coverage, Dimension, business_key
from ..domain.errors import N_, Conflict, InvalidInput, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.register_lists import ListEntry, ListHasErrors, read_list
from ..domain.text import clean, fold
from ..storage.addresses import gazetteer
from ..storage.businesses import Business
from ..storage.coverage import (
    LINKED,
    Match,
    RegisterEntry,
    RegisterList,
    current_list,
    entry_of_business,
    targets,
    unmatched_entries,
)
from ..storage.standings import cells_of
from . import audit
from .changes import Faults
from .clock import now, today
from .spreadsheets import read_spreadsheet
from .standings import definition_of, lock_businesses, restand, restand_list


class AlreadyLinked(Conflict):
    code = "already-linked"
    message = N_("Cơ sở này đã khớp với một dòng khác của danh sách. Hãy tải lại trang để xem.")


class NothingToConfirm(Conflict):
    code = "nothing-to-confirm"
    message = N_("Dòng này đã được một người khác xử lý. Hãy tải lại trang để xem kết quả.")


def import_list(
    session: Session, actor: Actor, *, data: bytes, file_name: str, as_of: date | None, source: str
) -> tuple[RegisterList, list[str]]:
    """Read an uploaded list into a draft that counts for nothing until ``confirm_list``; also the headings not used.

    All or nothing: raises InvalidFields, SpreadsheetRefused, HeaderNotFound or ListHasErrors.
    """
    require(actor, Permission.REGISTER_IMPORT)
    faults = Faults()
    if as_of is None:
        faults.add(N_("Hãy nhập ngày của danh sách."), field="as_of")
    elif as_of > today():
        faults.add(N_("Ngày của danh sách chưa tới. Hãy kiểm tra lại."), field="as_of")
    if not (source := clean(source)[:300]):
        faults.add(N_("Hãy ghi nguồn: số, ký hiệu văn bản hoặc đơn vị lập danh sách."), field="source")
    faults.raise_any()
    session.commit()  # a long list takes seconds to read, and on SQLite a transaction would keep everyone waiting
    reading = read_list(list(read_spreadsheet(data)), gazetteer())  # too long is told before anything is read
    if reading.errors:
        raise ListHasErrors(reading.errors)
    if not reading.entries:
        raise InvalidInput(N_("Danh sách không có dòng nào dưới dòng tiêu đề."), field="file")
    imported = RegisterList(
        as_of=as_of,
        source=source,
        file_name=clean(file_name)[:120],
        sha256=sha256(data).hexdigest(),
        entry_count=len(reading.entries),
        imported_by=actor.user_id,
        imported_by_name=actor.name,
        imported_at=now(),
    )
    session.add(imported)
    session.flush()
    session.execute(insert(RegisterEntry), list(_matched(session, imported, reading.entries)))
    audit.record(
        session,
        actor,
        "coverage:import_list",
        imported,
        changes={"file": imported.file_name, "sha256": imported.sha256, "entries": imported.entry_count},
    )
    session.commit()
    return imported, reading.ignored


def confirm_list(session: Session, actor: Actor, list_id: int) -> RegisterList:
    """Put a draft in force. Raises NothingToConfirm when it already is."""
    require(actor, Permission.REGISTER_IMPORT)
    imported = _draft(session, list_id)
    imported.confirmed_at = now()
    for business in session.scalars(  # those who enrolled while the draft was looked at
        select(Business)
        .join(RegisterEntry, RegisterEntry.tax_code == Business.tax_code)
        .where(RegisterEntry.list_id == list_id, RegisterEntry.match.not_in(LINKED))
    ).all():
        _link_by_tax_code(session, list_id, business)
    lock_businesses(session)
    session.flush()
    if session.scalars(current_list()).first() is imported:
        restand_list(session, list_id)
    audit.record(session, actor, "coverage:confirm_list", imported, changes={"as_of": imported.as_of.isoformat()})
    session.commit()
    return imported


def discard_list(session: Session, actor: Actor, list_id: int) -> None:
    """Throw a draft away. Raises NothingToConfirm for a list in force, which stays for good."""
    require(actor, Permission.REGISTER_IMPORT)
    imported = _draft(session, list_id)
    audit.record(session, actor, "coverage:discard_list", imported, changes={"file": imported.file_name})
    session.delete(imported)
    session.commit()


def confirm_match(session: Session, actor: Actor, entry_id: int, business_id: int) -> RegisterEntry:
    """A person says that this entry is that business. Raises NothingToConfirm, AlreadyLinked or NotFound."""
    require(actor, Permission.REGISTER_IMPORT)
    business = session.get(Business, business_id, with_for_update=True)  # before the entry, as where a business applies
    entry = _open_entry(session, entry_id)
    if business is None:
        raise NotFound
    if session.scalars(entry_of_business(entry.list_id, business_id)).first():
        raise AlreadyLinked
    entry.business_id, entry.match = business_id, Match.CONFIRMED
    try:
        audit.record(
            session,
            actor,
            "coverage:confirm_match",
            entry,
            changes={"entry": entry.name, "business": business.legal_name},
        )
    except IntegrityError:
        raise AlreadyLinked from None
    restand(session, [business_id])
    session.commit()
    return entry


def refuse_match(session: Session, actor: Actor, entry_id: int) -> RegisterEntry:
    """A person says that the proposed business is another one. Raises NothingToConfirm."""
    require(actor, Permission.REGISTER_IMPORT)
    entry = _open_entry(session, entry_id)
    if entry.match is not Match.PROPOSED:
        raise NothingToConfirm
    entry.match = Match.REFUSED
    restand(session, filter(None, [entry.business_id]))
    audit.record(session, actor, "coverage:refuse_match", entry, changes={"entry": entry.name})
    session.commit()
    return entry


def match_business(session: Session, business: Business) -> None:
    """Find a business that applied or was decided upon in the current list; within the caller's transaction."""
    session.flush()
    listed = session.scalars(current_list()).first()
    if listed is None or session.scalars(entry_of_business(listed.id, business.id)).first():
        return
    if _link_by_tax_code(session, listed.id, business):
        return
    nearby = unmatched_entries(listed.id, commune_code=business.commune_code).where(RegisterEntry.match == Match.NONE)
    key = business_key(business.legal_name)
    for entry in session.scalars(nearby):
        if business_key(entry.name) == key:
            entry.business_id, entry.match = business.id, Match.PROPOSED
            return


def headline(session: Session, actor: Actor) -> Coverage:
    """The number as it stands, of the city or of the officer's commune: two queries, whatever the size of the list."""
    require(actor, Permission.COVERAGE_READ)
    day = today()
    listed = session.scalars(current_list()).first()
    definition = definition_of(session, listed)
    near = actor.office.commune_code if actor.office else None
    cells = cells_of(listed.id, Dimension.COMMUNE if near else Dimension.TOTAL, near or "") if listed else None
    progress = {step: count for _, step, count in session.execute(cells)} if cells is not None else {}
    return Coverage(
        as_of=listed.as_of if listed else None,
        source=listed.source if listed else "",
        counted_on=day,
        period_start=definition.period_start(day),
        definition=definition,
        target=rules.target_in_force(targets(), day),
        stages=rules.stages(progress),
        progress=progress,
    )


def _matched(session: Session, imported: RegisterList, entries: Iterable[ListEntry]) -> Iterable[dict[str, Any]]:
    """The columns of the rows of the new list: by tax code, else as a person decided on the list before, else proposed by name and commune."""
    businesses = session.execute(
        select(Business.id, Business.tax_code, Business.legal_name, Business.commune_code).order_by(Business.id)
    ).all()
    by_tax_code = {one.tax_code: one.id for one in businesses if one.tax_code}
    by_name = {(business_key(one.legal_name), one.commune_code): one.id for one in businesses}
    decided = _decided_before(session)
    entries = list(entries)
    taken = {by_tax_code[one.tax_code] for one in entries if one.tax_code in by_tax_code}
    for one in entries:
        business_id, match = by_tax_code.get(one.tax_code or ""), Match.TAX_CODE
        if business_id is None:
            business_id, match = decided.get((one.key, one.commune_code), (None, Match.NONE))
            if match is Match.CONFIRMED and business_id in taken:
                business_id, match = None, Match.NONE
            if match is Match.NONE and one.commune_code:
                business_id = by_name.get((one.key, one.commune_code))
                business_id = None if business_id in taken else business_id
                match = Match.PROPOSED if business_id else Match.NONE
            if match is Match.CONFIRMED and business_id:
                taken.add(business_id)
        yield {
            "list_id": imported.id,
            "row": one.row,
            "name": one.name,
            "folded_name": fold(one.name),
            "tax_code": one.tax_code,
            "kind": one.kind,
            "address": one.address,
            "commune_code": one.commune_code,
            "note": one.note,
            "business_id": business_id,
            "match": match,
        }


def _decided_before(session: Session) -> dict[tuple[str, str | None], tuple[int | None, Match]]:
    """What persons decided about the list in force, by name and commune."""
    listed = session.scalars(current_list()).first()
    if listed is None:
        return {}
    decided = session.execute(
        select(RegisterEntry.name, RegisterEntry.commune_code, RegisterEntry.business_id, RegisterEntry.match).where(
            RegisterEntry.list_id == listed.id, RegisterEntry.match.in_((Match.CONFIRMED, Match.REFUSED))
        )
    )
    return {(business_key(name), commune): (business_id, match) for name, commune, business_id, match in decided}


def _link_by_tax_code(session: Session, list_id: int, business: Business) -> bool:
    if not business.tax_code or session.scalars(entry_of_business(list_id, business.id)).first():
        return False
    entry = session.scalars(unmatched_entries(list_id, tax_code=business.tax_code)).first()
    if entry is None:
        return False
    entry.business_id, entry.match = business.id, Match.TAX_CODE
    session.flush()
    return True


def _draft(session: Session, list_id: int) -> RegisterList:
    imported = session.get(RegisterList, list_id, with_for_update=True, populate_existing=True)
    if imported is None:
        raise NotFound
    if imported.confirmed_at is not None:
        raise NothingToConfirm
    return imported


def _open_entry(session: Session, entry_id: int) -> RegisterEntry:
    entry = session.get(RegisterEntry, entry_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise NotFound
    if entry.match in LINKED:
        raise NothingToConfirm
    return entry
