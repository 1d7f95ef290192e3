"""Questions: a kind's fields as the rows of an XLSForm, so that a new field asks for itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from api.core import fields

from .choices import CHOICES, file_of
from .collected import COLLECTED, Collected
from .languages import humanised, said, said_of

if TYPE_CHECKING:
    from api.core.record import RecordType

Row = dict[str, str]
TOGETHER = {"appearance": "field-list"}
SEARCHED = {"appearance": "minimal autocomplete"}  # hundreds are searched, not scrolled
TYPES: dict[type, Row] = {  # the first that fits; what fits none is asked as text
    fields.Whole: {"type": "integer"},
    fields.Number: {"type": "decimal"},
    fields.Day: {"type": "date"},
    fields.Moment: {"type": "dateTime"},
    fields.Geometry: {"type": "geopoint"},
    fields.Words: {"type": "text", "appearance": "multiline"},
}
TOO_LONG, BETWEEN = "At most {most} characters.", "A number from {least} to {most}."
NOW = {"dateTime": "now()", "date": "today()"}


@dataclass
class Sheet:
    """An XLSForm: its questions, and the choices that stand in the form itself."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    page: list[Row] = field(default_factory=list)  # what the phone shows at once

    def turn(self) -> None:
        """End the page: what was asked on it so far stands on one screen."""
        if self.page:
            name = f"page_{sum(row['type'] == 'begin_group' for row in self.survey) + 1}"
            opening = {"type": "begin_group", "name": name} | TOGETHER
            self.survey += [opening, *self.page, {"type": "end_group"}]
        self.page = []

    @property
    def files(self) -> list[str]:
        """The kinds whose records the questions choose from."""
        asked = {row["type"].split()[-1] for row in self.survey}
        return [kind for kind in CHOICES if file_of(kind) in asked]


def sheet_of(kind: RecordType) -> Sheet:
    """The questions of the kind's form, in the order of its schema."""
    sheet, collected = Sheet(), COLLECTED[kind.name]
    for name, declared in kind.schema._declared_fields.items():  # noqa: SLF001
        if name in collected.leaves_out:
            continue
        if isinstance(declared, fields.Children):
            _ask_repeatedly(sheet, name, declared)
        else:
            _ask(sheet, name, declared, collected)
    sheet.turn()
    return sheet


def count_of(part: str) -> str:
    """The question that says how many parts there are; no field, so not of the record."""
    return f"{part}_count"


def _ask_repeatedly(sheet: Sheet, name: str, part: fields.Children) -> None:
    """As many times as the question before says: a phone cannot leave out a part that is needed."""
    count = count_of(name)
    sheet.page.append(
        {"type": "integer", "name": count, "required": "yes", "default": str(max(part.least, 1))}
        | _put(f"How many? {humanised(name)}", part)
        | _between(part.least, part.most)
    )
    sheet.turn()
    for inner, declared in part.schema.fields.items():
        _ask(sheet, inner, declared)
    opening = {"type": "begin_repeat", "name": name} | said("label", humanised(name)) | TOGETHER
    opening |= {"repeat_count": f"${{{count}}}"}
    sheet.survey += [opening, *sheet.page, {"type": "end_repeat"}]
    sheet.page = []


def _ask(sheet: Sheet, name: str, declared: Any, collected: Collected | None = None) -> None:
    """One question; a reference to what nobody may list on a phone is not asked."""
    own = collected or Collected("")
    if isinstance(declared, fields.Reference | fields.References):
        if declared.refers_to not in CHOICES:
            return
        row = _from_file(declared)
    elif isinstance(declared, fields.Choice | fields.Flag):
        row = _from_list(sheet, own.words.get(name, name), declared)
    else:
        row = _typed(declared) | _limited(declared)
    if declared.required:
        row |= {"required": "yes"}
    if default := _default(declared, row["type"]):
        row |= {"default": default}
    called = humanised(re.sub("_ids?$", "", name))
    sheet.page.append({"name": name} | _put(called, declared, own.hints.get(name, "")) | row)


def _put(called: str, declared: Any, hint: str = "") -> Row:
    """What is asked for, and below it what the schema says of it."""
    hint = hint or declared.metadata.get("description", "")
    return said("label", called) | (said("hint", hint) if hint else {})


def _from_file(declared: Any) -> Row:
    how = "select_multiple" if isinstance(declared, fields.References) else "select_one"
    return {"type": f"{how}_from_file {file_of(declared.refers_to)}"} | SEARCHED


def _from_list(sheet: Sheet, section: str, declared: Any) -> Row:
    """A list is called like the section of the catalogues with its words, and stands there once."""
    if isinstance(declared, fields.Flag):
        section, options = "answer", {"true": "yes", "false": "no"}
    else:
        options = {option: option for option in declared.options}
    if not any(row["list_name"] == section for row in sheet.choices):
        sheet.choices += [
            {"list_name": section, "name": name} | said_of("label", section, option)
            for name, option in options.items()
        ]
    return {"type": f"select_one {section}"}


def _typed(declared: Any) -> Row:
    fitting = [row for each, row in TYPES.items() if isinstance(declared, each)]
    return fitting[0] if fitting else {"type": "text"}


def _limited(declared: Any) -> Row:
    """What the schema allows, said so that the phone refuses it while it can be mended."""
    for limit in get_args(getattr(declared, "wire", None))[1:]:
        if isinstance(declared, fields.Text):
            tests = [f"string-length(.) <= {limit.max_length}", *_fitting(limit.pattern or "")]
            return {"constraint": " and ".join(tests)} | said(
                "constraint_message", TOO_LONG, most=limit.max_length
            )
        if isinstance(declared, fields.Whole | fields.Number):
            return _between(limit.ge, limit.le)
    return {}


def _between(least: float, most: float) -> Row:
    ends = {"least": f"{least:.15g}", "most": f"{most:.15g}"}
    return {"constraint": ". >= {least} and . <= {most}".format(**ends)} | said(
        "constraint_message", BETWEEN, **ends
    )


def _fitting(pattern: str) -> list[str]:
    """A pattern for a whole text as an XPath test; others the server alone judges."""
    if not (pattern.startswith("^") and pattern.endswith(r"\Z")) or "'" in pattern:
        return []
    return [f"regex(., '{pattern.removesuffix(chr(92) + 'Z')}$')"]


def _default(declared: Any, type_: str) -> str:
    """What stands there already: what the kind takes where nothing is said, or else now."""
    if declared.required:
        return NOW.get(type_, "")
    default = getattr(declared, "default", None)
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, str | int | float) else ""
