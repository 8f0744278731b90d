"""What an applicant said of each criterion, the same for the business and for officers."""

from typing import Any

from ..request.language import select_language
from ..storage.green_points import GreenPoint, criteria_on


def said_of(point: GreenPoint) -> list[dict[str, Any]]:
    """Each criterion of the day it was applied on, with the answer and what shows it."""
    answers = {each["criterion"]: each for each in point.answers}
    return [
        {
            "text": each.sentences[select_language()],
            "source": each.source,
            "required": each.required,
            "answer": answers.get(each.name, {}),
            "files": [one.file for one in point.evidence if one.criterion == each.name],
        }
        for each in criteria_on(point.applied_on)
    ]
