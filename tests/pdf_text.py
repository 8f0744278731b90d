"""What a PDF of ours says, for tests: its glyphs read back through the fonts' own tables."""

import re
from io import BytesIO

import pikepdf

LETTER = re.compile(rb"^<(\w\w)> <(\w{4})>$", re.MULTILINE)


def text_of(data: bytes) -> str:
    """The words of every page, in the order they were drawn, a blank between two pieces."""
    said = []
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
            current: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = letters.get(str(operands[0]), {})
                elif str(operator) == "Tj":
                    said.append("".join(current.get(byte, chr(byte)) for byte in bytes(operands[0])))
    return " ".join(" ".join(said).split())


def _letters(font: pikepdf.Object) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    found = LETTER.findall(font.ToUnicode.read_bytes())
    return {int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for code, letter in found}
