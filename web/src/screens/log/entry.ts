// Entry: what four taps make. Pure.

import type { Data } from "../../store/kept";
import { newId } from "../../ids";

export const RESOURCES = ["goods", "money", "time", "skill", "information", "space"] as const;
export type What = "introduction" | "meeting" | "quiet" | (typeof RESOURCES)[number];

export interface Entry {
  kind: string;
  id: string;
  data: Data;
}

export interface Taps {
  what: string;
  a: string;
  b: string;
  space: string | null;
}

/** The record that the taps describe, made now by this member. */
export function entryOf({ what, a, b, space }: Taps, member: string, now = new Date()): Entry {
  const at = now.toISOString();
  const id = newId(now.getTime());
  if (what === "introduction") {
    const parties = [{ group_id: a, person_id: null }, { group_id: b, person_id: null }];
    const data = { made_at: at, parties, connector_id: member, space_id: space, channel: null, known_before: "unknown", status: "made" };
    return { kind: "introductions", id, data };
  }
  if (what === "meeting") {
    const attendance = [a, b].map((group_id) => ({ group_id, headcount: 1, person_ids: [] }));
    return { kind: "meetings", id, data: { starts_at: at, ends_at: null, space_id: space, host_group_id: null, attendance, recurrence: null } };
  }
  const data = {
    happened_at: at, resource: what, from_group_id: a, to_group_id: b, space_id: space,
    introduction_id: null, listing_id: null, status: "delivered",
  };
  return { kind: "flows", id, data };
}

/** The Monday of this week, here. */
export function mondayOf(now: Date): string {
  const monday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - ((now.getDay() + 6) % 7));
  return dayOf(monday);
}

/** The day as the person here would write it, ISO 8601. */
export function dayOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The same time of day on another day. */
export function onDay(instant: string, day: string): string {
  const time = new Date(instant);
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  time.setFullYear(year, month - 1, date);
  return time.toISOString();
}

/** The field that says when, for each kind. */
export const WHEN: Record<string, string> = { introductions: "made_at", meetings: "starts_at", flows: "happened_at" };

/** The two groups of an entry, in the order they were picked. */
export function groupsOf({ kind, data }: { kind: string; data: Data }): string[] {
  if (kind === "introductions") return data["parties"].map((party: Data) => party["group_id"]);
  if (kind === "meetings") return data["attendance"].map((part: Data) => part["group_id"]);
  if (kind === "flows") return [data["from_group_id"], data["to_group_id"]];
  return [];
}
