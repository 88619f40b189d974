import type { VersionTable } from '../../engine/ports/migration-source.ts'
import { checksumOf, decodeFile } from './file-text.ts'
import { defaultVersionTable, renderApplied } from './version-table.ts'

/** SQL that notes a file as applied without running it, for a database that has its objects already. */
export function recordAppliedFile(
  file: { readonly revision: string; readonly name: string; readonly up: string },
  table: VersionTable = defaultVersionTable,
): string {
  const checksum = checksumOf(decodeFile(Buffer.from(file.up), file.name))
  return renderApplied(table, { revision: file.revision, name: file.name, checksum })
}
