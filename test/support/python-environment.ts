import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  makePythonEnvironment,
  type PythonEnvironment,
} from '../../electron/adapters/alembic/make-demo-environment.ts'

/** Newest Alembic with every driver that is tried, and the oldest pair that is promised to work. */
const requirements = {
  newest: ['alembic', 'psycopg[binary]', 'psycopg2-binary', 'asyncpg', 'greenlet'],
  oldest: ['alembic==1.8.1', 'sqlalchemy==1.4.54', 'psycopg2-binary', 'setuptools'],
} as const

/** A virtual environment that is made once per machine and kept for later runs, or why there is none. */
export function makeTestEnvironment(which: keyof typeof requirements): Promise<PythonEnvironment> {
  const cache = join(process.env.XDG_CACHE_HOME || tmpdir(), 'lockstep-tests')
  return makePythonEnvironment(cache, AbortSignal.timeout(280_000), { requirements: requirements[which] })
}

/** The interpreter of that environment. */
export async function pythonEnvironment(which: keyof typeof requirements = 'newest'): Promise<string> {
  const made = await makeTestEnvironment(which)
  if (made.interpreter === null) throw new Error(`no Python for the tests: ${made.reason}`)
  return made.interpreter
}
