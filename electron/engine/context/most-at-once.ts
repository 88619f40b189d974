import type { ExecutionSettings } from '../../settings/policy.ts'

/** The run's lock, one that asks, and one that cancels or finishes. */
export const runConnections = 3

/** With fewer nothing can be migrated: the run's lock, one that works, and one that cancels or finishes. */
export const fewestConnections = 3

/** How many tenants of one server may be migrated at the same time: each has a connection. */
export function mostAtOnce({
  parallelPerServer,
  connectionsPerServer,
}: Pick<ExecutionSettings, 'parallelPerServer' | 'connectionsPerServer'>): number {
  return Math.min(parallelPerServer, connectionsPerServer - runConnections)
}
