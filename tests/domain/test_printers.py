import pytest

from trace.domain.errors import InvalidInput
from trace.domain.printers import Printer, PrinterLanguage


@pytest.mark.parametrize(("dots_per_inch", "dots"), [(203, 400), (300, 591), (600, 1181)])
def test_a_length_is_a_whole_number_of_the_printers_dots(dots_per_inch, dots):
    assert Printer(language=PrinterLanguage.ZPL, dots_per_inch=dots_per_inch).dots(50) == dots


def test_a_printer_that_prints_too_short_is_sent_more_dots():
    assert Printer(language=PrinterLanguage.TSPL, scale=1.02).dots(50) == 408


@pytest.mark.parametrize(
    ("language", "setting"),
    [
        ("zpl", {"dots_per_inch": 204}),
        ("zpl", {"width": 0}),
        ("zpl", {"offset_x": 21}),
        ("zpl", {"offset_y": float("nan")}),
        ("zpl", {"scale": 0.5}),
        ("zpl", {"darkness": 31}),
        ("tspl", {"darkness": 16}),
        ("tspl", {"speed": 0}),
        ("escpos", {"speed": 4}),
    ],
)
def test_a_setting_that_no_such_printer_has_is_refused_by_name(language, setting):
    with pytest.raises(InvalidInput) as refusal:
        Printer(language=PrinterLanguage(language), **setting)
    assert [refusal.value.field] == list(setting)
