import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { selectCatalogToken } from '../../adapters/postgres/catalog/catalog-token.ts'
import { selectFingerprintItems } from '../../adapters/postgres/catalog/fingerprint-items.ts'
import type { KnownCatalog } from '../../adapters/postgres/catalog/fingerprint-memory.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'
import { debug, describeError } from '../../output/debug-log.ts'
import { toolVersion } from '../settings/tool-version.ts'

const knownSchema = z.object({
  madeBy: z.string(),
  catalogs: z.array(z.object({ place: z.string(), token: z.string(), hash: z.string() })),
})

/** Another version may print a schema in another way. */
const madeBy = createHash('sha256')
  .update([toolVersion, selectCatalogToken, selectFingerprintItems(null)].join('\n'))
  .digest('hex')

/** What the catalogs of a project's tenants were when they were last read; none where that is not known. */
export async function readKnownCatalogs(plansFolder: string): Promise<readonly KnownCatalog[]> {
  try {
    const known = knownSchema.parse(JSON.parse(await readFile(fileOf(plansFolder), 'utf8')))
    return known.madeBy === madeBy ? known.catalogs : []
  } catch {
    // Not there, or of another version: then the catalogs are read.
    return []
  }
}

/** Keeps it for the next command; what cannot be kept is read again. A project without a folder of its own gets none for this. */
export async function keepKnownCatalogs(
  plansFolder: string,
  catalogs: readonly KnownCatalog[],
): Promise<void> {
  const file = fileOf(plansFolder)
  try {
    await access(dirname(file))
    await writeAtomically(file, JSON.stringify({ madeBy, catalogs }))
  } catch (error) {
    debug('postgres', () => `${file} is not kept: ${describeError(error)}`)
  }
}

function fileOf(plansFolder: string): string {
  return join(dirname(plansFolder), 'catalogs.json')
}
