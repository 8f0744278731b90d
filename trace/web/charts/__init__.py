"""Pictures of figures: SVG that the server writes, without script or inline style, so that it prints and needs no colour.

Pure functions from numbers to markup; what they draw always stands as a table beside them.
"""

from .commune_map import Place, commune_map
from .funnel import Bar, funnel
from .months import Month, months
from .trend import Point, trend

__all__ = ["Bar", "Month", "Place", "Point", "commune_map", "funnel", "months", "trend"]
