import type { FindingSeverity } from '../../../../shared/analysis/finding.ts'
import { formatBytes } from '../../../../shared/text/plain-words.ts'
import type { PolicyFacts, TableFacts, TableShape } from '../../ports/schema-facts.ts'
import { keyOfQuoted, nameRelation } from '../tree/relation.ts'

/** What one tenant's server said. */
export interface TenantCatalogFacts {
  readonly tenant: string
  readonly tables: readonly TableFacts[]
  /** Null for a tenant whose schema equals that of another one. */
  readonly shapes: readonly TableShape[] | null
  readonly policies: PolicyFacts
}

/** What a plan itself says of a table's row-level security, where it does. */
export interface PlannedSecurity {
  readonly isNew: boolean
  readonly isEnabled?: boolean
  readonly isForced?: boolean
}

/** How heavy a table is for what locks or reads it. */
export interface TableWeight {
  readonly severity: FindingSeverity
  /** For brackets behind the name: `about 2,100,000 rows`. */
  readonly words: string
}

/** What is known of the tables that a plan meets: the largest tenant counts, and every shape there is. */
export interface CatalogFacts {
  /** Of the oldest server, such as 160004; null when none could be asked. */
  readonly version: number | null
  weigh(table: string): TableWeight
  /** How the tenants hold a table; empty when none does, or when it is not known. */
  shapesOf(table: string): readonly TableShape[]
  /** Whether some tenant has the table. */
  has(table: string): boolean
  /** Whether policies may hide rows of a table from the role that migrates some tenant. */
  hidesRows(table: string, planned: PlannedSecurity): boolean
  /** The table that an index belongs to; null when that is not known. */
  tableOfIndex(index: string): string | null
}

const severities = { small: 'note', medium: 'warning', large: 'error', unknown: 'warning' } as const

/** Bytes from which a table that was never analysed counts as large. */
const largeBytes = 100_000_000

/** Puts together what the tenants' servers said. */
export function gatherCatalogFacts(
  tenants: readonly TenantCatalogFacts[],
  versions: readonly (number | null)[],
  largeTableRows: number,
): CatalogFacts {
  const largest = new Map<string, TableFacts>()
  for (const facts of tenants.flatMap(({ tables }) => tables)) {
    const key = keyOfQuoted(facts.table)
    const known = largest.get(key)
    if (!known || share(facts, largeTableRows) > share(known, largeTableRows)) largest.set(key, facts)
  }
  const shapes = new Map<string, TableShape[]>()
  const indexes = new Map<string, string>()
  for (const shape of tenants.flatMap(tenant => tenant.shapes ?? [])) {
    const key = keyOfQuoted(shape.table)
    shapes.set(key, [...(shapes.get(key) ?? []), shape])
    for (const { name } of shape.indexes) indexes.set(keyBeside(key, name), key)
  }
  const seen = versions.filter(version => version !== null)
  return {
    version: seen.length > 0 ? Math.min(...seen) : null,
    weigh: table => weigh(largest.get(table), largeTableRows),
    shapesOf: table => shapes.get(table) ?? [],
    has: table => largest.has(table),
    hidesRows: (table, planned) => tenants.some(({ policies }) => hidesRows(policies, table, planned)),
    tableOfIndex: index => indexes.get(index) ?? null,
  }
}

function hidesRows(policies: PolicyFacts, table: string, planned: PlannedSecurity): boolean {
  if (policies.bypasses) return false
  const held = planned.isNew ? undefined : policies.tables.find(one => keyOfQuoted(one.table) === table)
  const isEnabled = planned.isEnabled ?? held?.isEnabled ?? false
  const isForced = planned.isForced ?? held?.isForced ?? false
  return isEnabled && (isForced || held?.isOwner === false) && held?.showsAll !== true
}

/** The key of something that lies in the schema of a table. */
export function keyBeside(table: string, name: string): string {
  const schema = table.slice(0, table.length - (/\.("(?:[^"]|"")*"|[^."]+)$/.exec(table)?.[0].length ?? 0))
  return `${schema}.${nameRelation(null, name).sql}`
}

/** The size of a table as a share of a large one. */
function share({ rows, bytes }: TableFacts, largeTableRows: number): number {
  if (rows === null) return bytes / largeBytes
  // With a limit of 0 every row is one too many.
  return rows === 0 ? 0 : rows / largeTableRows
}

function weigh(facts: TableFacts | undefined, largeTableRows: number): TableWeight {
  if (!facts) return { severity: severities.unknown, words: 'size not known' }
  const part = share(facts, largeTableRows)
  const size = part > 1 ? 'large' : part > 0.1 ? 'medium' : 'small'
  const { rows, bytes } = facts
  const words =
    rows === null
      ? `${formatBytes(bytes)}, never analysed`
      : `about ${Math.round(rows).toLocaleString('en')} ${Math.round(rows) === 1 ? 'row' : 'rows'}`
  return { severity: severities[size], words }
}
