import { assertNever } from '../../../shared/assert-never.ts'
import type { GateSettings } from '../../../shared/config/policy.ts'
import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import { countOf } from '../../../shared/plain-words.ts'
import type { Tenant } from '../../../shared/topology.ts'
import type { GateAnswer } from '../../../shared/verdict.ts'
import type { Isolation, IsolationLeak, ProbeResult } from '../ports/gate-facts.ts'
import { answerFromFindings, type Finding } from './finding.ts'
import { quoteForReading } from './quote-for-reading.ts'

type IsolationSettings = GateSettings['tenant_isolation']

const threshold = 'no way from one tenant to another'

/** Judges whether tenants are kept apart: by the catalogs, and by trying. Used before and after a migration. */
export async function judgeIsolation(
  tenants: readonly Tenant[],
  isolation: Isolation,
  settings: IsolationSettings,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const withRole = tenants.filter(tenant => tenant.appRole !== null)
  if (withRole.length === 0) {
    return {
      verdict: 'not_applicable',
      value: 'no application role configured (tenants.appRole)',
      threshold,
      evidence: [],
      remedy: '',
    }
  }
  const leaks = await isolation.findLeaks(withRole, signal)
  const pairs = settings.probes ? pairNeighbours(withRole) : []
  const probes = await mapConcurrently(pairs, 4, async ([from, to]) => ({
    from,
    to,
    outcome: await isolation.probe(from, to, signal),
  }))
  const findings = [
    ...leaks.map(leak => judgeLeak(leak, settings)),
    ...probes.flatMap(({ from, to, outcome }) => judgeProbe(from, to, outcome, leaks, settings)),
  ]
  const ways = findings.filter(finding => finding.verdict !== 'inconclusive').length
  const value = `${countOf(ways, 'leak')}; ${countOf(withRole.length, 'tenant')}, ${countOf(pairs.length, 'probe')}`
  if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
  return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
}

/** Each tenant against the next of its cluster, in a ring: every role is tried and every database is tried. */
function pairNeighbours(tenants: readonly Tenant[]): readonly (readonly [Tenant, Tenant])[] {
  const clusters = [...new Set(tenants.map(tenant => tenant.cluster))]
  return clusters.flatMap(cluster => {
    const members = tenants.filter(tenant => tenant.cluster === cluster)
    return members.flatMap((from, index): readonly (readonly [Tenant, Tenant])[] => {
      const to = members[(index + 1) % members.length]
      return to && to !== from ? [[from, to]] : []
    })
  })
}

function judgeLeak(leak: IsolationLeak, settings: IsolationSettings): Finding {
  const fact = `role ${leak.role} reaches ${leak.reaches}: ${leak.grant}`
  return allowOrFail(leak.role, { tenant: leak.ofTenant, fact }, leak.fix, settings)
}

function judgeProbe(
  from: Tenant,
  to: Tenant,
  outcome: ProbeResult,
  leaks: readonly IsolationLeak[],
  settings: IsolationSettings,
): readonly Finding[] {
  const role = from.appRole ?? ''
  // Where the catalogs have named the grant, its own statement is the better remedy.
  const isNamed = leaks.some(leak => leak.role === role)
  const evidence = (fact: string) => ({ tenant: from.name, fact })
  switch (outcome.result) {
    case 'refused':
      return []
    case 'reached':
      return [
        allowOrFail(
          role,
          evidence(`role ${role} was let into database ${to.database}: ${outcome.detail}`),
          isNamed
            ? ''
            : `revoke connect on database ${quoteForReading(to.database)} from public, ${quoteForReading(role)};`,
          settings,
        ),
      ]
    case 'unknown':
      return [
        {
          verdict: 'inconclusive',
          evidence: evidence(
            `whether role ${role} is kept out of database ${to.database} could not be tried: ${outcome.detail}`,
          ),
          remedy: 'Set tenants.appPassword, or switch probes off: gates.tenant_isolation.probes: false',
        },
      ]
    default:
      return assertNever(outcome)
  }
}

function allowOrFail(
  role: string,
  evidence: Finding['evidence'],
  remedy: string,
  settings: IsolationSettings,
): Finding {
  const allowed = settings.allow.find(entry => entry.role === role)
  if (!allowed) return { verdict: 'failed', evidence, remedy }
  return {
    verdict: 'warned',
    evidence: { ...evidence, fact: `${evidence.fact} (allowed: ${allowed.reason})` },
    remedy: '',
  }
}
