import re
import subprocess
from io import BytesIO

import pytest
from PIL import Image

from trace.domain.printers import Printer, PrinterLanguage
from trace.labels import decoders as decoders_module
from trace.labels import formats, preflight
from trace.labels.decoders import decode, decoders
from trace.labels.designs import Design
from trace.labels.formats import LinkListFormat, PrinterFormat, RollFormat, SheetFormat
from trace.labels.geometry import COMMON_SHEETS, Offset, RollGeometry
from trace.labels.preflight import LabelDoesNotScan, check_label
from trace.labels.previews import preview_png, preview_svg
from trace.labels.symbols import QUIET_ZONE, qr_symbol

ROLL = RollGeometry(70, 50)
FORMATS = {
    "sheet": SheetFormat(COMMON_SHEETS["avery-3474"].geometry, start_position=5),
    "roll": RollFormat(ROLL),
    "csv": LinkListFormat(),
    **{
        f"{language}-{dots}": PrinterFormat(ROLL, Printer(language=language, dots_per_inch=dots))
        for language in PrinterLanguage
        for dots in (203, 300, 600)
    },
}


@pytest.fixture
def everything(monkeypatch):
    """Numbers of labels that were looked at; the random one is the fourth."""
    looked, check = [], preflight.check_label
    monkeypatch.setattr(preflight, "randbelow", lambda count: min(3, count - 1))
    monkeypatch.setattr(
        preflight, "check_label", lambda *args, number: (looked.append(number), check(*args, number=number))
    )
    return looked


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("design", Design)
def test_the_first_the_last_and_a_random_label_of_every_format_scan_also_when_worn(stamps, everything, name, design):
    if design is Design.GS1 and name == "sheet":
        way = SheetFormat(COMMON_SHEETS["avery-l7165"].geometry)
    else:
        way = FORMATS[name]
    run = stamps(41, design=design)
    way.check(run, b"".join(way.parts(run)))
    assert everything == [1, 4, 41]


@pytest.mark.parametrize("name", ["sheet", "roll"])
def test_labels_scan_as_another_program_draws_the_pdf(stamps, monkeypatch, tmp_path, name):
    def by_poppler(pdf: bytes, *, page: int, dots_per_inch: float) -> Image.Image:
        pages = ["-f", str(page + 1), "-l", str(page + 1), "-singlefile"]
        command = ["pdftoppm", "-r", str(dots_per_inch), "-gray", "-png", *pages, "-", tmp_path / "page"]
        subprocess.run(command, input=pdf, check=True)
        return Image.open(tmp_path / "page.png")

    monkeypatch.setattr(formats, "page_image", by_poppler)
    run, way = stamps(30), FORMATS[name]
    way.check(run, b"".join(way.parts(run)))


@pytest.mark.parametrize("name", FORMATS)
def test_a_link_that_leads_elsewhere_stops_the_file(stamps, name):
    run, other = stamps(3), stamps(3, link="HTTPS://TRUYXUAT.EXAMPLE.VN/Q/AAAAAAAAAA")
    way = FORMATS[name]
    with pytest.raises(LabelDoesNotScan, match=r"Tem số \d+: .*địa chỉ khác"):
        way.check(run, b"".join(way.parts(other)))


SENT = ["csv", *(f"{language}-203" for language in PrinterLanguage)]


@pytest.mark.parametrize("name", SENT)
def test_a_file_is_judged_by_what_is_in_it(stamps, tmp_path, name):
    run, way, file = stamps(5), FORMATS[name], tmp_path / "labels"
    file.write_bytes(b"".join(way.parts(run)))
    assert set(way.check(run, file)) >= {0, 4}
    file.write_bytes(b"".join(way.parts(stamps(6))))
    with pytest.raises(LabelDoesNotScan, match="Tệp có 6 tem, không phải 5"):
        way.check(run, file)
    equal = stamps(5, unique=False)
    way.check(equal, b"".join(way.parts(equal)))


