"""What may be kept as a document: a plain PDF, or a photo of paper."""

import subprocess
import sys
from enum import StrEnum
from pathlib import Path

from ..domain.errors import N_, InvalidInput
from . import pdf_inspection
from .images import check_size, sniff_image
from .pdf_inspection import PAGE_LIMIT, Finding

_PATIENCE = 60  # seconds; the inspection itself is limited in processor time

_REFUSALS = {
    Finding.DAMAGED: N_(
        "Tệp PDF này không đọc được. Hãy mở tệp, chọn In → Lưu thành PDF rồi tải bản mới lên, hoặc chụp ảnh giấy tờ."
    ),
    Finding.ENCRYPTED: N_("Tệp PDF này có mật khẩu hoặc bị khóa. Hãy bỏ mật khẩu rồi tải lại, hoặc chụp ảnh giấy tờ."),
    Finding.TOO_LONG: N_("Tệp PDF này dài hơn %(limit)s trang. Hãy chỉ tải lên những trang cần thiết."),
    Finding.ACTIVE: N_(
        "Tệp PDF này có mã chạy hoặc tệp đính kèm nên không nhận được. Hãy mở tệp, chọn In → Lưu thành PDF "
        "rồi tải bản mới lên, hoặc chụp ảnh giấy tờ."
    ),
}


class DocumentKind(StrEnum):
    PDF = "pdf"
    IMAGE = "image"


def check_document(data: bytes, *, field: str = "file") -> DocumentKind:
    """Tell what an uploaded document is; raise InvalidInput, on ``field``, for one that is not to be kept.

    A PDF with scripts, attachments or automatic actions is refused and not cleaned: its bytes stay the
    evidence that was handed in, with their hash and any digital signature intact. IMAGE only says what the
    first bytes claim; ``images.prepare_photo`` decides.
    """
    check_size(data, field=field)
    if sniff_image(data) is not None:
        return DocumentKind.IMAGE
    if not data.startswith(b"%PDF-"):
        raise InvalidInput(N_("Tệp này không phải là PDF hay ảnh. Hãy chọn tệp PDF, JPEG, PNG hoặc WebP."), field=field)
    finding = _inspect(data)
    if finding is not Finding.PLAIN:
        raise InvalidInput(_REFUSALS[finding], field=field, limit=PAGE_LIMIT)
    return DocumentKind.PDF


def _inspect(data: bytes) -> Finding:
    program = [sys.executable, "-I", str(Path(pdf_inspection.__file__))]
    try:
        done = subprocess.run(program, input=data, capture_output=True, timeout=_PATIENCE, check=True)
        return Finding(done.stdout.decode())
    except (subprocess.SubprocessError, ValueError):  # out of memory, out of time, or the parser crashed
        return Finding.DAMAGED
