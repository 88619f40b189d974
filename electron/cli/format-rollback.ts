import pc from 'picocolors'
import { countOf, formatHeads } from '../../shared/plain-words.ts'
import type { RollbackProposal, TenantRollback } from '../../shared/rollback.ts'

const shownTenants = 30

/** What undoing a run would do, for reading: each tenant's way, what it rests on, and what is lost. */
export function formatRollback(proposal: RollbackProposal): string {
  const { runId, tenants, refusal, isLossless, rollbackId } = proposal
  const shown = tenants.slice(0, shownTenants).map(formatTenant)
  const rest = tenants.length - shown.length
  const lines = [
    `Rollback of run ${pc.bold(runId)}: ${countOf(tenants.length, 'tenant')}\n`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more\n`] : []),
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

/** Those that can go back alone are named, where others cannot. */
function hintAtTenants({ runId, tenants }: RollbackProposal): string {
  const able = tenants.filter(one => one.refusal === null).map(one => one.tenant)
  if (able.length === 0) return ''
  return `only those that can  lockstep rollback ${runId} --tenants ${able.slice(0, 5).join(' ')}${able.length > 5 ? ' ...' : ''}\n`
}

function formatTenant({ tenant, way, from, to, evidence, losses, refusal }: TenantRollback): string {
  const how = way === 'none' ? pc.red('no way back') : `by ${way}`
  return [
    `  ${tenant}  ${formatHeads(from.heads)} -> ${formatHeads(to.heads)}  ${how}\n`,
    ...(refusal === null ? evidence.map(fact => `      ${pc.dim(fact)}\n`) : [`      ${refusal}\n`]),
    ...losses.map(loss => `      ${pc.yellow('would lose')} ${loss}\n`),
  ].join('')
}
