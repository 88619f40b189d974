import { withDeadline } from '../../lib/with-deadline.ts'
import { withTool } from './choose-tool.ts'
import { type DumpTarget, libpqEnvironmentOf } from './dump-schema.ts'
import { feedFile, type StreamedFile, streamToFile } from './stream-tool.ts'

const restoreTimeoutMs = 24 * 3_600_000

/** Writes a whole database into a file of pg_dump's custom format. */
export async function dumpDatabase(
  target: DumpTarget,
  file: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<StreamedFile> {
  const args = ['--format=custom', '--no-password', '--no-subscriptions', '--lock-wait-timeout=30000']
  return withTool(
    { ...target, name: 'pg_dump' },
    (tool, address) =>
      streamToFile(tool.start(args, libpqEnvironmentOf(target, address)), file, onBytes, signal),
    signal,
  )
}

/** Restores such a file into an empty database, all of it or nothing. */
export async function restoreDump(target: DumpTarget, file: string, signal: AbortSignal): Promise<void> {
  const args = [
    '--no-password',
    '--exit-on-error',
    '--single-transaction',
    '--no-subscriptions',
    `--dbname=${target.database}`,
  ]
  await withDeadline(signal, restoreTimeoutMs, stop =>
    withTool(
      { ...target, name: 'pg_restore' },
      (tool, address) => feedFile(tool.start(args, libpqEnvironmentOf(target, address)), file, stop),
      stop,
    ),
  )
}
