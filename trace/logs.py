"""One line a happening: JSON in production, plain text for a developer. Never the values of local variables."""

import structlog

from .settings import Settings


def configure(settings: Settings) -> None:
    """A traceback that prints local variables would print passwords and tokens with them."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.production
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if settings.production else []),
            renderer,
        ]
    )
