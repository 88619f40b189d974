import { resolve } from 'node:path'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { MigrationSource, VersionTable } from '../../engine/ports/migration-source.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'
import { type InspectionReader, type OpenSqlSession, withSession } from '../../transactions/sql-session.ts'
import { compareApplied, headsOf } from './compare-applied.ts'
import { migrateFiles } from './migrate-files.ts'
import { planFileSteps } from './plan-steps.ts'
import { drawGraph, type FileRevision, readFolder } from './read-folder.ts'
import { defaultVersionTable, hasVersionTable, readApplied } from './version-table.ts'

export interface SqlFilesOptions {
  /** Paths in plans and failures are relative to this. */
  readonly projectFolder: string
  /** The folder of the files, relative to the project or absolute. */
  readonly folder: string
  /** Default: `lockstep_version` in `public`. */
  readonly versionTable?: Partial<VersionTable>
  readonly parser: SqlParser
  /** Whether policies may hide rows from a revision, so that it runs although they do; default: from none. */
  readonly acceptsHiddenRows?: (step: PlannedStep) => boolean
  readonly openSession: OpenSqlSession
  readonly inspection: InspectionReader
}

/** A folder of numbered SQL files as a migration source. */
export function createSqlFilesSource(options: SqlFilesOptions): MigrationSource {
  const { parser, openSession, inspection, acceptsHiddenRows = () => false } = options
  /** What is applied to a tenant that is a schema is kept in there. */
  const tableOf = ({ schema }: Tenant): VersionTable => ({
    ...defaultVersionTable,
    ...options.versionTable,
    ...(schema === undefined ? {} : { schema }),
  })
  const folder = resolve(options.projectFolder, options.folder)
  // What is planned is what runs: the files are read by `describe` and `planSteps`, and kept.
  let reading: Promise<readonly FileRevision[]> | null = null
  const readAgain = (signal: AbortSignal) => {
    reading = readFolder({ projectFolder: options.projectFolder, folder }, signal)
    return reading
  }
  const readOnce = (signal: AbortSignal) => reading ?? readAgain(signal)

  return {
    describe: async signal => drawGraph(await readAgain(signal), folder),
    readHeads: (tenant, signal) =>
      withSession(
        openSession,
        tenant,
        async session => headsOf(await readApplied(session, tableOf(tenant))),
        signal,
      ),
    findVersionTable: (tenant, signal) => {
      const table = tableOf(tenant)
      return withSession(
        openSession,
        tenant,
        async session => ((await hasVersionTable(session, table)) ? table : null),
        signal,
      )
    },
    verifyApplied: async (tenant, signal) => {
      const revisions = await readOnce(signal)
      const applied = await withSession(
        openSession,
        tenant,
        session => readApplied(session, tableOf(tenant)),
        signal,
      )
      return compareApplied(tenant.name, applied, revisions)
    },
    planSteps: async (from, target, signal) => planFileSteps(await readAgain(signal), from, target, parser),
    planDowngrade: async (from, to, signal) =>
      planFileSteps(await readAgain(signal), from, to.length === 0 ? ['base'] : to, parser),
    migrate: async (request, observer, signal) => {
      const revisions = () => readOnce(signal)
      const table = tableOf(request.tenant)
      const work = { request, revisions, table, parser, acceptsHiddenRows, inspection, openSession }
      return migrateFiles({ ...work, observer, signal })
    },
    close: async () => {
      reading = null
    },
  }
}
