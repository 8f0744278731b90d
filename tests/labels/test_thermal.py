import re
from dataclasses import replace
from functools import partial

import pytest

from trace.domain.errors import InvalidInput
from trace.domain.printers import Printer, PrinterLanguage
from trace.labels.decoders import decoders
from trace.labels.designs import Design
from trace.labels.escpos import escpos_images, escpos_parts
from trace.labels.geometry import RollGeometry
from trace.labels.layout import LabelTooSmall
from trace.labels.link_lists import csv_parts
from trace.labels.thermal import PrinterTooNarrow, ThermalRun, UnprintableLink
from trace.labels.tspl import tspl_images, tspl_parts
from trace.labels.zpl import zpl_images, zpl_parts

ZPL, TSPL, ESCPOS = PrinterLanguage.ZPL, PrinterLanguage.TSPL, PrinterLanguage.ESCPOS
PARTS = {ZPL: zpl_parts, TSPL: tspl_parts, ESCPOS: escpos_parts}
ROLL = RollGeometry(70, 50)


def written(run, language, roll=ROLL, **settings) -> bytes:
    return b"".join(PARTS[language](run, roll, Printer(language=language, **settings)))


def printed(data, language, dots_per_inch=203):
    reader = {ZPL: zpl_images, ESCPOS: escpos_images}.get(language) or partial(
        tspl_images, dots_per_mm=Printer(language=TSPL, dots_per_inch=dots_per_inch).dots_per_mm
    )
    return list(reader(data))


@pytest.mark.parametrize("dots_per_inch", [203, 300, 600])
@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("language", PrinterLanguage)
def test_every_decoder_reads_every_label_that_a_printer_prints(stamps, language, design, dots_per_inch):
    unique, equal = stamps(design=design), stamps(design=design, unique=False)
    images = printed(written(unique, language, dots_per_inch=dots_per_inch), language, dots_per_inch)
    images += printed(written(equal, language, dots_per_inch=dots_per_inch), language, dots_per_inch)[:1]
    for image, link in zip(images, [*unique.links(0, 3), equal.label.link], strict=True):
        assert {name: read(image) for name, read in decoders().items()} == {name: [link] for name in decoders()}


@pytest.mark.parametrize("language", PrinterLanguage)
def test_a_label_is_as_large_as_its_roll_in_whole_dots(stamps, language):
    image = printed(written(stamps(1), language, RollGeometry(50, 30)), language)[0]
    assert image.size == (400, 240)


@pytest.mark.parametrize("language", PrinterLanguage)
def test_nothing_that_a_person_typed_reaches_the_printer_but_as_dots(stamps, language):
    hostile = {"product": "^XA~JR^XZ\r\nFORMAT\x1b@", "producer": '"\r\nKILL "*"', "lot": "^FS^ID*:*.*"}
    data = written(stamps(1, **hostile), language)
    assert not re.search(rb"~JR|FORMAT|KILL \"\*|\*:\*", data)
    assert len(printed(data, language)) == 1


@pytest.mark.parametrize("language", PrinterLanguage)
@pytest.mark.parametrize("bad", ["^FS^XA", '"', "~JR", "\r\nKILL", "\x1b@", " ", ",", "`", "ă"])
def test_a_link_or_serial_that_could_hold_a_command_is_refused_and_nothing_of_it_is_sent(stamps, language, bad):
    sound = stamps(1)
    for broken in (
        replace(sound, links=lambda *_: [sound.links(0, 1)[0][: -len(bad)] + bad]),
        replace(sound, serials=lambda *_: [bad]),
    ):
        sent = b""
        with pytest.raises(InvalidInput):  # noqa: PT012 - what was sent before it raises is what matters
            for part in PARTS[language](broken, ROLL, Printer(language=language)):
                sent += part
        assert b"FDM" not in sent
        assert b"QRCODE" not in sent
    with pytest.raises(UnprintableLink):
        list(csv_parts(replace(sound, links=lambda *_: [f"=1+{bad}"])))


