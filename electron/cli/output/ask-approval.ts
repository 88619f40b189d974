import { createInterface } from 'node:readline/promises'
import {
  type Action,
  type Confirmation,
  confirmationLevelOf,
} from '../../../shared/plan/confirmation-level.ts'
import type { Environment } from '../../../shared/plan/environment.ts'
import { standardError } from '../../host/output/safe-output.ts'
import type { Output } from './open-readers.ts'

/** What a person is asked at the terminal before it happens. */
export interface ApprovalQuestion<Subject> {
  readonly action: Action
  /** All that would happen, shown before the question. */
  readonly show: (subject: Subject) => string
  /** The question in one line, which is answered with yes. */
  readonly ask: (subject: Subject) => string
}

/** How to ask a person, or null where no one can be asked: no terminal, a pipeline, or a document is wanted. */
export function choosePrompt<Subject>(
  question: ApprovalQuestion<Subject>,
  output: Pick<Output, 'isDocument' | 'withTerminal'>,
  environment: Environment,
) {
  if (output.isDocument || !process.stdin.isTTY || !process.stderr.isTTY || process.env.CI) return null
  return (subject: Subject, signal: AbortSignal): Promise<Confirmation | null> =>
    output.withTerminal(async () => {
      standardError.write(question.show(subject))
      await standardError.drained()
      return askPerson(question.ask(subject), question.action, environment, signal)
    })
}

/** What was confirmed in advance, on the command line; null where nothing was. */
export function readConfirmation({
  confirm,
  reason,
}: {
  readonly confirm?: string
  readonly reason?: string
}): Confirmation | null {
  if (confirm === undefined) return null
  return { kind: 'named', environment: confirm, reason: reason ?? '' }
}

async function askPerson(
  question: string,
  action: Action,
  environment: Environment,
  signal: AbortSignal,
): Promise<Confirmation | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // A terminal that goes away while it is asked says no; the signal that comes with it says the rest.
  for (const part of [process.stdin, terminal]) part.on('error', () => undefined)
  try {
    const answer = (await terminal.question(`\n${question} Type yes: `, { signal })).trim().toLowerCase()
    if (answer !== 'yes' && answer !== 'y') return null
    if (confirmationLevelOf(action, environment.protection) < 3) return { kind: 'acknowledged' }
    const name = await terminal.question(`This is production. Type ${environment.name}: `, { signal })
    const reason = await terminal.question('Why now? ', { signal })
    return { kind: 'named', environment: name.trim(), reason }
  } catch {
    // Ctrl-C at the question is a no.
    return null
  } finally {
    closeQuietly(terminal)
  }
}

/** Putting a terminal back as it was fails where there is none any more. */
function closeQuietly(terminal: { close(): void }): void {
  try {
    terminal.close()
  } catch {
    // There is no one left to see it.
  }
}
