"""What is sent in the body of a request."""

from typing import Any

from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Raises ValueError, also for a text nested deeper than Python can follow: the form library reads bodies as JSON."""
        try:
            return super().loads(s, **options)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
