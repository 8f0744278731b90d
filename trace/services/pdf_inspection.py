"""Look inside an untrusted PDF. Run as a program, in a process of its own with little memory and time:

a few hundred kilobytes can unfold into gigabytes, and a parser written in C++ may crash. Reads the file on
standard input and prints one Finding. Imports nothing of ours, so that it starts fast.
"""

import sys
from enum import StrEnum
from io import BytesIO

import pikepdf

PAGE_LIMIT = 200
_MEMORY_LIMIT = 1 << 30  # bytes of address space
_STREAM_LIMIT = 64 << 20  # bytes of one unpacked stream; holds where the system does not limit memory (macOS)
_PROCESSOR_LIMIT = 20  # seconds

_ACTIVE_KEYS = frozenset(("/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/RichMediaContent"))
_ACTIVE_ACTIONS = frozenset(
    ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound")
)
_ACTIVE_SUBTYPES = frozenset(("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"))


class Finding(StrEnum):
    PLAIN = "plain"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_LONG = "too-long"
    ACTIVE = "active"


def inspect_pdf(data: bytes) -> Finding:
    """Judge a PDF as a reader would see it.

    Repair is off on purpose, and a file the parser complains about is damaged: two readers repair differently,
    and what was inspected must be what is shown.
    """
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False, inherit_page_attributes=False) as pdf:
            if pdf.is_encrypted:
                return Finding.ENCRYPTED
            if any(_is_active(thing) for thing in pdf.objects):
                return Finding.ACTIVE
            if pdf.get_warnings() or not pdf.pages:  # asked in this order: pages warn of what hides nothing
                return Finding.DAMAGED
            return Finding.TOO_LONG if len(pdf.pages) > PAGE_LIMIT else Finding.PLAIN
    except pikepdf.PasswordError:
        return Finding.ENCRYPTED
    except Exception:  # a hostile file makes the parser raise nearly anything
        return Finding.DAMAGED


def _is_active(thing: pikepdf.Object) -> bool:
    """Whether an indirect object holds, at any depth, something that runs, opens, plays or is attached."""
    pending: list[object] = [thing]
    while pending:
        current = pending.pop()
        if isinstance(current, pikepdf.Array):
            children = list(current)
        elif isinstance(current, pikepdf.Dictionary | pikepdf.Stream):
            entries = dict(current.items())
            opening = entries.get("/OpenAction")  # opening at a page is common and harmless
            if (
                not _ACTIVE_KEYS.isdisjoint(entries)
                or str(entries.get("/S")) in _ACTIVE_ACTIONS
                or str(entries.get("/Subtype")) in _ACTIVE_SUBTYPES
                or (isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S")) != "/GoTo")
            ):
                return True
            children = list(entries.values())
        else:
            continue
        pending += [child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect]
    return False


def main() -> None:
    import resource  # not on Windows

    for limit, amount in ((resource.RLIMIT_AS, _MEMORY_LIMIT), (resource.RLIMIT_CPU, _PROCESSOR_LIMIT)):
        try:
            resource.setrlimit(limit, (amount, amount))
        except (ValueError, OSError):  # a system that cannot, or that already allows less
            continue
    pikepdf.settings.set_qpdf_limits(flate_max_memory=_STREAM_LIMIT, run_length_max_memory=_STREAM_LIMIT)
    sys.stdout.write(inspect_pdf(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
