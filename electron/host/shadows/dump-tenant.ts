import { dumpSchema } from '../../adapters/pg-tools/dump-schema.ts'
import { findPassword } from '../../adapters/postgres/find-password.ts'
import type { DatabasePlace } from '../../adapters/postgres/shadow-fill.ts'
import type { ToolPlaces } from '../pg-tools/list-tool-places.ts'

/** The schema of a tenant as SQL. */
export async function dumpTenant(
  toolPlaces: ToolPlaces,
  { settings, database, role = null }: DatabasePlace,
  serverMajor: number,
  signal: AbortSignal,
): Promise<string> {
  const password = await findPassword(settings, database)
  const places = toolPlaces(settings)
  return dumpSchema({ places, user: settings.user, password, database, role, serverMajor }, signal)
}
