"""What the pages of businesses and of the department share about drills."""

from flask import Response
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from ..request.language import select_language
from ..services import recall_drills
from ..services.exports import book_parts
from ..storage.recalls import RecallDrill
from .forms import Form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DrillForm(Form):
    code = StringField(_l("Mã truy xuất của lô muốn thử"))


def workbook(drill: RecallDrill) -> Response:
    locale = select_language()
    headers = {"Content-Disposition": f'attachment; filename="drill-{drill.id}.xlsx"'}
    return Response(book_parts(recall_drills.sheets(drill, locale), locale), content_type=XLSX, headers=headers)
