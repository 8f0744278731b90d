"""Sentences in a person's own language where no request says which: mails and files."""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).resolve().parent.parent.parent / "translations"


def say(message: str, locale: str, **values: object) -> str:
    """``message``, a gettext id in Vietnamese, in the language ``locale`` with its places filled in."""
    text: str = _catalogue(locale).gettext(message)
    return text % values if values else text


@cache
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [locale])
