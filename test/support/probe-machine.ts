import type { TestProject } from 'vitest/node'
import { makeTestEnvironment } from './python-environment.ts'
import { withSmallDisk } from './small-disk.ts'

/** What some tests need and not every machine has. */
export type Need = 'python' | 'oldest python' | 'root' | 'a disk of its own'

declare module 'vitest' {
  interface ProvidedContext {
    /** Why a need is not met here; null when it is. */
    readonly lacking: Readonly<Record<Need, string | null>>
  }
}

/** Finds out once what this machine can run, names what it cannot, and lets nothing be left out under LOCKSTEP_REQUIRE=all. */
export async function setup(project: TestProject): Promise<void> {
  const [python, oldest] = await Promise.all([whyNoPython('newest'), whyNoPython('oldest')])
  const lacking: Record<Need, string | null> = {
    python,
    'oldest python': oldest,
    root: process.getuid?.() === 0 ? null : 'the tests do not run as root',
    'a disk of its own': await whyNoSmallDisk(),
  }
  const lines = Object.entries(lacking).flatMap(([need, reason]) =>
    reason === null ? [] : [`tests that need ${need}: ${reason}`],
  )
  if (lines.length > 0 && process.env.LOCKSTEP_REQUIRE === 'all') {
    throw new Error(`LOCKSTEP_REQUIRE=all, and this machine cannot run\n${lines.join('\n')}`)
  }
  for (const line of lines) process.stderr.write(`not run on this machine: ${line}\n`)
  project.provide('lacking', lacking)
}

async function whyNoSmallDisk(): Promise<string | null> {
  try {
    await withSmallDisk(65_536, async () => undefined)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function whyNoPython(which: 'newest' | 'oldest'): Promise<string | null> {
  const made = await makeTestEnvironment(which)
  if (made.interpreter === null) return made.reason
  // Another Python with Alembic serves the demo, but it has not every driver that is tested.
  return made.interpreter.includes('lockstep-tests') ? null : `packages cannot be installed; ${made.why}`
}
