// Report: the list of frozen reports, each to be saved as a file; and the making of a new one.

export async function openReport() {}
