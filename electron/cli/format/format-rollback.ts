import pc from 'picocolors'
import { groupRollbacks, type RollbackGroup } from '../../../shared/run/group-rollbacks.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { countOf, formatHeads, listNames } from '../../../shared/text/plain-words.ts'

const shownWays = 30

/** What undoing a run would do, for reading: each tenant's way, what it rests on, and what is lost. */
export function formatRollback(proposal: RollbackProposal): string {
  const { runId, tenants, refusal, isLossless, rollbackId } = proposal
  const ways = groupRollbacks(tenants)
  const shown = ways.slice(0, shownWays).map(formatWay)
  const rest = ways.slice(shownWays).reduce((sum, way) => sum + way.tenants.length, 0)
  const lines = [
    `Rollback of run ${pc.bold(runId)}: ${countOf(tenants.length, 'tenant')}\n`,
    ...shown,
    ...(rest > 0 ? [`  and ${countOf(rest, 'tenant')} more: --json has them all\n`] : []),
    refusal === null ? '' : `\n${pc.red('refused')}  ${refusal}\n`,
    refusal === null && isLossless ? '\nNothing is lost.\n' : '',
  ]
  if (refusal !== null) return [...lines, hintAtTenants(proposal)].join('')
  const accept = isLossless ? '' : " --accept-loss --reason='...'"
  lines.push(
    `\nrollback id  ${rollbackId}\n`,
    `approve      lockstep rollback ${runId} --rollback-id ${rollbackId.slice(0, 12)}${accept}\n`,
  )
  return lines.join('')
}

/** Those that can be rolled back alone are named, where others cannot. */
function hintAtTenants({ runId, tenants }: RollbackProposal): string {
  const able = tenants.filter(one => one.refusal === null).map(one => one.tenant)
  if (able.length === 0) return ''
  return `only those that can  lockstep rollback ${runId} --tenants ${able.slice(0, 5).join(' ')}${able.length > 5 ? ' ...' : ''}\n`
}

function formatWay({ tenants, one }: RollbackGroup): string {
  const { way, from, to, evidence, losses, refusal } = one
  const how = way === 'none' ? pc.red('no rollback possible') : `by ${way}`
  const loser = tenants.length > 1 ? 'each would lose' : 'would lose'
  return [
    `  ${listNames(tenants, 10)}  ${formatHeads(from.heads)} -> ${formatHeads(to.heads)}  ${how}\n`,
    ...(refusal === null ? evidence.map(fact => `      ${pc.dim(fact)}\n`) : [`      ${refusal}\n`]),
    ...losses.map(loss => `      ${pc.yellow(loser)} ${loss}\n`),
  ].join('')
}
