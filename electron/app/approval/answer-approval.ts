import type { Confirmation } from '../../../shared/plan/confirmation-level.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { ApprovalAnswer } from '../../engine/ports/approvals.ts'

/** How approval is to be had; `prompt` is given by a caller that can show to a person what is asked. */
export interface ApprovalWays<Shown> {
  /** Approve whatever it is. */
  readonly yes: boolean
  /** Approve only what has this id, or its unambiguous beginning. */
  readonly id: string | null
  /** Given in advance for an environment that asks for its name; null where it was not. */
  readonly confirmation: Confirmation | null
  /** Shows what is asked, giving null for a no; null where no one can be asked. */
  readonly prompt: ((shown: Shown, signal: AbortSignal) => Promise<Confirmation | null>) | null
  readonly by: string
}

/** What was shown once, and is kept under its id; `plan` where it can be compared. */
export interface KeptForApproval {
  readonly id: string
  readonly plan: Plan | null
}

/** Fewer characters of an id say nothing. */
const shortestId = 8

/** Answers by id, by flag or by a person at the terminal, in that order of strictness; the same for a plan and for a rollback. */
export async function answerApproval<Shown>(
  { yes, id, confirmation, prompt, by }: ApprovalWays<Shown>,
  asked: { readonly id: string; readonly shown: Shown | null },
  findKept: (start: string) => KeptForApproval | null,
  signal: AbortSignal,
): Promise<ApprovalAnswer> {
  if (id !== null) {
    const isThis = id.length >= shortestId && asked.id.startsWith(id)
    const meant = isThis ? asked.id : id
    const kept = meant.length >= shortestId ? findKept(meant) : null
    return { answer: 'approved_plan', planId: kept?.id ?? meant, plan: kept?.plan ?? null, by, confirmation }
  }
  if (yes) return { answer: 'approved', how: 'flag', by, confirmation }
  if (!prompt || asked.shown === null) return { answer: 'nobody_there' }
  const said = await prompt(asked.shown, signal)
  if (!said) return { answer: 'refused', by }
  return { answer: 'approved', how: 'prompt', by, confirmation: confirmation ?? said }
}
