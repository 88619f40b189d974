import type { TestProject } from 'vitest/node'
import { findChromium } from './chromium.ts'
import { notAskedFor } from './docker-engine.ts'
import { whyNoOlderPostgres } from './postgres-versions.ts'
import { makeTestEnvironment } from './python-environment.ts'
import { runCommand } from './run-command.ts'
import { withSmallDisk } from './small-disk.ts'
import { whyNoSshServer } from './ssh-server.ts'

/** What some tests need and not every machine has. */
export type Need =
  | 'python'
  | 'oldest python'
  | 'older postgres'
  | 'pg_dump'
  | 'root'
  | 'a disk of its own'
  | 'docker'
  | 'docker compose'
  | 'ssh server'
  | 'chromium'

declare module 'vitest' {
  interface ProvidedContext {
    /** Why a need is not met here; null when it is. */
    readonly lacking: Readonly<Record<Need, string | null>>
  }
}

/** Finds out once what this machine can run, names what it cannot, and lets nothing be left out under LOCKSTEP_REQUIRE=all. */
export async function setup(project: TestProject): Promise<void> {
  // On a fresh machine each of these has something to fetch.
  const [python, oldest, older, dump, disk, compose, ssh] = await Promise.all([
    whyNoPython('newest'),
    whyNoPython('oldest'),
    whyNoOlderPostgres(),
    whyNoPgDump(),
    whyNoSmallDisk(),
    whyNoCompose(),
    whyNoSshServer(),
  ])
  const lacking: Record<Need, string | null> = {
    python,
    'oldest python': oldest,
    'older postgres': older,
    pg_dump: dump,
    root: process.getuid?.() === 0 ? null : 'the tests do not run as root',
    'a disk of its own': disk,
    // Where browsers are tried there is no engine.
    docker: project.config.name === 'browser' ? notAskedFor : project.getProvidedContext().dockerProblem,
    'docker compose': compose,
    'ssh server': ssh,
    chromium: findChromium() === null ? 'no Chromium is installed, and CHROMIUM names none' : null,
  }
  const lines = Object.entries(lacking).flatMap(([need, reason]) =>
    reason === null || reason === notAskedFor ? [] : [`tests that need ${need}: ${reason}`],
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

/** Any version serves: the tests start a server that it fits. */
async function whyNoPgDump(): Promise<string | null> {
  return await runCommand('pg_dump', ['--version']).then(
    () => null,
    () => 'pg_dump is not on PATH: install postgresql-client',
  )
}

async function whyNoCompose(): Promise<string | null> {
  return await runCommand('docker', ['compose', 'version']).then(
    () => null,
    () => 'the Docker CLI has no Compose: run `.ci/install-compose`, or install docker-compose-plugin',
  )
}

async function whyNoPython(which: 'newest' | 'oldest'): Promise<string | null> {
  const made = await makeTestEnvironment(which)
  if (made.interpreter === null) return made.reason
  // Another Python with Alembic serves the demo, but it has not every driver that is tested.
  return made.interpreter.includes('lockstep-tests') ? null : `packages cannot be installed; ${made.why}`
}
