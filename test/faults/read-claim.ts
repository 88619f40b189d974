import type { LockstepResult } from '../support/run-lockstep.ts'
import type { Command } from './fault-scenarios.ts'

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
  const tenants = (Array.isArray(report.tenants) ? report.tenants : []).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('tenant' in one) || !('state' in one)) return []
    return [{ tenant: String(one.tenant), state: String(one.state) }]
  })
  return { exitCode: exitCode ?? -1, outcome, tenants, words }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
