import { createInterface } from 'node:readline/promises'
import type { Plan } from '../../shared/plan.ts'
import { formatPlan } from './format-plan.ts'
import type { Output } from './open-readers.ts'

/** How to ask a person, or null where nobody can be asked: no terminal, a pipeline, or a document is wanted. */
export function choosePrompt(output: Pick<Output, 'isDocument' | 'withTerminal'>) {
  if (output.isDocument || !process.stdin.isTTY || !process.stderr.isTTY || process.env.CI) return null
  return (plan: Plan, signal: AbortSignal): Promise<boolean> =>
    output.withTerminal(() => askPerson(plan, signal))
}

async function askPerson(plan: Plan, signal: AbortSignal): Promise<boolean> {
  process.stderr.write(formatPlan(plan))
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const count = plan.groups.flatMap(group => group.tenants.filter(tenant => tenant.route !== null)).length
    const question = `\nMigrate ${count} tenants to ${plan.target.join(', ')}? Type yes: `
    const answer = (await terminal.question(question, { signal })).trim().toLowerCase()
    return answer === 'yes' || answer === 'y'
  } catch {
    // Ctrl-C at the question is a no.
    return false
  } finally {
    terminal.close()
  }
}
