import { catalogText } from '../../../shared/catalog-text.ts'
import { describeFailure } from '../../../shared/describe-failure.ts'
import { diffCatalog } from '../../../shared/diff-catalog.ts'
import { toFailure } from '../../../shared/failure.ts'
import type { ShadowDescription, TracedStatement } from '../../../shared/foresight/rehearsal.ts'
import { countOf, listNames } from '../../../shared/plain-words.ts'
import type { PlannedStep } from '../../../shared/plan.ts'
import type { StandingPoint } from '../../../shared/rollback.ts'
import type { Tenant } from '../../../shared/topology.ts'
import { nameFailure } from '../gates/name-failure.ts'
import { findTables, leaveOutTable } from '../leave-out-table.ts'
import type { Fingerprint } from '../ports/servers.ts'
import type { Shadow, TableContents } from '../ports/shadows.ts'
import type { RehearsalContext } from '../rehearsal/rehearsal-context.ts'
import { runTraced } from '../rehearsal/run-traced.ts'

/** What going down on a copy of a tenant has shown. */
export type RehearsedBack =
  | {
      readonly works: true
      readonly evidence: readonly string[]
      /** Tables and columns that go, and with them what they hold. */
      readonly dropped: readonly DroppedThing[]
      /** What else is lost, in words. */
      readonly losses: readonly string[]
      /** The fingerprint in which it ends, where the empty table of versions is all that stays; else null. */
      readonly endsIn: string | null
    }
  | { readonly works: false; readonly why: string }

type JudgedContents = Omit<Extract<RehearsedBack, { works: true }>, 'works' | 'endsIn'>

export type DroppedThing =
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }

/** Tenants that stand alike and go back alike: what one of them does, all do. */
export interface WayDown {
  readonly from: StandingPoint
  readonly to: StandingPoint
  readonly steps: readonly PlannedStep[]
  readonly versionTable: string
}

/** Goes down on a copy of a tenant as it is now, and says what goes with it. Never throws but when it is stopped. */
export async function rehearseBack(
  context: RehearsalContext,
  tenant: Tenant,
  way: WayDown,
  signal: AbortSignal,
): Promise<RehearsedBack> {
  const { where, data } = context.config.rehearsal
  context.onProgress(`going down on a copy of ${tenant.name}`)
  try {
    return await context.ports.shadows.withShadow(
      { tenant, where, data },
      shadow => goDown(context, shadow, way, signal),
      signal,
    )
  } catch (error) {
    if (signal.aborted) throw error
    const { what, why } = describeFailure(toFailure(error))
    return {
      works: false,
      why: `nobody could rehearse it: ${[what, why].filter(text => text !== '').join(' ')}`,
    }
  }
}

async function goDown(
  context: RehearsalContext,
  shadow: Shadow,
  way: WayDown,
  signal: AbortSignal,
): Promise<RehearsedBack> {
  const { from, to, steps } = way
  const { servers } = context.ports
  const start = await servers.fingerprint(shadow.server, shadow.tenant, signal)
  if (start.hash !== from.fingerprint) {
    const why = `the copy (${shadow.description.kind}) does not look like the tenant, so that its way down proves nothing`
    return { works: false, why }
  }
  const before = await shadow.readContents(signal)
  const { failure, statements } = await runTraced(context, shadow, { from: from.heads, steps }, signal)
  if (failure) return { works: false, why: `the way down fails on a copy: ${nameFailure(failure)}` }
  const end = await servers.fingerprint(shadow.server, shadow.tenant, signal)
  const table = end.hash === to.fingerprint ? null : findLeftTable(context, way, end)
  if (end.hash !== to.fingerprint && table === null) {
    const changed = listNames(diffCatalog(start.items, end.items), 6)
    const why = `the way down ends in fingerprint ${end.hash.slice(0, 12)}, and before the run it was ${to.fingerprint.slice(0, 12)} (it changes ${changed || 'nothing'})`
    return { works: false, why }
  }
  const back = await shadow.readContents(signal)
  const { versionTable } = way
  const judged = judgeContents({ before, back, statements, shadow: shadow.description, versionTable })
  if (table === null) return { works: true, ...judged, endsIn: null }
  const evidence = [...judged.evidence, `the first migration had made ${table}: it stays, and is empty`]
  return { works: true, ...judged, evidence, endsIn: end.hash }
}

/** The table of versions, where it is all that going down to nothing leaves: the first way up has made it. */
function findLeftTable(
  { ports }: RehearsalContext,
  { to, versionTable }: WayDown,
  end: Fingerprint,
): string | null {
  if (to.heads.length > 0) return null
  const isAllThatStays = (table: string): boolean =>
    ports.digest(catalogText(leaveOutTable(end.items, table))) === to.fingerprint
  return findTables(end.items, versionTable).find(isAllThatStays) ?? null
}

/** What is compared: a copy at the end of the run, and after the way down. */
export interface ContentsBack {
  readonly before: readonly TableContents[]
  readonly back: readonly TableContents[]
  readonly statements: readonly TracedStatement[]
  readonly shadow: Pick<ShadowDescription, 'kind' | 'data'>
  /** Name of the table that says what is applied: going back is what changes it. */
  readonly versionTable: string
}

/** Says what goes with the way down: dropped tables and columns, and rows of those that stay. */
export function judgeContents(contents: ContentsBack): JudgedContents {
  const { back, statements, shadow } = contents
  const isVersionTable = ({ table }: Pick<TableContents, 'table'>): boolean =>
    table.split('.').at(-1)?.replaceAll('"', '') === contents.versionTable
  const before = contents.before.filter(table => !isVersionTable(table))
  const hasRows = shadow.data !== 'schema'
  const after = new Map(back.map(table => [table.table, table]))
  const dropped: DroppedThing[] = []
  const losses: string[] = []
  for (const table of before) {
    const now = after.get(table.table)
    if (!now || now.identity !== table.identity) dropped.push({ kind: 'table', table: table.table })
    else {
      if (now.rows !== table.rows)
        losses.push(`${table.table}: ${countOf(table.rows, 'row')} become ${now.rows}`)
      for (const { column, identity } of table.columns) {
        if (now.columns.some(one => one.column === column && one.identity === identity)) continue
        dropped.push({ kind: 'column', table: table.table, column })
      }
    }
  }
  const gone = new Set(dropped.flatMap(one => (one.kind === 'table' ? [one.table] : [])))
  const written = statements
    .flatMap(statement => statement.locks)
    .filter(lock => lock.mode === 'RowExclusiveLock' && after.has(lock.relation) && !gone.has(lock.relation))
    .filter(lock => !isVersionTable({ table: lock.relation }))
  const unknown = hasRows ? [] : [...new Set(written.map(lock => lock.relation))].sort()
  if (unknown.length > 0)
    losses.push(`whether rows of ${listNames(unknown)} change cannot be told: the copy holds none`)
  const rows = back.reduce((sum, table) => sum + table.rows, 0)
  const evidence = [
    `going down on a copy (${shadow.kind}, ${hasRows ? `${countOf(rows, 'row')} left` : 'without rows'}) ends in the schema from before the run`,
  ]
  return { evidence, dropped, losses }
}
