"""Weft: the whole application, put together top to bottom."""

from __future__ import annotations

from api.accounts.authentication import authenticate
from api.accounts.routes import blueprint as accounts
from api.analysis.routes import blueprint as analysis
from api.core.db import Database
from api.core.routes import blueprint
from api.core.web import Application, build_api
from api.exchange.csv.routes import blueprint as sheets
from api.exchange.openrosa.keys import blueprint as collect
from api.exchange.openrosa.routes import blueprint as openrosa
from api.handover.routes import blueprint as handovers
from api.jobs.queue import Queue
from api.maps.routes import blueprint as maps
from api.operations import install
from api.pages.routes import blueprint as pages
from api.records import RECORD_TYPES
from api.records.follow_ups.routes import blueprint as answers
from api.reports.odata.routes import blueprint as odata
from api.reports.published import blueprint as published
from api.reports.pulling.door import blueprint as door
from api.reports.pulling.routes import blueprint as links
from api.reports.routes import blueprint as reports
from api.reports.telling import blueprint as figures
from api.settings import Settings
from api.sync.hub import Hub
from api.sync.routes import blueprint as sync
from api.sync.uploads.content import blueprint as files
from api.sync.uploads.desk import open_desk
from api.sync.uploads.tus import blueprint as tus


def create_app(settings: Settings | None = None) -> Application:
    """Build the application; `settings` come from the environment unless given."""
    settings = settings or Settings.from_env()
    app = Application(__name__, static_folder=None)
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(settings.database_url, settings.threads)
    app.extensions["authenticate"] = authenticate
    app.extensions["hub"] = Hub(app.extensions["database"], authenticate, settings.listeners)
    app.extensions["files"] = open_desk(settings)
    app.extensions["defer"] = Queue(settings)
    api = build_api(app)
    for kind in RECORD_TYPES:
        api.register_blueprint(blueprint(kind))
    for room in (
        answers,
        files,
        tus,
        sync,
        accounts,
        analysis,
        handovers,
        maps,
        reports,
        figures,
        published,
        links,
        sheets,
        door,
        collect,
    ):
        api.register_blueprint(room)
    for room in (pages, openrosa, odata):
        app.register_blueprint(room)
    install(app, settings)
    return app
