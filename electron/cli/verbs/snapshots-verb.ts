import { LockstepError } from '../../../shared/failure/failure.ts'
import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import { formatBytes, formatDuration } from '../../../shared/text/plain-words.ts'
import { describeRemoval } from '../../app/describe-copy.ts'
import type { RemovedCopy } from '../../app/ports/left-copies.ts'
import { pruneCopies } from '../../app/snapshots/prune-copies.ts'
import { readCopies } from '../../app/snapshots/read-copies.ts'
import { explainTies } from '../../catalog/database-tie.ts'
import type { StrayDatabase } from '../../engine/ports/restores.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import { openProject } from '../../host/project/open-project.ts'
import { withServers } from '../../host/wiring/with-engine.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { formatLeftCopies } from '../format/format-left-copies.ts'
import { formatTable } from '../format/format-table.ts'
import { printJson } from '../output/print-json.ts'

interface PruneOptions {
  readonly yes?: boolean
  readonly keep?: number
  readonly json?: boolean
}

/** `lockstep snapshots`: copies of tenants that a rollback can return to, and what rollbacks have left behind. */
export const snapshotsVerb: AddVerb = program => {
  const verb = program
    .command('snapshots')
    .summary('list the copies that a rollback can return to, and remove old ones')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'before',
      `Examples:
  lockstep snapshots
  lockstep snapshots prune              what would be removed
  lockstep snapshots prune --keep 1 --yes
`,
    )
    .action(async (options: { readonly json?: boolean }, command) => {
      const { snapshots, strays, left } = await readAll(command)
      if (options.json) printJson({ schema_version: 1, snapshots, databases: strays, left_copies: left })
      else standardOutput.write(formatAll(snapshots, strays) + formatLeftCopies(left))
    })
  verb
    .command('prune')
    .exitOverride()
    .summary('remove copies beyond the number that is kept, and databases that rollbacks have replaced')
    .option('-y, --yes', 'remove them; otherwise they are only named')
    .option('--keep <count>', 'how many of each tenant stay (default: snapshots.keep)', readCount)
    .option('--json', 'one JSON document on stdout')
    .action(async (_options: PruneOptions, command) => {
      const options: PruneOptions = command.optsWithGlobals()
      const project = await openProject(readGlobals(command), new AbortController().signal)
      const signal = new AbortController().signal
      await withServers(project, async ports => {
        if (options.yes) sayRemoved(await ports.leftCopies.remove(signal))
        else standardError.write(formatLeftCopies(await ports.leftCopies.list(signal)))
        const remove = options.yes ?? false
        const request = { config: project.config, keep: options.keep, remove }
        const { snapshots, strays, held, others, isBusy } = await pruneCopies(request, ports, signal)
        if (options.json)
          printJson({
            schema_version: 1,
            removed: remove,
            snapshots,
            databases: strays,
            held,
            left_alone: others,
          })
        else
          standardOutput.write(
            formatPruned(snapshots, strays, { removed: remove, isAtWork: isBusy }) + formatOthers(others),
          )
        refuseHeld(held)
      })
    })
}

/** The others are removed all the same. */
function refuseHeld(held: readonly StrayDatabase[]): void {
  const [first, ...rest] = held.map(({ database, ties }) => explainTies(database, ties))
  if (first?.kind !== 'usage') return
  const all = [first, ...rest.filter(one => one.kind === 'usage')]
  const problem = all.map(one => one.problem).join('; ')
  throw new LockstepError({ kind: 'usage', problem, fix: all.map(one => one.fix).join(' ') })
}

/** Beside the result: what a rehearsal or a rollback that did not end has left. */
function sayRemoved(removed: readonly RemovedCopy[]): void {
  for (const copy of removed) standardError.write(`${describeRemoval(copy)}\n`)
}

async function readAll(command: Parameters<typeof readGlobals>[0]) {
  const project = await openProject(readGlobals(command), new AbortController().signal)
  const signal = new AbortController().signal
  return withServers(project, ports => readCopies(project.config, ports, signal))
}

function readCount(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  const problem = `--keep takes a whole number from 1 on, not ${text}`
  throw new LockstepError({ kind: 'usage', problem, fix: 'lockstep snapshots prune --keep 1' })
}

function formatAll(snapshots: readonly StoredSnapshot[], strays: readonly StrayDatabase[]): string {
  const kept =
    snapshots.length === 0
      ? 'no copies are kept: snapshots.data in lockstep.yml says when they are taken\n'
      : formatSnapshots(snapshots)
  return strays.length === 0 ? kept : `${kept}\n${formatStrays(strays)}`
}

function formatSnapshots(snapshots: readonly StoredSnapshot[]): string {
  const rows = snapshots.map(({ runId, tenant, kind, bytes, takenAt, verified }) => [
    runId,
    tenant,
    kind,
    formatBytes(bytes),
    formatDuration(Math.max(0, Date.now() - Date.parse(takenAt))),
    verified ? 'restored once' : 'no',
  ])
  return formatTable(['before run', 'tenant', 'kind', 'size', 'age', 'verified'], rows)
}

const meaning = {
  snapshot: 'a copy without a record',
  restore: 'a copy that never took its place',
  failed: 'what a tenant was before its rollback',
} as const

function formatStrays(strays: readonly StrayDatabase[]): string {
  const rows = strays.map(({ server, database, kind, bytes }) => [
    database,
    server,
    formatBytes(bytes),
    meaning[kind],
  ])
  return formatTable(['database', 'server', 'size', 'what it is'], rows)
}

function formatOthers(others: readonly StrayDatabase[]): string {
  if (others.length === 0) return ''
  return `\nleft alone, since no run on record here has made them:\n${formatStrays(others)}`
}

function formatPruned(
  snapshots: readonly StoredSnapshot[],
  strays: readonly StrayDatabase[],
  { removed, isAtWork }: { readonly removed: boolean; readonly isAtWork: boolean },
): string {
  if (isAtWork) return 'a run is at work: nothing is removed\n'
  if (snapshots.length + strays.length === 0) return 'nothing to remove\n'
  const parts = [
    ...(snapshots.length > 0 ? [formatSnapshots(snapshots)] : []),
    ...(strays.length > 0 ? [formatStrays(strays)] : []),
  ]
  const end = removed ? 'removed\n' : 'would be removed: lockstep snapshots prune --yes\n'
  return `${parts.join('\n')}\n${end}`
}
