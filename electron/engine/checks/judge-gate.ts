import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { allowsRun, type GateAnswer, type GateName } from '../../../shared/plan/verdict.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { gateSpecs } from '../../settings/gate-specs.ts'
import type { Gate, GateContext } from './gate.ts'
import { nameFailure } from './name-failure.ts'
import type { SmokeContext, SmokeTest } from './smoke-test.ts'

type Waivers = readonly ProjectConfig['waivers'][number][]

const gateDeadlineMs = 600_000
const smokeDeadlineMs = 3_600_000
const graceMs = 3000

/** Judges one gate: always with an answer, never with a throw; a recorded waiver opens the way where it may. */
export async function judgeGate(
  gate: Gate,
  context: GateContext,
  waivers: Waivers,
  signal: AbortSignal,
  deadlineMs = gateDeadlineMs,
): Promise<GateAnswer> {
  const answer = await answerInTime(bounded => gate.judge(context, bounded), deadlineMs, signal)
  return applyWaiver(gate.name, answer, waivers)
}

/** Judges one smoke test under the same rules as a gate; there are no waivers for these. */
export function judgeSmokeTest(
  test: SmokeTest,
  context: SmokeContext,
  signal: AbortSignal,
  deadlineMs = smokeDeadlineMs,
): Promise<GateAnswer> {
  return answerInTime(bounded => test.judge(context, bounded), deadlineMs, signal)
}

/** Puts a waiver's reason in place of a verdict that would stop the run; what was found stays to be read. */
export function applyWaiver(gate: GateName, answer: GateAnswer, waivers: Waivers): GateAnswer {
  const waiver = waivers.find(candidate => candidate.gate === gate)
  if (!waiver || !gateSpecs[gate].waivable || allowsRun(answer.verdict)) return answer
  return {
    ...answer,
    verdict: 'waived',
    evidence: [{ fact: `waived, although ${answer.verdict}: ${waiver.reason}` }, ...answer.evidence],
  }
}

/** Gives the work a deadline of its own; work that ignores its signal is abandoned after a grace period. */
export async function answerInTime(
  work: (bounded: AbortSignal) => Promise<GateAnswer>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const deadline = new AbortController()
  const bounded = AbortSignal.any([signal, deadline.signal])
  const timer = setTimeout(() => deadline.abort(new Error('deadline passed')), deadlineMs)
  const stuck = rejectAfterGrace(bounded)
  try {
    return await Promise.race([work(bounded), stuck.promise])
  } catch (error) {
    if (signal.aborted) return couldNotJudge('the run was interrupted before there was an answer')
    if (deadline.signal.aborted) {
      return couldNotJudge(`there was no answer within ${Math.round(deadlineMs / 1000)} s`)
    }
    const failure = toFailure(error)
    return couldNotJudge(nameFailure(failure), describeFailure(failure).fix)
  } finally {
    clearTimeout(timer)
    stuck.stop()
  }
}

function rejectAfterGrace(bounded: AbortSignal): { readonly promise: Promise<never>; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let begin = (): void => undefined
  const promise = new Promise<never>((_resolve, reject) => {
    begin = () => {
      timer = setTimeout(() => reject(bounded.reason), graceMs)
    }
  })
  if (bounded.aborted) begin()
  else bounded.addEventListener('abort', begin, { once: true })
  return {
    promise,
    stop() {
      bounded.removeEventListener('abort', begin)
      clearTimeout(timer)
    },
  }
}

function couldNotJudge(fact: string, remedy = ''): GateAnswer {
  return {
    verdict: 'inconclusive',
    value: 'not judged',
    threshold: 'an answer',
    evidence: [{ fact }],
    remedy: remedy || 'lockstep doctor',
  }
}
