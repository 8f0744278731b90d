"""Days and months in Việt Nam of moments, for statements: each database has words of its own for them."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):  # noqa: N801 - these stand in statements as functions do
    """Whole days from a day to the day of a moment."""

    inherit_cache = True
    type = Integer()


@compiles(days_between, "sqlite")
def _days_on_sqlite(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    day, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"(julianday(date({moment}, '+7 hours')) - julianday({day}))"


@compiles(days_between, "postgresql")
def _days_on_postgresql(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    day, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"(CAST({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) - {day})"


class seconds_between(FunctionElement[int]):  # noqa: N801
    """From one moment to another, each cut to its second."""

    inherit_cache = True
    type = Integer()


@compiles(seconds_between, "sqlite")
def _seconds_on_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(each, **options) for each in element.clauses)
    return f"(strftime('%s', {later}) - strftime('%s', {earlier}))"


@compiles(seconds_between, "postgresql")
def _seconds_on_postgresql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(each, **options) for each in element.clauses)
    return f"(floor(extract(epoch FROM {later})) - floor(extract(epoch FROM {earlier})))"


class month_of(FunctionElement[date]):  # noqa: N801
    """The first day of a moment's month."""

    inherit_cache = True
    type = Date()


@compiles(month_of, "sqlite")
def _month_on_sqlite(element: month_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+7 hours', 'start of month')"


@compiles(month_of, "postgresql")
def _month_on_postgresql(element: month_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(date_trunc('month', {compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Ho_Chi_Minh') AS DATE)"
