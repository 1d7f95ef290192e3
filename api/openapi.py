"""OpenAPI: the description of the whole API, as committed in openapi.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from api import create_app
from api.settings import Settings


def described() -> str:
    """The description as YAML; needs no database."""
    settings = Settings(database_url="postgresql://nowhere/none", var=Path("var"), secret="none")  # noqa: S106
    app = create_app(settings)
    (entry,) = app.extensions["flask-smorest"]["apis"].values()
    spec: dict[str, Any] = entry["ext_obj"].spec.to_dict()
    return str(yaml.dump(spec, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100))


class _Plain(yaml.SafeDumper):
    """YAML without anchors: the file is read by people and other languages' tools."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


_Plain.add_multi_representer(str, lambda dumper, text: dumper.represent_str(str(text)))
