import { LockstepError } from '../../../shared/failure/failure.ts'
import { dumpSchema } from '../../adapters/pg-tools/dump-schema.ts'
import type { DatabasePlace } from '../../adapters/postgres/copies/shadow-fill.ts'
import { findPassword } from '../../adapters/postgres/session/find-password.ts'
import { withPlace } from '../../adapters/postgres/session/open-session.ts'
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
  try {
    const target = { places, user: settings.user, password, database, role, serverMajor }
    return await withPlace(settings, () => dumpSchema(target, signal), signal)
  } catch (error) {
    throw addRemedy(error, serverMajor)
  }
}

/** A program that is missing or too old is the one obstacle that the user can remove at once. */
function addRemedy(error: unknown, serverMajor: number): unknown {
  if (!(error instanceof LockstepError) || error.failure.kind !== 'usage') return error
  const { problem } = error.failure
  if (!/there is no pg_dump|pg_dump .* is version/.test(problem)) return error
  const remedy = `install the client programs of PostgreSQL ${serverMajor} (postgresql-client-${serverMajor}) where Lockstep runs`
  return new LockstepError({ ...error.failure, problem: `${problem}: ${remedy}` }, { cause: error })
}
