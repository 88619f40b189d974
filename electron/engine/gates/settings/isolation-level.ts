import { quoteName } from '../../../../shared/sql/quote-name.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { quoteLiteral } from '../../../sql/quote-identifier.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import type { EffectiveSetting } from '../../ports/gate-facts.ts'
import { listMigratingTenants } from '../../routes/migrating-tenants.ts'

const names = [
  'deadlock_timeout',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'idle_in_transaction_session_timeout',
  'session_replication_role',
  'synchronous_commit',
  'transaction_timeout',
] as const

/** Stops a run where a plain login of the migration role would not work the way a migration needs. */
export const isolationLevel: Gate = {
  ...nameGate('isolation_level'),
  async judge(context, signal) {
    const tenants = listMigratingTenants(context).map(member => member.tenant)
    const threshold = context.settings.isolation_level.allow.join(' or ')
    const judged = await mapConcurrently(tenants, 4, async tenant => {
      const settings = await context.facts.readSettings(tenant, names, signal)
      return { findings: judgeSettings(context, tenant, settings), level: levelOf(settings) }
    })
    const levels = [...new Set(judged.map(({ level }) => level))].sort()
    const value = levels
      .map(level => `${level} in ${countOf(judged.filter(one => one.level === level).length, 'tenant')}`)
      .join(', ')
    const findings = judged.flatMap(one => one.findings)
    if (tenants.length === 0) return { ...nothingToMigrate, threshold }
    if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
    return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
  },
}

const nothingToMigrate = {
  verdict: 'not_applicable',
  value: 'no tenant to migrate',
  evidence: [],
  remedy: '',
} as const

function levelOf(settings: readonly EffectiveSetting[]): string {
  return find(settings, 'default_transaction_isolation')?.setting ?? 'unknown'
}

function judgeSettings(
  { settings: { isolation_level }, execution }: GateContext,
  tenant: Tenant,
  settings: readonly EffectiveSetting[],
): readonly Finding[] {
  const level = find(settings, 'default_transaction_isolation')
  if (!level) {
    return [
      {
        verdict: 'inconclusive',
        evidence: { tenant: tenant.name, fact: 'the effective isolation level could not be read' },
        remedy: '',
      },
    ]
  }
  const allowed: readonly string[] = isolation_level.allow
  const judgeOne = (
    name: string,
    verdict: 'failed' | 'warned',
    isBad: (setting: string) => boolean,
    consequence: string,
  ): readonly Finding[] => {
    const found = find(settings, name)
    if (!found || !isBad(found.setting)) return []
    const fact = `${name} is ${describeSetting(found)} (set by: ${found.source}): ${consequence}`
    const remedy = resetStatement(tenant, found, isolation_level.allow[0] ?? 'read committed')
    return [{ verdict, evidence: { tenant: tenant.name, fact }, remedy }]
  }
  const isShorterThan = (seconds: number) => (setting: string) =>
    Number(setting) > 0 && Number(setting) < seconds * 1000
  return [
    ...judgeOne(
      level.name,
      'failed',
      setting => !allowed.includes(setting),
      `not among the allowed levels (${allowed.join(', ')})`,
    ),
    ...judgeOne(
      'default_transaction_read_only',
      'failed',
      setting => setting === 'on',
      'a migration cannot write',
    ),
    ...judgeOne(
      'session_replication_role',
      'failed',
      setting => setting !== 'origin',
      'foreign keys and triggers would not be checked',
    ),
    ...judgeOne(
      'transaction_timeout',
      'warned',
      isShorterThan(execution.statementTimeoutSeconds),
      `ends a migration before its statement limit of ${execution.statementTimeoutSeconds} s`,
    ),
    ...judgeOne(
      'idle_in_transaction_session_timeout',
      'warned',
      isShorterThan(execution.voteDeadlineSeconds),
      `can end a transaction while it is looked at before its vote (up to ${execution.voteDeadlineSeconds} s)`,
    ),
    ...judgeOne(
      'synchronous_commit',
      'warned',
      setting => setting === 'off',
      'a commit that was reported can be lost in a crash',
    ),
    // An ordinary autovacuum gives way only after deadlock_timeout.
    ...judgeOne(
      'deadlock_timeout',
      'warned',
      setting => Number(setting) >= execution.lockTimeoutSeconds * 1000,
      `autovacuum gives way only after that, and a migration waits for a lock only ${execution.lockTimeoutSeconds} s`,
    ),
  ]
}

function find(settings: readonly EffectiveSetting[], name: string): EffectiveSetting | undefined {
  return settings.find(setting => setting.name === name)
}

/** Time limits are told in milliseconds. */
function describeSetting({ name, setting }: EffectiveSetting): string {
  return name.endsWith('_timeout') ? `${Number(setting) / 1000} s` : setting
}

/** The statement that takes the setting away where it was made; run as the migration role. */
function resetStatement(tenant: Tenant, { name, source }: EffectiveSetting, level: string): string {
  const database = quoteName(tenant.database)
  switch (source) {
    case 'database':
      return `alter database ${database} reset ${name};`
    case 'user':
      return `alter role current_user reset ${name};`
    case 'database user':
      return `alter role current_user in database ${database} reset ${name};`
    case 'global':
      return `alter role all reset ${name};`
    case 'client':
      return `Remove ${name} from PGOPTIONS or the connection options.`
    case 'default':
      return name === 'default_transaction_isolation'
        ? `alter database ${database} set ${name} to ${quoteLiteral(level)};`
        : `Raise execution.lockTimeoutSeconds above ${name}.`
    default:
      return `alter system reset ${name}; select pg_reload_conf();`
  }
}
