// Kept: what a browser's store may hold. Codes, and the names of groups and places; no free text,
// nobody's notebook, no place that is to stay unknown. Whatever else is needed is read while online.

export type Data = Record<string, any>;

const FIELDS: Record<string, readonly string[]> = {
  boundaries: ["name", "question", "position"],
  sections: ["boundary_id", "name", "position"],
  spaces: ["name", "type", "geometry", "open_to", "step_free", "status"],
  groups: ["name", "type", "sections", "home_space_id", "status"],
  introductions: ["made_at", "parties", "connector_id", "space_id", "channel", "known_before", "status"],
  "follow-ups": [
    "introduction_id", "due_on", "asked_on", "answered_by", "outcome", "without_connector",
    "would_turn_to_again", "anyway",
  ],
  meetings: ["starts_at", "ends_at", "space_id", "host_group_id", "attendance", "recurrence"],
  flows: ["happened_at", "resource", "from_group_id", "to_group_id", "space_id", "introduction_id", "listing_id", "status"],
  listings: ["side", "resource", "group_id", "space_id", "open_until", "status"],
  "quiet-weeks": ["week_on"],
};

/** The kinds that are pulled to this phone; the notebook is not among them. */
export const KINDS = Object.keys(FIELDS);

export const mayKeep = (kind: string, data: Data): boolean => kind in FIELDS && !data["never_map"];

const isSaid = (value: unknown) =>
  value !== null && value !== undefined && value !== false && !(Array.isArray(value) && !value.length);

/** What is kept of a record, and whether it holds more than that elsewhere. */
export function keep(kind: string, data: Data): { data: Data; lacks: boolean } {
  const names = FIELDS[kind] ?? [];
  const kept = Object.fromEntries(names.filter((name) => name in data).map((name) => [name, data[name]]));
  const lacks = Object.entries(data).some(([name, value]) => !names.includes(name) && isSaid(value));
  return { data: kept, lacks };
}
