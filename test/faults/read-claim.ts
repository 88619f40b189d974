import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeReport } from '../../electron/app/report/make-report.ts'
import type { FinishedRun } from '../../electron/app/run/finish-run.ts'
import { openRuns } from '../../electron/host/stores/run-archive.ts'
import type { LockstepResult } from '../support/run-lockstep.ts'
import type { Command } from './fault-scenarios.ts'
import type { FleetProject } from './write-fleet-project.ts'

/** What a command line says of how it ended. */
export interface Claim {
  readonly exitCode: number
  readonly outcome: string
  readonly tenants: readonly { readonly tenant: string; readonly state: string }[]
  /** The end of what it wrote, for a person who looks into a case. */
  readonly words: string
}

/** Reads the document and the exit code of a command line; one that wrote no document claims nothing of tenants. */
export function readClaim(verb: Command, { exitCode, stdout, stderr }: LockstepResult): Claim {
  const words = `${verb}: ${stderr.trim().split('\n').slice(-6).join(' | ')}`
  const report = parse(stdout)
  const outcome = typeof report.outcome === 'string' ? report.outcome : ''
  return { exitCode: exitCode ?? -1, outcome, tenants: listTenants(report), words }
}

/** The same of an end that needed no process of its own. */
export async function claimOf({ end, state }: FinishedRun, { stateFolder }: FleetProject): Promise<Claim> {
  const { tenants } = await makeReport(openRuns(join(stateFolder, 'runs')), state)
  return { exitCode: end.exitCode, outcome: end.outcome, tenants, words: JSON.stringify(end.failure) }
}

/** Where the output itself was lost, the report beside the newest log says what would have been written. */
export async function completeClaim(claim: Claim, { stateFolder }: FleetProject): Promise<Claim> {
  if (claim.tenants.length > 0) return claim
  const folder = join(stateFolder, 'runs')
  const newest = (await readdir(folder).catch((): string[] => [])).sort().at(-1)
  const text = newest && (await readFile(join(folder, newest, 'report.json'), 'utf8').catch(() => ''))
  return { ...claim, tenants: listTenants(parse(text || '{}')) }
}

function listTenants(report: Readonly<Record<string, unknown>>): Claim['tenants'] {
  return (Array.isArray(report.tenants) ? report.tenants : []).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('tenant' in one) || !('state' in one)) return []
    return [{ tenant: String(one.tenant), state: String(one.state) }]
  })
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
