import type { SchemaClass } from '../../../shared/analysis/schema-class.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { cutDefinitions } from '../../catalog/cut-definitions.ts'
import { diffObjects, rankDifferences } from '../../catalog/diff-objects.ts'
import type { PrintedItem } from '../../catalog/printed-item.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { findTenant, primaryOf } from '../context/run-context.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'

/** How many outliers are compared with their main class, and how many objects each of them names. */
export const comparedClasses = 20
export const namedDifferences = 200

type ReadPorts = Pick<EnginePorts, 'servers'>

/** Says of each outlier how its first tenant differs from the first of its main class. */
export async function compareClasses(
  classes: readonly SchemaClass[],
  topology: Topology,
  ports: ReadPorts,
  signal: AbortSignal,
): Promise<readonly SchemaClass[]> {
  const outliers = classes.filter(one => !one.isMain).slice(0, comparedClasses)
  const mains = classes.filter(main => main.isMain && outliers.some(outlier => hasHeads(outlier, main.heads)))
  const read = await mapConcurrently([...mains, ...outliers], 4, one =>
    readItems(one, topology, ports, signal),
  )
  const items = new Map([...mains, ...outliers].map((one, index) => [one, read[index] ?? null]))
  return classes.map(one => {
    const main = mains.find(candidate => hasHeads(one, candidate.heads))
    const expected = main && items.get(main)
    const found = items.get(one)
    if (one.isMain || !expected || !found) return one
    const worst = rankDifferences(diffObjects(expected, found)).slice(0, namedDifferences)
    return { ...one, differences: worst.map(cutDefinitions) }
  })
}

/** Null for a tenant that cannot be read just now: that its schema is another is known all the same. */
async function readItems(
  { tenants }: SchemaClass,
  topology: Topology,
  { servers }: ReadPorts,
  signal: AbortSignal,
): Promise<readonly PrintedItem[] | null> {
  const tenant = findTenant(topology, tenants[0] ?? '')
  try {
    return (await servers.fingerprint(primaryOf(topology, tenant), tenant, signal)).items
  } catch (error) {
    if (signal.aborted) throw error
    return null
  }
}

function hasHeads({ heads }: SchemaClass, others: readonly string[]): boolean {
  return heads.join('+') === others.join('+')
}
