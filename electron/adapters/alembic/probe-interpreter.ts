import { z } from 'zod'
import type { ExecutionHost } from './execution-host.ts'

/** What an interpreter said about itself. */
export type InterpreterProbe =
  | { readonly runs: false; readonly problem: string }
  | { readonly runs: true; readonly versions: Readonly<Record<string, string>> }

/** Packages are looked up without importing them: that costs a third of a second each. Modules of the project stay out. */
const script = `
import sys
if sys.path[:1] == [""]:
    del sys.path[0]
import json
found = {"python": "%d.%d.%d" % sys.version_info[:3]}
try:
    from importlib import metadata
    for name in ("alembic", "sqlalchemy", "psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000"):
        try:
            found[name] = metadata.version(name)
        except Exception:
            pass
except ImportError:
    pass
print(json.dumps(found))
`

/** Asks an interpreter for its version and for the packages that migrations need. */
export async function probeInterpreter(
  path: string,
  host: Pick<ExecutionHost, 'run'>,
  folder: string,
  signal: AbortSignal,
): Promise<InterpreterProbe> {
  const result = await host.run(path, ['-c', script], { folder, timeoutMs: 30_000 }, signal)
  if (result.code !== 0) return { runs: false, problem: lastLine(result.stderr) || 'does not start' }
  try {
    const versions = z.record(z.string(), z.string()).parse(JSON.parse(lastLine(result.stdout)))
    const [major = 0, minor = 0] = (versions.python ?? '').split('.').map(Number)
    if (major < 3 || (major === 3 && minor < 8)) {
      return { runs: false, problem: `Python ${versions.python} is too old: 3.8 is needed` }
    }
    return { runs: true, versions }
  } catch {
    return { runs: false, problem: 'does not answer like Python' }
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
