"""What the department and its partners do for a plan: articles, classes, connection events, each with evidence."""

import re
from dataclasses import dataclass, field
from datetime import date

from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled
from .text import clean

LONGEST_TEXT = 300
LONGEST_LINK = 500
MOST_LINKS = 10
MOST_FILES = 5
MOST_COUNT = 10_000_000
_WEB = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]+(/\S*)?", re.IGNORECASE)


class ActivityKind(Labelled):
    ARTICLE = "article", N_("Bài báo")
    CLIP = "clip", N_("Video clip")
    TV_REPORT = "tv_report", N_("Phóng sự truyền hình")
    HANDBOOK = "handbook", N_("Sổ tay")
    CLASS = "class", N_("Lớp tập huấn")
    DISTRIBUTOR_TRAINING = "distributor_training", N_("Hướng dẫn nhà phân phối")
    SEMINAR = "seminar", N_("Hội thảo")
    LEAFLET = "leaflet", N_("Tờ rơi")
    POSTER = "poster", N_("Áp phích")
    CONNECTION_EVENT = "connection_event", N_("Hội nghị kết nối")
    SURVEY = "survey", N_("Khảo sát")
    POLICY_DOCUMENT = "policy_document", N_("Văn bản chính sách")
    OTHER = "other", N_("Hoạt động khác")

    @property
    def guides(self) -> bool:
        """Whether a distributor that takes part was guided (plan 96/KH-UBND, I.4.1)."""
        return self in (ActivityKind.CLASS, ActivityKind.DISTRIBUTOR_TRAINING)

    @property
    def has_participants(self) -> bool:
        return self.guides or self in (ActivityKind.SEMINAR, ActivityKind.CONNECTION_EVENT)


class EvidenceRequired(InvalidInput):
    code = "evidence-required"
    message = N_("Cần ít nhất một minh chứng: tệp PDF, ảnh hoặc đường dẫn.")


class ActivityWithdrawn(Conflict):
    code = "activity-withdrawn"
    message = N_("Hoạt động này đã được rút khỏi sổ nên không sửa được nữa.")


@dataclass(frozen=True, kw_only=True)
class ActivityFacts:
    """``count``: how many of the kind, such as 5,000 leaflets or one class; ``audience``: how many people were reached.

    ``stands`` is of connection events. ``links`` are evidence on the web.
    """

    kind: ActivityKind
    title: str
    held_on: date | None
    place: str = ""
    count: int = 1
    audience: int | None = None
    stands: int | None = None
    partners: str = ""
    links: tuple[str, ...] = field(default=())


def check_link(link: str) -> str:
    """Raises InvalidInput for what is no web address."""
    link = clean(link, field="links")
    if len(link) > LONGEST_LINK or not _WEB.fullmatch(link):
        raise InvalidInput(
            N_("Đường dẫn phải bắt đầu bằng http:// hoặc https://, mỗi dòng một đường dẫn."), field="links"
        )
    return link
