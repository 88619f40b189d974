import type { Failure } from '../../../shared/failure/failure.ts'

/** One thing that `lockstep doctor` looked at. */
export interface DiagnosisItem {
  readonly subject: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly detail: string
  /** What is wrong, when something is. */
  readonly failure: Failure | null
}

/** What is as a run needs it. */
export function ok(subject: string, detail: string): DiagnosisItem {
  return { subject, state: 'ok', detail, failure: null }
}

/** What a run can do without, or what it may stumble over. */
export function warning(subject: string, detail: string): DiagnosisItem {
  return { subject, state: 'warning', detail, failure: null }
}

/** What keeps a run from its work. */
export function problem(subject: string, failure: Failure): DiagnosisItem {
  return { subject, state: 'problem', detail: '', failure }
}
