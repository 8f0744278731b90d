"""Reports of a period: what an officer writes, and how everything in one is written down for good."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from .errors import N_, Conflict

LONGEST_LINE = 300
LONGEST_TEXT = 20_000


class ReportFrozen(Conflict):
    code = "report-frozen"
    message = N_("Báo cáo này đã chốt nên không sửa và không xóa được nữa. Cần sửa thì lập báo cáo mới.")


@dataclass(frozen=True, kw_only=True)
class ReportTexts:
    """The head, foot and words of a report (thể thức: Nghị định 30/2020/NĐ-CP, Phụ lục I). Texts are in lines."""

    parent_agency: str
    agency: str
    symbol: str = ""
    place: str
    dated_on: date | None = None
    addressee: str = ""
    basis: str = ""
    inspections: str = ""
    difficulties: str = ""
    proposals: str = ""
    recipients: str = ""
    signer_title: str
    signer_name: str = ""


def canonical(content: Mapping[str, Any]) -> str:
    """The one way in which a snapshot is written: the same figures are the same bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 in hex, of UTF-8."""
    return sha256(text.encode()).hexdigest()
