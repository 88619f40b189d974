import type { RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import { countOf, formatBytes } from '../../../../shared/text/plain-words.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import type { TableFacts } from '../../ports/schema-facts.ts'
import { findRehearsed, nameTenants } from '../plan/rehearsed.ts'
import { readLargest } from './largest-tables.ts'

/** Stops a migration that rewrites a large table: it cannot be read for as long as that takes. */
export const rewrite: Gate = {
  ...nameGate('rewrite'),
  async judge(context, signal) {
    const { maxRows, maxBytes } = context.settings.rewrite
    const threshold = `at most ${countOf(maxRows, 'row')} and ${formatBytes(maxBytes)}`
    const { routes, answer } = findRehearsed(context, threshold)
    if (routes === null) return answer
    const findings: Finding[] = []
    for (const route of routes) findings.push(...(await judgeRoute(context, route, signal)))
    const value = findings.length === 0 ? 'no table is rewritten' : `${countOf(findings.length, 'rewrite')}`
    if (findings.length === 0) return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
    return answerFromFindings(findings, { value, threshold })
  },
}

async function judgeRoute(
  context: GateContext,
  route: RouteRehearsal,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const rewriting = route.statements.filter(statement => statement.rewrites.length > 0)
  if (rewriting.length === 0) return []
  const sizes = await readLargest(context, route, signal)
  return rewriting.flatMap(({ revision, index, rewrites }) =>
    rewrites.flatMap(table => {
      const size = sizes.get(table)
      // Indexes follow their table.
      return size
        ? [judgeTable(context, `revision ${revision}, statement ${index + 1}`, size, nameTenants(route))]
        : []
    }),
  )
}

function judgeTable({ settings }: GateContext, where: string, size: TableFacts, tenants: string): Finding {
  const { maxRows, maxBytes } = settings.rewrite
  const rows = size.rows === null ? 'an unknown number of rows' : `about ${countOf(size.rows, 'row')}`
  const isLarge = (size.rows ?? 0) > maxRows || size.bytes > maxBytes
  return {
    verdict: isLarge ? 'failed' : 'passed',
    evidence: {
      fact: `${size.table} (${rows}, ${formatBytes(size.bytes)}) is rewritten by ${where} for ${tenants}`,
    },
    remedy: isLarge
      ? 'Add a new column, fill it in small steps and swap it in a later revision, instead of changing the type or a volatile default in place.'
      : '',
  }
}
