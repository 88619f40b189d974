import { existsSync, readFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { provideTestImages, testImages } from './docker-images.ts'
import { runCommand } from './run-command.ts'
import { type StartedEngine, startEngine } from './start-engine.ts'

/** A Docker engine that has the tests' images. */
export interface TestDocker {
  /** What DOCKER_HOST takes. */
  readonly host: string
  readonly postgresImage: string
  readonly appImage: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where no test of this run says `needs('docker')`, or where the need is not met. */
    readonly docker: TestDocker | null
    /** Why there is none; null when there is one. */
    readonly dockerProblem: string | null
  }
}

/** Why there is no engine in a run of other tests: nothing is left out then. */
export const notAskedFor = 'no test of this run asks for it'

let engine: StartedEngine | null = null

/** Starts one engine for all tests of a run that need one, or uses that of LOCKSTEP_TEST_DOCKER_HOST and leaves it alone. */
export async function setup(project: TestProject): Promise<void> {
  const answer = isAskedFor(project.vitest.state.getPaths())
    ? await findEngine().catch(error => (error instanceof Error ? error.message : String(error)))
    : notAskedFor
  project.provide('docker', typeof answer === 'string' ? null : answer)
  project.provide('dockerProblem', typeof answer === 'string' ? answer : null)
  if (typeof answer === 'string') await teardown()
}

/** Ends the engine that was started, with every container in it. */
export async function teardown(): Promise<void> {
  const started = engine
  engine = null
  await started?.stop()
}

/** An engine takes seconds to start: a run of other tests does without. */
function isAskedFor(files: readonly string[]): boolean {
  return files.some(
    file => existsSync(file) && /needs\([^)]*'docker|inject\('docker'\)/.test(readFileSync(file, 'utf8')),
  )
}

async function findEngine(): Promise<TestDocker | string> {
  const given = process.env.LOCKSTEP_TEST_DOCKER_HOST
  if (!given && process.getuid?.() !== 0) {
    return 'an engine is started by root only; set LOCKSTEP_TEST_DOCKER_HOST to one that runs'
  }
  for (const [program, fix] of programs) {
    if (given && program !== 'docker') continue
    const isThere = await runCommand('which', [program]).then(
      () => true,
      () => false,
    )
    if (!isThere) return `there is no ${program}: ${fix}`
  }
  if (!given) engine = await startEngine()
  const host = given ?? engine?.host ?? ''
  await provideTestImages(host)
  return { host, postgresImage: testImages.postgres.name, appImage: testImages.app.name }
}

const programs = [
  ['docker', 'apt-get install docker.io'],
  ['dockerd', 'apt-get install docker.io'],
  ['ip', 'apt-get install iproute2'],
] as const
