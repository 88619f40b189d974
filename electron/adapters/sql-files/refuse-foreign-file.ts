import { LockstepError } from '../../../shared/failure/failure.ts'
import { findForeignFile } from './find-directions.ts'

/** Refuses a file of another tool, which holds the upgrade and the downgrade: run as it is, it would do both. */
export function refuseForeignFile(file: string, text: string): void {
  const found = findForeignFile(text)
  if (!found) return
  const { tool, line, marker } = found
  const whose =
    tool === null
      ? 'it holds markers for both directions, as files of other migration tools do'
      : `it is a file of ${tool}, which keeps both directions in one file`
  const [up, down] = nameParts(file)
  throw new LockstepError({
    kind: 'source_failed',
    during: 'reading a migration',
    file,
    line,
    error: `${whose} (${shorten(marker)}): run as it is, what it takes back would be run as well. Put what goes up into ${up} and what goes down into ${down}, without the markers`,
  })
}

/** The two files that it should be. */
function nameParts(file: string): readonly [string, string] {
  const name = file.split('/').at(-1) ?? file
  const base = name.replace(/\.sql$/i, '').replace(/\.(?:up|down)$/i, '')
  const start = /^\d+_./.test(base) ? base : 'NNNN_name'
  return [`${start}.up.sql`, `${start}.down.sql`]
}

function shorten(marker: string): string {
  const shown = marker.startsWith('#') ? marker : `-- ${marker}`
  return shown.length > 80 ? `${shown.slice(0, 80)}...` : shown
}
