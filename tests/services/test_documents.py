"""A document is a plain PDF or a photo of paper; everything else gets a sentence that says what to do."""

from contextlib import suppress
from io import BytesIO
from zlib import compress

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from trace.domain.errors import InvalidInput
from trace.services.documents import DocumentKind, check_document
from trace.services.pdf_inspection import Finding, inspect_pdf


def blank_pdf(pages: int = 1) -> Pdf:
    pdf = Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    return pdf


def saved(pdf: Pdf, **options: object) -> bytes:
    output = BytesIO()
    pdf.save(output, **options)
    return output.getvalue()


def unfolding_pdf(megabytes: int) -> bytes:
    """A valid PDF of which one packed object stream unfolds to ``megabytes``."""
    packed = compress(b"5 0 <</A 1>>" + b" " * (megabytes << 20), 9)
    output, offsets = BytesIO(), {}

    def write(number: int, body: bytes) -> None:
        offsets[number] = output.tell()
        output.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    output.write(b"%PDF-1.5\n")
    write(1, b"<</Type/Catalog/Pages 2 0 R/Extra 5 0 R>>")
    write(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    write(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>"
    write(4, (head + b"stream\n%b\nendstream") % (len(packed), packed))
    table = output.tell()
    rows = bytes(6) + b"".join(b"\1" + offsets[number].to_bytes(4) + b"\0" for number in range(1, 5))
    rows += b"\2" + (4).to_bytes(4) + b"\0" + b"\1" + table.to_bytes(4) + b"\0"
    head = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>"
    write(6, (head + b"stream\n%b\nendstream") % (len(rows), rows))
    output.write(b"startxref\n%d\n%%%%EOF" % table)
    return output.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        check_document(data, field="certificate")
    assert caught.value.field == "certificate"
    return str(caught.value)


def test_a_plain_pdf_is_accepted() -> None:
    assert check_document(saved(blank_pdf(3))) is DocumentKind.PDF


def test_a_pdf_in_object_streams_is_accepted() -> None:
    data = saved(blank_pdf(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert check_document(data) is DocumentKind.PDF
    assert inspect_pdf(unfolding_pdf(0)) is Finding.PLAIN


def test_a_pdf_that_opens_at_a_page_or_links_to_the_web_is_accepted() -> None:
    pdf = blank_pdf()
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
    link = Dictionary(S=Name.URI, URI=String("https://example.vn"))
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=link)])
    assert inspect_pdf(saved(pdf)) is Finding.PLAIN
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))
    assert inspect_pdf(saved(pdf)) is Finding.PLAIN


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_photographed_paper_is_an_image(start: bytes) -> None:
    assert check_document(start + bytes(20)) is DocumentKind.IMAGE


@pytest.mark.parametrize(
    "data", [b"<html>%PDF-1.4", b"\n%PDF-1.4", b"PK\x03\x04" + bytes(40), b"MZ" + bytes(100), b"%!PS-Adobe-3.0"]
)
def test_what_is_neither_pdf_nor_photo_is_refused(data: bytes) -> None:
    assert refusal(data).startswith("Tệp này không phải là PDF hay ảnh.")


def test_too_large_and_empty_files_are_refused() -> None:
    assert "16 MB, quá giới hạn 15 MB" in refusal(b"%PDF-1.7" + bytes(15_000_000))
    assert refusal(b"") == "Tệp này trống. Hãy chọn tệp khác."


@pytest.mark.parametrize("password", ["", "123456"])
def test_a_locked_pdf_is_refused(password: str) -> None:
    encryption = pikepdf.Encryption(owner="owner", user=password)
    assert "có mật khẩu hoặc bị khóa" in refusal(saved(blank_pdf(), encryption=encryption))


def test_a_pdf_of_more_than_two_hundred_pages_is_refused() -> None:
    assert inspect_pdf(saved(blank_pdf(200))) is Finding.PLAIN
    assert "dài hơn 200 trang" in refusal(saved(blank_pdf(201)))


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def add_opening_script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = script()


def add_opening_link(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.URI, URI=String("https://example.vn"))


def add_named_script(pdf: Pdf) -> None:
    names = Dictionary(Names=Array([String("x"), pdf.make_indirect(script())]))
    pdf.Root.Names = Dictionary(JavaScript=names)


def add_page_script(pdf: Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=script())


def add_deep_script(pdf: Pdf) -> None:
    pdf.Root.Extra = Array([Array([Dictionary(Inside=Array([Dictionary(Next=script())]))])])


def add_launch(pdf: Pdf) -> None:
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)])


def add_attachment(pdf: Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


def add_form_of_xml(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))


def add_video(pdf: Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])])


@pytest.mark.parametrize(
    "add",
    [
        add_opening_script,
        add_opening_link,
        add_named_script,
        add_page_script,
        add_deep_script,
        add_launch,
        add_attachment,
        add_form_of_xml,
        add_video,
    ],
)
@pytest.mark.parametrize("mode", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_a_pdf_that_does_something_is_found(add: object, mode: pikepdf.ObjectStreamMode) -> None:
    pdf = blank_pdf()
    add(pdf)
    assert inspect_pdf(saved(pdf, object_stream_mode=mode)) is Finding.ACTIVE


def test_a_disguised_name_is_found() -> None:
    pdf = blank_pdf()
    pdf.Root.OpenAction = Dictionary(S=Name("/GoTo"), Next=Dictionary(S=Name.JavaScript), Extra=String("1234"))
    data = saved(pdf).replace(b"/JavaScript", b"/J#61v#61Script").replace(b"(1234)", b"()")
    assert inspect_pdf(data) is Finding.ACTIVE


def test_a_pdf_that_does_something_is_told_to_be_printed_again() -> None:
    pdf = blank_pdf()
    add_attachment(pdf)
    assert "có mã chạy hoặc tệp đính kèm" in refusal(saved(pdf))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.97])
def test_a_pdf_that_arrived_in_part_is_refused(part: float) -> None:
    data = saved(blank_pdf(20))
    assert inspect_pdf(data[: int(len(data) * part)]) is Finding.DAMAGED


def test_a_pdf_in_name_only_is_refused() -> None:
    assert "không đọc được" in refusal(b"%PDF-1.7\n<script>alert(1)</script>")


def test_a_pdf_that_unfolds_without_measure_is_refused() -> None:
    data = unfolding_pdf(100)
    assert len(data) < 1_000_000
    assert "không đọc được" in refusal(data)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_get_a_sentence(data: bytes) -> None:
    assert inspect_pdf(b"%PDF-1.7\n" + data) is Finding.DAMAGED
    with suppress(InvalidInput):  # or the first bytes are a picture's
        assert check_document(data) is DocumentKind.IMAGE


SAMPLE = saved(blank_pdf(2))


@settings(deadline=None)
@given(place=st.integers(0, len(SAMPLE) - 1), damage=st.binary(min_size=1, max_size=6))
def test_a_damaged_pdf_is_judged_and_never_raises(place: int, damage: bytes) -> None:
    assert isinstance(inspect_pdf(SAMPLE[:place] + damage + SAMPLE[place + len(damage) :]), Finding)
