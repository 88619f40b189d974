import type { GroupMode, VoteScope } from '../../../../shared/plan/plan.ts'
import type { ExecutionSettings } from '../../../settings/policy.ts'
import { mostAtOnce, runConnections } from '../../context/most-at-once.ts'

/** One tenant's share of what a cluster must hold at the same time. */
export interface TenantLoad {
  readonly database: string
  readonly group: string
  readonly mode: GroupMode
  /** How many tenants of the group run at once. */
  readonly parallel: number
  readonly locks: number
}

type Room = Pick<ExecutionSettings, 'parallelPerServer' | 'connectionsPerServer'>

/** What one cluster must hold at the busiest moment of a plan. */
export interface CapacityNeeds {
  readonly connections: number
  readonly locks: number
  readonly preparedSlots: number
}

/**
 * Adds up the busiest moment of a plan on one cluster. Tenants of an atomic vote stay prepared with their locks until
 * the last vote is in, and need no connection meanwhile; others come and go.
 */
export function sumCapacityNeeds(
  loads: readonly TenantLoad[],
  vote: VoteScope,
  execution: Room,
): CapacityNeeds {
  const groups = [...new Set(loads.map(load => load.group))].map(name =>
    loads.filter(load => load.group === name),
  )
  const atomic = groups.filter(members => members[0]?.mode === 'atomic')
  const held = vote === 'fleet' ? [atomic.flat()] : atomic
  const preparedSlots = largest(held.map(members => members.length))
  const heldLocks = largest(held.map(members => sum(members.map(load => load.locks))))
  const passingLocks = largest(
    groups
      .filter(members => members[0]?.mode === 'independent')
      .map(members => sumLargest(members, execution)),
  )
  const workers = largest(groups.map(members => workersOf(members, execution)))
  return {
    connections: loads.length === 0 ? 0 : workers + runConnections,
    locks: Math.max(heldLocks, passingLocks),
    preparedSlots,
  }
}

/** The connections that are needed at once in each database; those of the run itself are elsewhere. */
export function sumConnectionsByDatabase(
  loads: readonly TenantLoad[],
  vote: VoteScope,
  execution: Room,
): ReadonlyMap<string, number> {
  const databases = [...new Set(loads.map(load => load.database))]
  return new Map(
    databases.map(database => {
      const own = loads.filter(load => load.database === database)
      return [database, sumCapacityNeeds(own, vote, execution).connections - runConnections]
    }),
  )
}

function workersOf(members: readonly TenantLoad[], execution: Room): number {
  return Math.min(members.length, members[0]?.parallel ?? 1, mostAtOnce(execution))
}

function sumLargest(members: readonly TenantLoad[], execution: Room): number {
  const locks = members.map(load => load.locks).sort((a, b) => b - a)
  return sum(locks.slice(0, workersOf(members, execution)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0)
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, next) => Math.max(most, next), 0)
}
