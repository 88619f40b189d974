import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { SchemaPosition } from '../../../shared/run/rollback.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { CatalogItem } from '../../catalog/catalog-item.ts'
import { catalogText } from '../../catalog/catalog-text.ts'
import { diffCatalog } from '../../catalog/diff-catalog.ts'
import { nameFailure } from '../checks/name-failure.ts'
import { type JudgedContents, judgeContents } from '../losses/judge-contents.ts'
import { judgeSequences } from '../losses/judge-sequences.ts'
import { readAlterations } from '../losses/read-alterations.ts'
import type { VersionTable } from '../ports/migration-source.ts'
import type { Catalog } from '../ports/servers.ts'
import type { Shadow } from '../ports/shadows.ts'
import type { RehearsalContext } from '../rehearsal/rehearsal-context.ts'
import { runTraced } from '../rehearsal/run-traced.ts'
import { withContainedShadow } from '../rehearsal/with-contained-shadow.ts'
import { findTables, leaveOutTable } from '../routes/leave-out-table.ts'

/** What going down on a copy of a tenant has shown. */
export type RehearsedRollback =
  | (JudgedContents & {
      readonly works: true
      /** The fingerprint in which it ends, where the empty table of versions is all that stays; else null. */
      readonly endsIn: string | null
    })
  | { readonly works: false; readonly why: string }

/** Tenants in the same position with the same rollback: what one of them does, all do. */
export interface RollbackRoute {
  readonly from: SchemaPosition
  readonly to: SchemaPosition
  readonly steps: readonly PlannedStep[]
  /** As the contents of a copy call it. */
  readonly versionTable: VersionTable | null
}

/** Goes down on a copy of a tenant as it is now, and says what goes with it. Never throws but when it is stopped. */
export async function rehearseRollback(
  context: RehearsalContext,
  tenant: Tenant,
  way: RollbackRoute,
  signal: AbortSignal,
): Promise<RehearsedRollback> {
  context.onProgress(`going down on a copy of ${tenant.name}`)
  try {
    const { result, beyond } = await withContainedShadow(
      context,
      { tenant, steps: way.steps },
      ({ shadow }) => goDown(context, shadow, way, signal),
      signal,
    )
    if (!beyond.changes?.length) return result
    const why = `while it was rehearsed, something changed that all databases of the server share: ${listNames(beyond.changes, 8)}`
    return { works: false, why }
  } catch (error) {
    if (signal.aborted) throw error
    const { what, why } = describeFailure(toFailure(error))
    return {
      works: false,
      why: `it could not be rehearsed: ${[what, why].filter(text => text !== '').join(' ')}`,
    }
  }
}

async function goDown(
  context: RehearsalContext,
  shadow: Shadow,
  way: RollbackRoute,
  signal: AbortSignal,
): Promise<RehearsedRollback> {
  const { from, to, steps } = way
  const { servers } = context.ports
  const start = await servers.fingerprint(shadow.server, shadow.tenant, signal)
  if (start.hash !== from.fingerprint) {
    const why = `the copy (${shadow.description.kind}) does not have the tenant's schema, so a downgrade of it proves nothing`
    return { works: false, why }
  }
  const before = await shadow.readContents(signal)
  const sequences = await shadow.readSequences(signal)
  const { failure, statements } = await runTraced(context, shadow, { from: from.heads, steps }, signal)
  if (failure?.kind === 'reaches_beyond') throw new LockstepError(failure)
  if (failure) return { works: false, why: `the downgrade fails on a copy: ${nameFailure(failure)}` }
  const end = await servers.readCatalog(shadow.server, shadow.tenant, signal)
  const table = end.hash === to.fingerprint ? null : findLeftTable(context, way, end)
  if (end.hash !== to.fingerprint && table === null) {
    const changed = listNames(diffCatalog(start.items, end.items), 6)
    const why = `the downgrade ends in fingerprint ${end.hash.slice(0, 12)}, and before the run it was ${to.fingerprint.slice(0, 12)} (it changes ${changed || 'nothing'})`
    return { works: false, why }
  }
  const back = await shadow.readContents(signal)
  const { versionTable } = way
  const alterations = await readAlterations(context.ports.parser, statements)
  const { description } = shadow
  const ofTables = judgeContents({ before, back, statements, alterations, shadow: description, versionTable })
  const ofSequences = judgeSequences(sequences, await shadow.readSequences(signal), back)
  const judged = {
    ...ofTables,
    dropped: [...ofTables.dropped, ...ofSequences.dropped],
    losses: [...ofTables.losses, ...ofSequences.losses],
  }
  if (table === null) return { works: true, ...judged, endsIn: null }
  const evidence = [...judged.evidence, `the first migration had made ${table}: it stays, and is empty`]
  return { works: true, ...judged, evidence, endsIn: end.hash }
}

/** The table of versions, where it is all that going down to nothing leaves: the first way up has made it. */
function findLeftTable(
  { ports }: RehearsalContext,
  { to, versionTable }: RollbackRoute,
  end: Catalog,
): string | null {
  if (to.heads.length > 0 || versionTable === null) return null
  const isAllThatStays = ({ table }: CatalogItem): boolean =>
    table !== null && ports.digest(catalogText(leaveOutTable(end.items, table))) === to.fingerprint
  return findTables(end.items, versionTable.name).find(isAllThatStays)?.ident ?? null
}