@pytest.mark.parametrize("language", PrinterLanguage)
def test_a_file_that_ends_within_a_label_is_not_handed_out(stamps, language):
    run, way = stamps(3), PrinterFormat(ROLL, Printer(language=language))
    whole = b"".join(way.parts(run))
    with pytest.raises(LabelDoesNotScan, match=r"hỏng|Tệp có"):
        way.check(run, whole[: len(whole) * 2 // 3])


def test_a_damaged_command_is_no_label(stamps):
    run, way = stamps(3), FORMATS["zpl-203"]
    with pytest.raises(LabelDoesNotScan, match="Tem số 1: lệnh in trong tệp bị hỏng"):
        way.check(run, b"".join(way.parts(run)).replace(b"^BQ", b"^BX"))


@pytest.mark.parametrize("language", PrinterLanguage)
def test_an_offset_that_cuts_the_symbol_stops_the_file(stamps, language):
    way = PrinterFormat(ROLL, Printer(language=language, offset_x=-10))
    with pytest.raises(LabelDoesNotScan, match="bị cắt"):
        way.check(run := stamps(1), b"".join(way.parts(run)))


def symbol_image(change=lambda image: image, *, dots=4) -> Image.Image:
    """A symbol with its quiet zone, after ``change``, at 203 dpi."""
    symbol = qr_symbol("HTTPS://TX.VN/Q/7K3M9XW2QT")
    image = Image.new("L", (symbol.modules_with_quiet_zone,) * 2, 255)
    for column, row, length in symbol.dark_runs():
        image.paste(0, (column + QUIET_ZONE, row + QUIET_ZONE, column + QUIET_ZONE + length, row + QUIET_ZONE + 1))
    return change(image.resize((image.width * dots, image.height * dots), Image.Resampling.NEAREST))


def scratched(image):
    image.paste(255, (16, 80, image.width - 16, 84))
    return image


def test_a_sound_symbol_passes_and_one_that_only_survives_while_new_does_not():
    link = "HTTPS://TX.VN/Q/7K3M9XW2QT"
    check_label(symbol_image(), link, 203)
    assert decode(symbol_image(scratched)) == [link]
    with pytest.raises(LabelDoesNotScan, match="mờ, nhạt và bị gấp"):
        check_label(symbol_image(scratched), link, 203)


def test_both_decoders_have_to_read_the_label(monkeypatch):
    blind = {**decoders(), "another": lambda _image: []}
    monkeypatch.setattr(preflight, "decoders", lambda: blind)
    with pytest.raises(LabelDoesNotScan, match="another"):
        check_label(symbol_image(), "HTTPS://TX.VN/Q/7K3M9XW2QT", 203)


def test_where_zbar_is_missing_one_decoder_looks_and_the_log_says_so(monkeypatch, capsys):
    def missing():
        raise ImportError("Unable to find zbar shared library")

    monkeypatch.setattr(decoders_module, "_zbar", missing)
    decoders.cache_clear()
    try:
        assert list(decoders()) == ["zxing-cpp"]
    finally:
        decoders.cache_clear()
    assert "one decoder only" in capsys.readouterr().out


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "csv"])
def test_previews_show_the_first_label_at_its_true_size(stamps, name):
    run, way = stamps(1000), FORMATS[name]
    image = Image.open(BytesIO(preview_png(run, way)))
    width_mm = image.width / image.info["dpi"][0] * 25.4
    assert width_mm == pytest.approx(70, abs=0.5)
    assert decode(image.convert("L")) == list(run.links(0, 1))
    svg = preview_svg(run, way)
    assert float(re.search(r'width="([\d.]+)mm"', svg)[1]) == pytest.approx(width_mm, abs=0.1)


def test_an_offset_of_a_pdf_is_followed(stamps):
    run = stamps(30)
    for way in (
        SheetFormat(COMMON_SHEETS["avery-3474"].geometry, offset=Offset(1, -1)),
        RollFormat(ROLL, Offset(1, 1)),
    ):
        way.check(run, b"".join(way.parts(run)))


@pytest.mark.parametrize("language", PrinterLanguage)
@pytest.mark.parametrize("roll", [ROLL, RollGeometry(15, 12)])
def test_a_calibration_label_has_its_frame_two_millimetres_from_every_edge(language, roll):
    way = PrinterFormat(roll, Printer(language=language))
    image = next(way.printed(way.calibration())).convert("L")
    width, height = round(roll.label_width * 8), round(roll.label_height * 8)
    assert image.point(lambda light: 255 - light).getbbox() == (16, 16, width - 15, height - 15)
    moved = PrinterFormat(roll, Printer(language=language, offset_x=1))
    image = next(moved.printed(moved.calibration())).convert("L")
    assert image.point(lambda light: 255 - light).getbbox()[0] == 24
