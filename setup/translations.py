"""Vietnamese sentences in the code and their translations: ``python -m setup.translations update|check|compile``.

Vietnamese is the source language, so the Vietnamese sentence is the message id. ``update`` collects the sentences
into each ``.po`` file (then fill in what is empty); ``check`` fails where one is missing, empty, fuzzy, left over or
has other placeholders than its source; ``compile`` writes the ``.mo`` files that the service reads.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {"trace": [("**.py", "python")], "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")]}
JINJA = {"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "_l": None, "lazy_gettext": None}


def po_files() -> list[Path]:
    """Our own sentences in each language but Vietnamese, in which they are written."""
    folders = (folder for folder in sorted(ROOT.glob("translations/*")) if folder.is_dir() and folder.name != "vi")
    return [folder / "LC_MESSAGES" / "messages.po" for folder in folders]


def collect() -> Catalog:
    """Every marked sentence of the code and the templates."""
    catalog = Catalog(charset="utf-8")
    for folder, methods in SOURCES.items():
        for _, _, message, comments, context in extract_from_dir(
            ROOT / folder, methods, JINJA, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        ):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def update() -> None:
    """Add new sentences, drop those no longer used; translations that stand are kept, never guessed."""
    source = collect()
    for path in po_files():
        catalog = read(path)
        catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True)


def problems(path: Path, source: Catalog) -> list[str]:
    """What keeps the file from being complete, one line each."""
    catalog = read(path)
    wanted = {message.id for message in source if message.id}
    found = [f"no longer used: {message!r}" for message in catalog.obsolete]
    found += [f"not in the file: {message!r}" for message in wanted - {message.id for message in catalog}]
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id not in wanted:
            found.append(f"no longer used: {message.id!r}")
        elif not all(texts):
            found.append(f"not translated: {message.id!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        else:
            found += [f"{error}: {message.id!r}" for error in message.check(catalog)]
    return sorted(found)


def compile_catalogs() -> None:
    """Write each ``.mo`` that is older than its ``.po``, also of libraries whose sentences we translate."""
    for path in ROOT.glob("translations/*/LC_MESSAGES/*.po"):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            buffer = BytesIO()
            write_mo(buffer, read(path))
            draft = target.with_suffix(".tmp")
            draft.write_bytes(buffer.getvalue())
            draft.replace(target)


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=path.parts[-3], header_comment="# Made by `make translations`.", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def main(command: str) -> int:
    if command == "update":
        update()
    elif command == "compile":
        compile_catalogs()
    else:
        source = collect()
        found = [f"{path.relative_to(ROOT)}: {problem}" for path in po_files() for problem in problems(path, source)]
        print("\n".join(found))
        return bool(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
