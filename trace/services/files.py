"""Keeping what people upload.

These functions are called inside other verbs, which commit. The bytes are written before the row, so a row never
points at nothing; a verb that fails leaves at most bytes that no row claims and nobody can open.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.errors import NotFound
from ..domain.files import Audience, FileKind, may_read
from ..domain.permissions import Actor
from ..storage.files import FileStore, StoredFile, files_with_hash
from .clock import now
from .documents import DocumentKind, check_document
from .images import PHOTO_FORMATS, PHOTO_WIDTHS, prepare_photo


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A photo of the work or a paper about it: seen by the business and the department, and named to shoppers."""

    data: bytes
    store: FileStore


def keep_proof(
    session: Session, business_id: int, proof: Proof | None, *, field: str = "evidence"
) -> StoredFile | None:
    """None where there is none. Raises as ``store_document``."""
    if proof is None:
        return None
    return store_document(
        session, proof.store, business_id=business_id, audience=Audience.BUSINESS, data=proof.data, field=field
    )


def store_photo(
    session: Session,
    store: FileStore,
    *,
    business_id: int | None,
    audience: Audience,
    data: bytes,
    field: str = "file",
) -> StoredFile:
    """Keep a photo in all its variants and return the business's row for it; the same photo again gives the same row.

    Raises InvalidInput, on ``field``, for anything that is not a photo.
    """
    photo = prepare_photo(data, field=field)
    for (width, extension), variant in photo.variants.items():
        store.write(variant, photo.sha256, extension, width)
    stored = StoredFile(
        sha256=photo.sha256,
        business_id=business_id,
        kind=FileKind.PHOTO,
        audience=audience,
        media_type="image/jpeg",
        byte_size=sum(map(len, photo.variants.values())),
        width=photo.width,
        height=photo.height,
        perceptual_hash=photo.perceptual_hash,
        created_at=now(),
    )
    return _claim(session, stored)


def store_document(
    session: Session,
    store: FileStore,
    *,
    business_id: int | None,
    audience: Audience,
    data: bytes,
    field: str = "file",
) -> StoredFile:
    """Keep a PDF as it came, or photographed paper as a photo; otherwise like ``store_photo``."""
    if check_document(data, field=field) is DocumentKind.IMAGE:
        return store_photo(session, store, business_id=business_id, audience=audience, data=data, field=field)
    digest = sha256(data).hexdigest()
    store.write(data, digest, "pdf")
    stored = StoredFile(
        sha256=digest,
        business_id=business_id,
        kind=FileKind.DOCUMENT,
        audience=audience,
        media_type="application/pdf",
        byte_size=len(data),
        created_at=now(),
    )
    return _claim(session, stored)


def store_bytes(
    session: Session, store: FileStore, *, business_id: int, kind: FileKind, media_type: str, data: bytes
) -> StoredFile:
    """Keep what this service itself wrote, for the business and the department."""
    digest = sha256(data).hexdigest()
    store.write(data, digest, media_type.partition("/")[2])
    stored = StoredFile(
        sha256=digest,
        business_id=business_id,
        kind=kind,
        audience=Audience.BUSINESS,
        media_type=media_type,
        byte_size=len(data),
        created_at=now(),
    )
    return _claim(session, stored)


def readable_file(session: Session, actor: Actor | None, sha256: str) -> StoredFile:
    """Return a row through which ``actor`` (None: not signed in) may see these bytes; raises NotFound if there is none."""
    for stored in session.scalars(files_with_hash(sha256)):
        if may_read(actor, stored.audience, stored.business_id):
            return stored
    raise NotFound


def photo_path(store: FileStore, sha256: str, width: int, extension: str) -> Path:
    """Return where a variant is; raises NotFound outside PHOTO_WIDTHS × PHOTO_FORMATS. Ask ``readable_file`` first."""
    if width not in PHOTO_WIDTHS or extension not in PHOTO_FORMATS:
        raise NotFound
    return store.existing_path(sha256, extension, width)


def document_path(store: FileStore, sha256: str) -> Path:
    """Return where a PDF is; raises NotFound. Ask ``readable_file`` first."""
    return store.existing_path(sha256, "pdf")


def _claim(session: Session, wanted: StoredFile) -> StoredFile:
    """Return the business's row for these bytes, adding it if it is new.

    A file that the business now shows to the public becomes public; the opposite would blank a page that uses it.
    """
    own = files_with_hash(wanted.sha256).where(StoredFile.business_id.is_not_distinct_from(wanted.business_id))
    stored = session.scalars(own).one_or_none()
    if stored is None:
        try:
            with session.begin_nested():
                session.add(wanted)
        except IntegrityError:  # the same upload, sent twice at once, came first
            stored = session.scalars(own).one()
        else:
            return wanted
    if wanted.audience is Audience.PUBLIC:
        stored.audience = Audience.PUBLIC
    return stored
