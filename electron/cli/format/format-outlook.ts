import pc from 'picocolors'
import type { PlanOutlook, ShownGate } from '../../../shared/plan/plan-outlook.ts'
import { allowsRun, describeVerdict, weighVerdict } from '../../../shared/plan/verdict.ts'
import { countOf, toOneLine } from '../../../shared/text/plain-words.ts'

const shownFacts = 3

/** What the gates say of a plan, and what it needs of each server: what a decision about it rests on. */
export function formatOutlook({ gates, needs }: PlanOutlook): string {
  if (gates.length === 0) return ''
  const stopping = gates.filter(({ answer }) => answer !== null && !allowsRun(answer.verdict))
  const title =
    stopping.length === 0
      ? 'every one opens the way'
      : pc.red(`${stopping.map(({ gate }) => gate).join(', ')} would stop a run`)
  return [
    `\n${pc.bold('Gates')}  ${title}; a run judges them again\n`,
    ...gates.map(formatGate),
    `\n${pc.bold('Needs')}\n`,
    ...needs.map(
      ({ cluster, connections, preparedSlots }) =>
        `  ${cluster}: ${countOf(connections, 'connection')} at most${preparedSlots === 0 ? '' : `, ${countOf(preparedSlots, 'prepared transaction')}`}\n`,
    ),
  ].join('')
}

/** One line; where there is something to look at, also the first facts and what to do. */
function formatGate({ gate, momentary, answer }: ShownGate): string {
  if (answer === null) return `  ${pc.dim('not judged')}  ${gate}\n`
  const { verdict, value, threshold, evidence, remedy } = answer
  const weight = weighVerdict(verdict)
  const words = describeVerdict(verdict)
  const painted = weight === 'error' ? pc.red(words) : weight === 'warning' ? pc.yellow(words) : pc.dim(words)
  const now = momentary ? pc.dim('  (now)') : ''
  const line = `  ${painted}  ${gate}: ${toOneLine(value)}${now}\n`
  if (weight === null) return line
  const facts = evidence.slice(0, shownFacts).map(({ tenant, server, fact }) => {
    const where = [tenant, server].filter(Boolean).join(' on ')
    return `      ${toOneLine(where === '' ? fact : `${where}: ${fact}`)}\n`
  })
  const left = evidence.length - facts.length
  return [
    line,
    threshold === '' ? '' : `      wanted   ${toOneLine(threshold)}\n`,
    ...facts,
    left === 0 ? '' : `      and ${left} more\n`,
    remedy === '' ? '' : `      instead  ${toOneLine(remedy)}\n`,
  ].join('')
}
