/** The parts of a run, in the order of their keys. */
export const runTabIds = ['overview', 'gates', 'tenants', 'logs', 'lag', 'evidence'] as const
export type RunTabId = (typeof runTabIds)[number]
