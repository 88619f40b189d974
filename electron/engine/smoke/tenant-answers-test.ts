import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { SmokeSettings } from '../../settings/policy.ts'
import { answerFromFindings, type Finding } from '../checks/finding.ts'
import { nameFailure } from '../checks/name-failure.ts'
import type { SmokeTest } from '../checks/smoke-test.ts'
import type { Isolation } from '../ports/gate-facts.ts'

type SmokeQuery = SmokeSettings['queries'][number]

const defaultQuery: SmokeQuery = {
  name: 'default',
  sql: 'select count(*) from pg_catalog.pg_class',
  minRows: 1,
  timeoutSeconds: 10,
}

/** Lets every tenant of a group answer the team's queries as its own role. */
export function createTenantAnswersTest(configured: readonly SmokeQuery[]): SmokeTest {
  const queries = configured.length > 0 ? configured : [defaultQuery]
  return {
    name: 'tenant_answers',
    momentary: false,
    async judge({ tenants, isolation }, signal) {
      const threshold = queries
        .map(query => `${query.name}: at least ${countOf(query.minRows, 'row')}`)
        .join('; ')
      const asked = tenants.flatMap(tenant => queries.map(query => ({ tenant, query })))
      const answers = await mapConcurrently(asked, 4, ({ tenant, query }) =>
        askTenant(tenant, query, isolation, signal),
      )
      const findings = answers.flat()
      const value = `${asked.length - findings.length} of ${countOf(asked.length, 'query', 'queries')} answered by ${countOf(tenants.length, 'tenant')}`
      if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
      return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
    },
  }
}

async function askTenant(
  tenant: Tenant,
  query: SmokeQuery,
  isolation: Isolation,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const finding = (verdict: 'failed' | 'inconclusive', fact: string): readonly Finding[] => [
    {
      verdict,
      evidence: { tenant: tenant.name, fact: `query ${query.name}: ${fact}` },
      remedy: `Run query ${query.name} as ${tenant.appRole ?? 'the migration role'} in database ${tenant.database}.`,
    },
  ]
  try {
    const { rows } = await isolation.runQuery(tenant, query.sql, query.timeoutSeconds * 1000, signal)
    if (rows >= query.minRows) return []
    return finding('failed', `${countOf(rows, 'row')}, at least ${query.minRows} expected`)
  } catch (error) {
    if (signal.aborted) throw error
    const failure = toFailure(error)
    if (isTimeout(failure)) return finding('inconclusive', `no answer within ${query.timeoutSeconds} s`)
    return finding(isRefusal(failure) ? 'failed' : 'inconclusive', nameFailure(failure))
  }
}

/** The database has answered, and the answer is no: a lost connection or a refused login says nothing about the schema. */
function isRefusal(failure: Failure): boolean {
  return failure.kind === 'database_error'
}

/** 57014 is PostgreSQL's word for a statement that was cancelled, here by its own time limit. */
function isTimeout(failure: Failure): boolean {
  return failure.kind === 'database_error' && failure.sqlstate === '57014'
}
