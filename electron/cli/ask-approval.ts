import { createInterface } from 'node:readline/promises'
import type { Environment } from '../../shared/environment.ts'
import { type Confirmation, frictionOf } from '../../shared/friction.ts'
import type { Plan } from '../../shared/plan.ts'
import { formatPlan } from './format-plan.ts'
import type { Output } from './open-readers.ts'

/** How to ask a person, or null where nobody can be asked: no terminal, a pipeline, or a document is wanted. */
export function choosePrompt(output: Pick<Output, 'isDocument' | 'withTerminal'>, environment: Environment) {
  if (output.isDocument || !process.stdin.isTTY || !process.stderr.isTTY || process.env.CI) return null
  return (plan: Plan, signal: AbortSignal): Promise<Confirmation | null> =>
    output.withTerminal(() => askPerson(plan, environment, signal))
}

async function askPerson(
  plan: Plan,
  environment: Environment,
  signal: AbortSignal,
): Promise<Confirmation | null> {
  process.stderr.write(formatPlan(plan))
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const count = plan.groups.flatMap(group => group.tenants.filter(tenant => tenant.route !== null)).length
    const question = `\nMigrate ${count} tenants to ${plan.target.join(', ')}? Type yes: `
    const answer = (await terminal.question(question, { signal })).trim().toLowerCase()
    if (answer !== 'yes' && answer !== 'y') return null
    if (frictionOf('apply', environment.protection) < 3) return { kind: 'acknowledged' }
    const name = await terminal.question(`This is production. Type ${environment.name}: `, { signal })
    const reason = await terminal.question('Why now? ', { signal })
    return { kind: 'named', environment: name.trim(), reason }
  } catch {
    // Ctrl-C at the question is a no.
    return null
  } finally {
    terminal.close()
  }
}
