"""The session of a request."""

from flask.sansio.app import App
from flask_sqlalchemy_lite import SQLAlchemy


class Database(SQLAlchemy):
    def init_app(self, app: App) -> None:
        super().init_app(app)
        # There is no async engine to close, and looking for one would start an event loop at the end of every request.
        closers = app.teardown_appcontext_funcs
        closers[:] = [close for close in closers if close.__name__ != "_close_async_sessions"]


db = Database(require_default_engine=True)
