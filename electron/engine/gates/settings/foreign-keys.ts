import { describeHiddenRows } from '../../../../shared/analysis/hidden-rows.ts'
import { quoteName } from '../../../../shared/sql/quote-name.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import type { DisabledForeignKey, ForeignKeyFacts } from '../../ports/gate-facts.ts'
import { listMigratingTenants } from '../../routes/migrating-tenants.ts'

/** The database stops counting here: more rows than this would say nothing new. */
const countedUpTo = 1000

/** Stops a run over data that foreign keys promise not to exist. */
export const foreignKeys: Gate = {
  ...nameGate('foreign_keys'),
  async judge(context, signal) {
    const tenants = listMigratingTenants(context).map(member => member.tenant)
    const threshold = countOf(context.settings.foreign_keys.maxOrphans, 'orphan row')
    const judged = await mapConcurrently(tenants, 4, tenant => readTenant(context, tenant, signal))
    const orphans = judged.flatMap(one => one.keys).reduce((total, key) => total + key.orphans, 0)
    const keys = judged.reduce((total, one) => total + one.keys.length, 0)
    const uncounted = judged.flatMap(one => one.keys).filter(key => !key.counted).length
    const value = `${countOf(orphans, 'orphan row')} in ${countOf(keys, 'foreign key')} of ${countOf(tenants.length, 'tenant')}${uncounted === 0 ? '' : `, ${uncounted} not counted`}`
    if (tenants.length === 0 || keys === 0) {
      return { verdict: 'not_applicable', value: 'no foreign keys', threshold, evidence: [], remedy: '' }
    }
    const tooMany = orphans > context.settings.foreign_keys.maxOrphans
    const findings = judged.flatMap(one => judgeTenant(one, tooMany))
    if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
    return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
  },
}

interface TenantKeys {
  readonly tenant: Tenant
  readonly keys: readonly ForeignKeyFacts[]
  readonly disabled: readonly DisabledForeignKey[]
}

async function readTenant(
  { facts, settings }: GateContext,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<TenantKeys> {
  const statementTimeoutMs = settings.foreign_keys.timeoutSeconds * 1000
  const keys = await facts.readForeignKeys(tenant, { statementTimeoutMs }, signal)
  const disabled = await facts.readDisabledForeignKeyTriggers(tenant, signal)
  return { tenant, keys, disabled }
}

function judgeTenant({ tenant, keys, disabled }: TenantKeys, tooMany: boolean): readonly Finding[] {
  return [
    ...keys.flatMap(key => judgeKey(tenant, key, tooMany)),
    ...disabled.map(
      ({ table, constraint }): Finding => ({
        verdict: 'failed',
        evidence: {
          tenant: tenant.name,
          fact: `the triggers on ${table} that enforce foreign key ${constraint} are switched off`,
        },
        remedy: `alter table ${table} enable trigger all;`,
      }),
    ),
  ]
}

function judgeKey(tenant: Tenant, key: ForeignKeyFacts, tooMany: boolean): readonly Finding[] {
  const state = describeState(key)
  const name = `${key.table}.${key.constraint}${state}`
  const validate = `alter table ${key.table} validate constraint ${quoteName(key.constraint)};`
  const finding = (verdict: Finding['verdict'], fact: string, remedy: string): readonly Finding[] => [
    { verdict, evidence: { tenant: tenant.name, fact }, remedy },
  ]
  if (key.hidden) {
    const { fact, remedy } = describeHiddenRows(key.hidden)
    return finding('inconclusive', `${name}: ${fact}`, remedy)
  }
  if (!key.counted) {
    return finding(
      'inconclusive',
      `${name}: rows without a parent were not counted in time`,
      'Raise gates.foreign_keys.timeoutSeconds, or add an index on the referencing columns.',
    )
  }
  if (key.orphans > 0) {
    const rows =
      key.orphans > countedUpTo
        ? `more than ${countedUpTo} rows without a parent`
        : `${countOf(key.orphans, 'row')} without a parent`
    const repair = `Repair or delete the rows that this shows: ${key.query}${key.validated ? '' : `\nthen: ${validate}`}`
    return finding(tooMany ? 'failed' : 'warned', `${name}: ${rows}`, repair)
  }
  if (state === '') return []
  const enforce = `alter table ${key.table} alter constraint ${quoteName(key.constraint)} enforced;`
  return finding('warned', `${name}: no row without a parent`, key.enforced ? validate : enforce)
}

function describeState({ validated, enforced }: ForeignKeyFacts): string {
  if (!enforced) return ' (not enforced)'
  return validated ? '' : ' (not valid)'
}
