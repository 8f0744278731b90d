"""Bytes are kept once; who may see them is decided business by business."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.uploads import paper, picture
from trace.domain.businesses import BusinessKind, BusinessStatus
from trace.domain.errors import InvalidInput, NotFound
from trace.domain.files import Audience, FileKind
from trace.domain.permissions import Actor, Office, OfficeRole, Role
from trace.services.files import document_path, photo_path, readable_file, store_document, store_photo
from trace.services.images import PHOTO_FORMATS, PHOTO_WIDTHS
from trace.storage.businesses import Business
from trace.storage.files import FileStore, StoredFile

HASH = "ab" + "cd" + "0" * 60
OFFICER = Actor(user_id=9, name="Officer", office=Office(role=OfficeRole.CITY))


def owner_of(business_id: int) -> Actor:
    return Actor(user_id=business_id, name="Owner", memberships={business_id: Role.OWNER})


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "uploads")


@pytest.fixture
def farms(session: Session) -> tuple[int, int]:
    pair = [
        Business(
            kind=BusinessKind.HOUSEHOLD,
            legal_name=name,
            folded_name=name.lower(),
            phone="+84912345678",
            province_code="01",
            commune_code="00004",
            status=BusinessStatus.APPROVED,
            visibility={},
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for name in ("First", "Second")
    ]
    session.add_all(pair)
    session.flush()
    return pair[0].id, pair[1].id


def test_a_photo_is_kept_in_every_variant(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    stored = store_photo(session, store, business_id=farms[0], audience=Audience.PUBLIC, data=picture())
    assert (stored.kind, stored.media_type) == (FileKind.PHOTO, "image/jpeg")
    assert (stored.width, stored.height) == (40, 30)
    assert stored.sha256 == sha256(picture()).hexdigest()
    paths = [photo_path(store, stored.sha256, width, name) for width in PHOTO_WIDTHS for name in PHOTO_FORMATS]
    assert stored.byte_size == sum(path.stat().st_size for path in paths)
    assert isinstance(stored.perceptual_hash, int)


def test_a_pdf_is_kept_as_it_came(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    data = paper()
    stored = store_document(session, store, business_id=farms[0], audience=Audience.BUSINESS, data=data)
    assert (stored.kind, stored.media_type, stored.byte_size) == (FileKind.DOCUMENT, "application/pdf", len(data))
    assert document_path(store, stored.sha256).read_bytes() == data


def test_photographed_paper_is_kept_as_a_photo(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    stored = store_document(session, store, business_id=farms[0], audience=Audience.BUSINESS, data=picture())
    assert stored.kind is FileKind.PHOTO
    assert photo_path(store, stored.sha256, 800, "jpeg").read_bytes().startswith(b"\xff\xd8\xff")


def test_a_refused_file_leaves_nothing(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    for verb in (store_photo, store_document):
        with pytest.raises(InvalidInput) as caught:
            verb(session, store, business_id=farms[0], audience=Audience.PUBLIC, data=b"<html>", field="picture")
        assert caught.value.field == "picture"
    assert not store.root.exists()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


@pytest.mark.parametrize("has_business", [True, False])
def test_the_same_file_again_gives_the_same_row(
    session: Session, store: FileStore, farms: tuple[int, int], has_business: bool
) -> None:
    business_id = farms[0] if has_business else None
    first = store_photo(session, store, business_id=business_id, audience=Audience.BUSINESS, data=picture())
    again = store_photo(session, store, business_id=business_id, audience=Audience.BUSINESS, data=picture())
    assert again.id == first.id


@pytest.mark.parametrize("has_business", [True, False])
def test_an_upload_sent_twice_at_once_gives_the_same_row(
    session: Session, store: FileStore, farms: tuple[int, int], has_business: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    business_id = farms[0] if has_business else None
    first = store_photo(session, store, business_id=business_id, audience=Audience.BUSINESS, data=picture())
    scalars, looks = session.scalars, []

    def scalars_blind_at_first(statement):  # the other request's row appears just after we looked
        looks.append(statement)
        return scalars(statement.where(StoredFile.id < 0)) if len(looks) == 1 else scalars(statement)

    monkeypatch.setattr(session, "scalars", scalars_blind_at_first)
    again = store_photo(session, store, business_id=business_id, audience=Audience.BUSINESS, data=picture())
    assert len(looks) == 2
    assert again.id == first.id


def test_a_file_shown_to_the_public_stays_public(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    stored = store_photo(session, store, business_id=farms[0], audience=Audience.BUSINESS, data=picture())
    for audience in (Audience.PUBLIC, Audience.BUSINESS):
        store_photo(session, store, business_id=farms[0], audience=audience, data=picture())
        assert stored.audience is Audience.PUBLIC


def test_knowing_a_hash_opens_nothing(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    first, second = farms
    digest = store_document(session, store, business_id=first, audience=Audience.BUSINESS, data=paper()).sha256
    assert readable_file(session, owner_of(first), digest).business_id == first
    assert readable_file(session, OFFICER, digest).business_id == first
    for stranger in (None, owner_of(second)):
        with pytest.raises(NotFound):
            readable_file(session, stranger, digest)


def test_each_business_reads_shared_bytes_through_its_own_row(
    session: Session, store: FileStore, farms: tuple[int, int]
) -> None:
    for farm in farms:
        stored = store_photo(session, store, business_id=farm, audience=Audience.BUSINESS, data=picture())
        assert readable_file(session, owner_of(farm), stored.sha256).business_id == farm
    assert sum(path.is_file() for path in store.root.rglob("*")) == len(PHOTO_WIDTHS) * len(PHOTO_FORMATS)


def test_one_business_publishing_its_file_opens_it_through_that_row(
    session: Session, store: FileStore, farms: tuple[int, int]
) -> None:
    first, second = farms
    digest = store_photo(session, store, business_id=first, audience=Audience.BUSINESS, data=picture()).sha256
    store_photo(session, store, business_id=second, audience=Audience.PUBLIC, data=picture())
    assert readable_file(session, None, digest).business_id == second


def test_a_file_of_no_business_is_the_department_s(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    digest = store_photo(session, store, business_id=None, audience=Audience.BUSINESS, data=picture()).sha256
    assert readable_file(session, OFFICER, digest).business_id is None
    for stranger in (None, owner_of(farms[0])):
        with pytest.raises(NotFound):
            readable_file(session, stranger, digest)


def test_only_known_variants_have_a_path(session: Session, store: FileStore, farms: tuple[int, int]) -> None:
    digest = store_photo(session, store, business_id=farms[0], audience=Audience.PUBLIC, data=picture()).sha256
    for width, name in ((321, "jpeg"), (320, "pdf"), (320, "png"), (-320, "jpeg")):
        with pytest.raises(NotFound):
            photo_path(store, digest, width, name)
    for path in (lambda: photo_path(store, HASH, 320, "jpeg"), lambda: document_path(store, digest)):
        with pytest.raises(NotFound):
            path()


def test_the_store_keeps_files_under_their_hash(store: FileStore) -> None:
    path = store.write(b"first", HASH, "jpeg", 320)
    assert path == store.root / "ab" / "cd" / f"{HASH}-320.jpeg"
    assert store.existing_path(HASH, "jpeg", 320) == path
    assert store.write(b"second", HASH, "jpeg", 320).read_bytes() == b"first"


@pytest.mark.parametrize(
    "name",
    ["", "..", "../../etc/passwd", "/etc/passwd", "ab" * 31 + "..", HASH.upper(), HASH + "\n", HASH + "0", "٠" * 64],
)
def test_no_name_leads_out_of_the_store(store: FileStore, name: str) -> None:
    for act in (store.path, store.existing_path, lambda *place: store.write(b"", *place)):
        with pytest.raises(NotFound):
            act(name, "pdf")
        with pytest.raises(NotFound):
            act(HASH, f"pdf/{name}")
    assert not store.root.exists()


def test_an_interrupted_write_leaves_no_file(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("trace.storage.files.os.fsync", fail)
    with pytest.raises(OSError, match="full"):
        store.write(b"half", HASH, "pdf")
    assert not [path for path in store.root.rglob("*") if path.is_file()]
