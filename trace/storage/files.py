"""Uploaded files: whose they are in the database, their bytes on disk under the hash of their content."""

import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.errors import NotFound
from ..domain.files import Audience, FileKind
from .database import Base, PrimaryKey

_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXTENSIONS = frozenset(("webp", "jpeg", "pdf", "png"))
_NO_BUSINESS = text("business_id IS NULL")


class StoredFile(Base):
    """One business's claim to some bytes.

    Businesses that upload the same bytes share them on disk and hold a row each, so that knowing a hash opens
    nothing: access is decided by row.
    """

    __tablename__ = "stored_files"
    __table_args__ = (
        UniqueConstraint("sha256", "business_id"),
        # in a unique constraint no NULL equals another
        Index(
            "uq_stored_files_no_business",
            "sha256",
            unique=True,
            sqlite_where=_NO_BUSINESS,
            postgresql_where=_NO_BUSINESS,
        ),
    )

    id: Mapped[PrimaryKey]
    sha256: Mapped[str]
    """Of the upload as it came, in lower-case hex."""
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    kind: Mapped[FileKind]
    audience: Mapped[Audience]
    media_type: Mapped[str]
    """Of a photo: of its JPEG variants."""
    byte_size: Mapped[int]
    """On disk, all variants together."""
    width: Mapped[int | None]
    """Pixels of a photo's largest variant."""
    height: Mapped[int | None]
    perceptual_hash: Mapped[int | None]
    """Of a photo: ``services.images.PreparedPhoto.perceptual_hash``."""
    created_at: Mapped[datetime]


def files_with_hash(sha256: str) -> Select[StoredFile]:
    """Every business's row for these bytes."""
    return select(StoredFile).where(StoredFile.sha256 == sha256).order_by(StoredFile.id)


class FileStore:
    """Content-addressed files under ``root``: ``ab/cd/<sha256>[-<width>].<extension>``. Written once, never changed.

    Every method raises NotFound for a name that is not of this form, so a name from a URL may be passed as it came.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str, extension: str, width: int | None = None) -> Path:
        """Where the file is or would be."""
        if not _SHA256.fullmatch(sha256) or extension not in _EXTENSIONS:
            raise NotFound
        size = "" if width is None else f"-{width:d}"
        return self.root / sha256[:2] / sha256[2:4] / f"{sha256}{size}.{extension}"

    def write(self, data: bytes, sha256: str, extension: str, width: int | None = None) -> Path:
        """Keep ``data`` durably. A file of that name is already whole, and is left as it is."""
        path = self.path(sha256, extension, width)
        if path.exists():
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        _sync_folder(path.parent)
        return path

    def existing_path(self, sha256: str, extension: str, width: int | None = None) -> Path:
        """Where the file is; raises NotFound when it was never stored."""
        path = self.path(sha256, extension, width)
        if not path.is_file():
            raise NotFound
        return path


def _sync_folder(folder: Path) -> None:
    """Without this a file's name may be lost in a power cut although its content was written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
