// Crossing: one boundary, in words and two bars.

export async function openCrossing() {}
