import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pythonEnvironment } from '../support/python-environment.ts'
import type { TestSandbox } from '../support/with-sandbox.ts'
import type { Scenario } from './fault-scenarios.ts'
import { alembicFilesOf, sqlFilesOf } from './fleet-files.ts'

/** Who owns the tenants and migrates them: no superuser. */
export const migrator = 'migrator'

/** Where the command line finds the servers, when something is in between. */
export interface FleetPorts {
  readonly primary?: number
  readonly standby?: number
}

/** Where a project lies, and where its runs do. */
export interface FleetProject {
  readonly folder: string
  readonly stateFolder: string
}

export interface ProjectWish {
  readonly folder: string
  readonly scenario: Scenario
  readonly tenants: readonly string[]
  readonly ports: FleetPorts
}

/** Writes the project of a scenario into a folder that is not there yet. */
export async function writeFleetProject(
  sandbox: TestSandbox,
  { folder, scenario, tenants, ports }: ProjectWish,
): Promise<FleetProject> {
  const stateFolder = join(folder, '.state')
  const { primary, standbys } = sandbox
  const python = scenario.source === 'alembic' ? await pythonEnvironment() : null
  const { execution, ...settings } = scenario.settings
  const config = {
    version: 1,
    project: 'fleet',
    servers: [
      { name: primary.name, port: ports.primary ?? primary.port, user: migrator },
      ...standbys.map(one => ({
        name: one.name,
        role: 'standby',
        port: ports.standby ?? one.port,
        user: migrator,
      })),
    ],
    tenants: { databases: tenants },
    migrations: python === null ? { sql: {} } : { alembic: { python } },
    gates: { replica_lag: { requireStandbys: false } },
    smokeTests: { isolation: false },
    ...settings,
    execution: { ...quickExecution, ...(typeof execution === 'object' ? execution : {}) },
  }
  const files = scenario.source === 'sql' ? sqlFilesOf(scenario.way) : alembicFilesOf(scenario.way)
  for (const [name, text] of Object.entries({ ...files, 'lockstep.yml': JSON.stringify(config) })) {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  mkdirSync(stateFolder, { recursive: true })
  return { folder, stateFolder }
}

/** Short enough for hundreds of cases, long enough for a busy machine. */
const quickExecution = {
  lockTimeoutSeconds: 2,
  lockRetries: 2,
  settleSeconds: 5,
  replicaDeadlineSeconds: 5,
  voteDeadlineSeconds: 30,
}
