"""A PDF of any number of pages, written as they come: an incremental update (ISO 32000-1 §7.5.6) of a one-page PDF."""

import zlib
from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from io import BytesIO
from itertools import chain
from math import ceil
from struct import Struct

import pikepdf

_CHILDREN = 128  # of a node in the tree of pages: a reader finds one of two million in three steps
_BUNDLE = 128  # pages described in one object stream
_ENTRY = Struct(">BQH")  # of the cross-reference stream (§7.5.8)


def pdf_parts(template: bytes, contents: Iterable[bytes], pages: int) -> Iterator[bytes]:
    """The file in parts: ``template``, but in place of its one page as many ``pages`` of the same size and resources.

    ``contents`` are the content streams of these pages; what two pages in a row show alike is kept once. Nothing of them
    is remembered but where each begins, eight bytes a page. Equal input gives equal bytes.
    """
    update = _Update(template, pages)
    yield update.template
    yield from update.pages(contents)
    yield from update.tree()
    yield update.table()


class _Update:
    """Numbers of objects: those of the template, then all pages, the nodes above them, and streams as they come."""

    def __init__(self, template: bytes, pages: int) -> None:
        self.template = _with_cross_reference_stream(template)
        with pikepdf.open(BytesIO(self.template)) as document:
            page, self.root = document.pages[0], document.Root.Pages.objgen[0]
            self.inherited = b"/MediaBox%b/Resources%b" % (page.MediaBox.unparse(), page.Resources.unparse())
            self.kept = b"/Root %b/Info %b" % (document.Root.unparse(), document.docinfo.unparse())
            self.identifier = bytes(document.trailer.ID[0])
            self.free = int(document.trailer.Size)
        self.levels = [range(self.free, self.free + pages)]
        while len(self.levels[-1]) > _CHILDREN:
            first, children = self.levels[-1].stop, len(self.levels[-1])
            self.levels.append(range(first, first + ceil(children / _CHILDREN)))
        self.first_stream = self.levels[-1].stop
        self.levels.append(range(self.root, self.root + 1))
        self.digest = blake2b(digest_size=16)
        self.position = len(self.template)
        self.nodes, self.streams = array("Q"), array("Q")  # where they begin
        self.bundles = array("Q")  # their numbers

    def pages(self, contents: Iterable[bytes]) -> Iterator[bytes]:
        previous, bundle = None, []
        for index, content in enumerate(contents):
            if content != previous:
                previous, number = content, self.next_stream
                self.digest.update(content)
                yield self._stream(content)
            parent = self.levels[1][index // _CHILDREN]
            bundle.append(b"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (parent, number))
            if len(bundle) == _BUNDLE or index + 1 == len(self.levels[0]):
                yield self._bundle(self.free + index + 1 - len(bundle), bundle)
                bundle.clear()

    def tree(self) -> Iterator[bytes]:
        pages = len(self.levels[0])
        for depth, level in enumerate(self.levels[1:], start=1):
            for index, number in enumerate(level):
                children = self.levels[depth - 1][index * _CHILDREN : (index + 1) * _CHILDREN]
                leaves = min(_CHILDREN**depth, pages - index * _CHILDREN**depth)
                is_root = number == self.root
                above = self.inherited if is_root else b"/Parent %d 0 R" % self.levels[depth + 1][index // _CHILDREN]
                kids = b" ".join(b"%d 0 R" % child for child in children)
                node = b"<</Type/Pages/Count %d/Kids[%b]%b>>" % (leaves, kids, above)
                yield self._object(number, node, self.nodes)

    def table(self) -> bytes:
        """Where everything is: the cross-reference stream, which is the trailer too."""
        begins, number = self.position, self.next_stream
        *nodes, root = self.nodes
        entries = chain(
            [(1, root, 0)],
            ((2, self.bundles[page // _BUNDLE], page % _BUNDLE) for page in range(len(self.levels[0]))),
            ((1, offset, 0) for offset in chain(nodes, self.streams, [begins])),
        )
        packing = zlib.compressobj()
        packed = (
            b"".join([part for entry in entries if (part := packing.compress(_ENTRY.pack(*entry)))]) + packing.flush()
        )
        previous = int(self.template.rsplit(b"startxref", 1)[1].split()[0])
        index = b"%d 1 %d %d" % (self.root, self.free, number + 1 - self.free)
        entry = b"/Type/XRef/W[1 8 2]/Index[%b]/Size %d/Prev %d%b/ID[<%b><%b>]" % (
            index,
            number + 1,
            previous,
            self.kept,
            self.identifier.hex().encode(),
            self.digest.hexdigest().encode(),
        )
        return self._stream_of(packed, entry) + b"startxref\n%d\n%%%%EOF\n" % begins

    @property
    def next_stream(self) -> int:
        return self.first_stream + len(self.streams)

    def _bundle(self, first: int, objects: list[bytes]) -> bytes:
        """An object stream (§7.5.7) of objects numbered from ``first``."""
        self.bundles.append(self.next_stream)
        starts = [0]
        for body in objects:
            starts.append(starts[-1] + len(body) + 1)
        head = b"".join(b"%d %d " % (first + place, start) for place, start in enumerate(starts[:-1]))
        entry = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head))
        return self._stream(head + b"\n".join(objects), entry)

    def _stream(self, data: bytes, entry: bytes = b"") -> bytes:
        return self._stream_of(zlib.compress(data), entry)

    def _stream_of(self, packed: bytes, entry: bytes) -> bytes:
        head = b"<<%b/Length %d/Filter/FlateDecode>>stream\n" % (entry, len(packed))
        return self._object(self.next_stream, head + packed + b"\nendstream", self.streams)

    def _object(self, number: int, body: bytes, offsets: "array[int]") -> bytes:
        written = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        offsets.append(self.position)
        self.position += len(written)
        return written


def _with_cross_reference_stream(pdf: bytes) -> bytes:
    """The update has one, and the two kinds of table must not follow each other."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()
