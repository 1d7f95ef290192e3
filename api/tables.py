"""Tables: what all of them are, once every model has been imported."""

import api.accounts.model
import api.analysis.model
import api.exchange.openrosa.model
import api.handover.model
import api.records
import api.reports.model
import api.reports.pulling.model
import api.sync.uploads.model  # noqa: F401
from api.core.db import Base

METADATA = Base.metadata
