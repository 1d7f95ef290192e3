// Report: a frozen report as the list of them tells it.

export interface Report {
  id: string;
  language: string;
  period: { from: string; to: string };
  audience: "coordinators" | "funder" | "public";
  created_at: string;
  shared_with_groups_at: string | null;
  released_at: string | null;
  withdrawn_at?: string | null;
}