@pytest.mark.parametrize("language", [ZPL, TSPL])
def test_what_labels_share_is_sent_once_and_equal_labels_are_one_with_a_quantity(stamps, language):
    one, many = (len(written(stamps(count), language)) for count in (1, 101))
    assert many - one < 100 * 260
    data = written(stamps(5000, unique=False), language)
    assert re.search(rb"\^PQ5000\^XZ" if language is ZPL else rb"PRINT 5000,1", data)
    assert len(data) - len(written(stamps(1, unique=False), language)) == 3


def test_a_run_of_several_chunks_has_every_label_once_and_in_order(stamps):
    run = stamps(4100)
    links = re.findall(r"FDMM,A(.*?)\^FS", written(run, ZPL).decode())
    assert links == run.links(0, 4100)


def test_symbols_say_their_level_mode_and_mask_themselves(stamps):
    zpl, tspl = written(stamps(1), ZPL), written(stamps(1), TSPL)
    assert re.search(rb"\^BY2,3,1\^FO\d+,\d+\^BQN,2,\d,M,[0-7]\^FDMM,AHTTPS://", zpl)
    assert re.search(rb'QRCODE \d+,\d+,M,\d,M,0,M2,S[0-7],"AHTTPS://', tspl)
    mixed = stamps(1, design=Design.GS1)
    assert f",B{len(mixed.links(0, 1)[0]):04}https://".encode() in written(mixed, ZPL)


def test_settings_of_the_printer_are_sent_where_its_language_has_them(stamps):
    zpl = written(stamps(1), ZPL, darkness=20, speed=4)
    assert zpl.count(b"~SD20\n") == zpl.count(b"^PR4") == 1
    tspl = written(stamps(1), TSPL, darkness=9, speed=3)
    assert b"DENSITY 9\r\nSPEED 3\r\n" in tspl
    plain = written(stamps(1), ZPL) + written(stamps(1), TSPL)
    assert not re.search(rb"~SD|\^PR\d|DENSITY|SPEED", plain)
    continuous = RollGeometry(70, 50, gap=0)
    assert b"^MNN" in written(stamps(1), ZPL, continuous)
    assert b"GAP 0 mm" in written(stamps(1), TSPL, continuous)
    assert written(stamps(2), ESCPOS, continuous).count(b"\x1dVB\x00") == 2


@pytest.mark.parametrize("language", PrinterLanguage)
def test_an_offset_moves_everything_by_whole_dots(stamps, language):
    def box(**settings):
        (image,) = printed(written(stamps(1), language, **settings), language)
        return image.convert("L").point(lambda light: 255 - light).getbbox()

    left, top, right, bottom = box()
    assert box(offset_x=1.5, offset_y=-0.5) == (left + 12, top - 4, right + 12, bottom - 4)


def test_a_scale_stretches_places_but_no_module(stamps):
    usual, longer = (ThermalRun(stamps(1), ROLL, Printer(language=ZPL, scale=scale)) for scale in (1.0, 1.02))
    assert longer.module == usual.module
    assert longer.shared.image.width == round(70 * 8 * 1.02)


def test_a_roll_that_is_too_small_is_told_which_one_fits(stamps):
    with pytest.raises(LabelTooSmall) as refusal:
        written(stamps(1), ZPL, RollGeometry(30, 20))
    fits = refusal.value.values["fits"]
    width, height = map(int, fits.split(" × "))
    assert written(stamps(1), ZPL, RollGeometry(width, height))


def test_a_label_wider_than_the_printer_is_refused_by_name(stamps):
    with pytest.raises(PrinterTooNarrow) as refusal:
        written(stamps(1), ESCPOS, width=48)
    assert refusal.value.field == "label_width"


def test_print_houses_get_every_link_with_its_serial_as_csv(stamps):
    run = stamps(2)
    data = b"".join(csv_parts(run)).decode("utf-8-sig")
    rows = [f"{i + 1},7K3-M9XW-2QT,{run.serials(i, i + 1)[0]},{run.links(i, i + 1)[0]}" for i in range(2)]
    assert data.split("\r\n") == ["index,code,serial,link", *rows, ""]
    equal = b"".join(csv_parts(stamps(20_001, unique=False))).decode()
    assert equal.count("\r\n") == 20_002
