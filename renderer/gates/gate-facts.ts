import type { GateCheck } from '../../shared/api/plan-view.ts'
import { allowsRun, type GateAnswer, type Verdict } from '../../shared/plan/verdict.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { countOf } from '../../shared/text/plain-words.ts'
import type { Status } from '../status/status.ts'

/** A gate as a screen shows it, whether it was judged before a run or in one. */
export interface GateFacts {
  readonly gate: string
  readonly title: string
  /** Why it exists; empty where that is not known. */
  readonly why: string
  /** True for what can change from one moment to the next: a run judges it again before its first statement. */
  readonly momentary: boolean
  /** Null while it is being judged. */
  readonly answer: GateAnswer | null
  readonly durationMs: number | null
  /** When it was judged, RFC 3339; null where it was not noted. */
  readonly at: string | null
}

/** The facts of a gate that was judged as a basis for the decision about a plan. */
export function factsOfCheck(check: GateCheck, at: string | null): GateFacts {
  return { ...check, at }
}

/** The verdict in a word that a person would use; what could not be judged never sounds like a pass. */
export function wordOfVerdict(verdict: Verdict | null): string {
  switch (verdict) {
    case null:
      return 'being judged'
    case 'inconclusive':
      return 'could not be judged'
    case 'not_applicable':
      return 'not applicable'
    case 'passed':
    case 'warned':
    case 'failed':
    case 'waived':
      return verdict
    default:
      return assertNever(verdict)
  }
}

/** Says whether a gate stands in the way; one that is still being judged does not yet. */
export function isStopping({ answer }: GateFacts): boolean {
  return answer !== null && !allowsRun(answer.verdict)
}

/** The gates that stand in the way, as they are listed. */
export function stoppingGates(gates: readonly GateFacts[]): readonly GateFacts[] {
  return gates.filter(isStopping)
}

const tallyOrder: readonly (Verdict | null)[] = [
  'failed',
  'inconclusive',
  null,
  'warned',
  'waived',
  'passed',
  'not_applicable',
]

/** All verdicts in one line, the worst first: "1 gate failed, 6 passed". */
export function tallyGates(gates: readonly GateFacts[]): string {
  const counts = tallyOrder.flatMap(verdict => {
    const count = gates.filter(({ answer }) => (answer?.verdict ?? null) === verdict).length
    return count === 0 ? [] : [{ count, word: wordOfVerdict(verdict) }]
  })
  if (counts.length === 0) return 'no gate judged yet'
  return counts
    .map(({ count, word }, index) => `${index === 0 ? countOf(count, 'gate') : count} ${word}`)
    .join(', ')
}

/** The state that all gates together are in. */
export function statusOfGates(gates: readonly GateFacts[]): Status {
  const has = (verdict: Verdict): boolean => gates.some(({ answer }) => answer?.verdict === verdict)
  if (gates.length === 0) return 'pending'
  if (has('failed')) return 'failed'
  if (has('inconclusive')) return 'errored'
  if (gates.some(({ answer }) => answer === null)) return 'running'
  if (has('warned')) return 'warned'
  return has('waived') ? 'waived' : 'passed'
}
