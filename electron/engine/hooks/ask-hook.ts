import type { GateAnswer } from '../../../shared/plan/verdict.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { HookFacts } from '../../config/hook-facts.ts'
import type { HookSettings } from '../../settings/policy.ts'
import { answerFromFindings } from '../checks/finding.ts'
import { judgeExecutable } from '../checks/judge-executable.ts'
import { answerInTime } from '../checks/judge-gate.ts'
import { judgeHttpAnswer } from '../checks/judge-http-answer.ts'
import type { HookPorts } from '../context/phase-hooks.ts'
import { judgeAssertion } from './judge-assertion.ts'
import type { HookRound } from './list-rounds.ts'

/** A hook of the configuration with its kind. */
export type HookOf =
  | { readonly kind: 'executable'; readonly settings: HookSettings['executables'][number] }
  | { readonly kind: 'http'; readonly settings: HookSettings['http'][number] }
  | { readonly kind: 'sql'; readonly settings: HookSettings['sql'][number] }

/** What a hook is asked about. */
export interface HookQuestion {
  readonly round: HookRound
  readonly facts: HookFacts
  readonly tenants: readonly Tenant[]
}

/** Beside a hook's own deadline: for connecting, for pauses between attempts, and for ending what hangs. */
const graceMs = 30_000

/** Asks one hook once: always with an answer, never with a throw. */
export function askHook(
  hook: HookOf,
  question: HookQuestion,
  ports: HookPorts,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const attempts = hook.kind === 'http' ? hook.settings.retries + 1 : 1
  const deadlineMs = attempts * hook.settings.timeoutSeconds * 1_000 + attempts * 2_000 + graceMs
  return answerInTime(bounded => askOnce(hook, question, ports, bounded), deadlineMs, signal)
}

async function askOnce(
  hook: HookOf,
  { round, facts, tenants }: HookQuestion,
  ports: HookPorts,
  signal: AbortSignal,
): Promise<GateAnswer> {
  switch (hook.kind) {
    case 'executable': {
      const { command, timeoutSeconds } = hook.settings
      const result = await ports.hooks.run({ command, facts, timeoutMs: timeoutSeconds * 1_000 }, signal)
      const finding = judgeExecutable(hook.settings, round.tenant, result)
      const [value = ''] = finding.evidence.fact.split(': ')
      return answerFromFindings([finding], { value, threshold: `exit 0 within ${timeoutSeconds} s` })
    }
    case 'http': {
      const { status, retries, timeoutSeconds } = hook.settings
      const url = fillIn(hook.settings.url, round)
      const result = await ports.http.check(
        { url, status, retries, timeoutMs: timeoutSeconds * 1_000 },
        signal,
      )
      return judgeHttpAnswer({ ...hook.settings, url }, result)
    }
    case 'sql': {
      const tenant = tenants.find(candidate => candidate.name === round.tenant)
      if (!tenant) throw new Error(`tenant ${round.tenant} is not known`)
      return judgeAssertion(hook.settings, tenant, ports, signal)
    }
    default:
      return assertNever(hook)
  }
}

/** `{tenant}` and `{group}` in an address stand for the one that is asked about. */
function fillIn(url: string, { tenant, group }: HookRound): string {
  return url
    .replaceAll('{tenant}', encodeURIComponent(tenant ?? ''))
    .replaceAll('{group}', encodeURIComponent(group ?? ''))
}
