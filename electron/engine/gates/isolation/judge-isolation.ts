import type { GateAnswer } from '../../../../shared/plan/verdict.ts'
import { quoteName } from '../../../../shared/sql/quote-name.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import type { GateSettings } from '../../../settings/policy.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Isolation, IsolationLeak, ProbeResult } from '../../ports/gate-facts.ts'

type IsolationSettings = GateSettings['tenant_isolation']

const threshold = 'no way from one tenant to another'

/** Judges whether tenants are kept apart: by the catalogs, and by trying. Used before and after a migration. */
export async function judgeIsolation(
  tenants: readonly Tenant[],
  isolation: Isolation,
  settings: IsolationSettings,
  signal: AbortSignal,
  planned: readonly IsolationLeak[] = [],
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
  const leaks = [...planned, ...(await isolation.findLeaks(withRole, signal))]
  const probed = isolation.shared
    ? await probeSharedTables(withRole, isolation, settings, signal)
    : await probePairs(withRole, isolation, settings, leaks, signal)
  const findings = [...leaks.map(leak => judgeLeak(leak, settings)), ...probed.findings]
  const ways = findings.filter(finding => finding.verdict === 'failed' || finding.verdict === 'warned').length
  const value = `${countOf(ways, 'leak')}; ${probed.measured}`
  if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
  return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
}

interface Probed {
  readonly findings: readonly Finding[]
  readonly measured: string
}

/** Tenants that are databases or schemas: each tries the next. */
async function probePairs(
  tenants: readonly Tenant[],
  isolation: Isolation,
  settings: IsolationSettings,
  leaks: readonly IsolationLeak[],
  signal: AbortSignal,
): Promise<Probed> {
  const pairs = settings.probes ? pairNeighbours(tenants) : []
  const probes = await mapConcurrently(pairs, 4, async ([from, to]) => ({
    from,
    to,
    outcome: await isolation.probe(from, to, signal),
  }))
  return {
    findings: probes.flatMap(({ from, to, outcome }) => judgeProbe(from, to, outcome, leaks, settings)),
    measured: `${countOf(tenants.length, 'tenant')}, ${countOf(pairs.length, 'probe')}`,
  }
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
  const evidence = {
    ...(leak.ofTenant === '' ? {} : { tenant: leak.ofTenant }),
    fact: `role ${leak.role} reaches ${leak.reaches}: ${leak.grant}`,
  }
  if (leak.weight === 'note') return { verdict: 'passed', evidence, remedy: '' }
  return allowOrFail(leak.role, leak.object ?? null, evidence, leak.fix, settings)
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
  const place = to.schema === undefined ? `database ${to.database}` : `schema ${to.schema}`
  const evidence = (fact: string) => ({ tenant: from.name, fact })
  switch (outcome.result) {
    case 'refused':
      return []
    case 'reached':
      return [
        allowOrFail(
          role,
          null,
          evidence(`role ${role} was let into ${place}: ${outcome.detail}`),
          isNamed || to.schema !== undefined
            ? ''
            : `revoke connect on database ${quoteName(to.database)} from public, ${quoteName(role)};`,
          settings,
        ),
      ]
    case 'unknown':
      return [
        {
          verdict: 'inconclusive',
          evidence: evidence(
            `whether role ${role} is kept out of ${place} could not be tried: ${outcome.detail}`,
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
  object: string | null,
  evidence: Finding['evidence'],
  remedy: string,
  settings: IsolationSettings,
): Finding {
  const allowed = settings.allow.find(
    entry =>
      (entry.role === undefined || entry.role === role) &&
      (entry.object === undefined || entry.object === object),
  )
  if (!allowed) return { verdict: 'failed', evidence, remedy }
  return {
    verdict: 'warned',
    evidence: { ...evidence, fact: `${evidence.fact} (allowed: ${allowed.reason})` },
    remedy: '',
  }
}

/** Tenants that are rows: a few of each database try each other, on every table. */
async function probeSharedTables(
  databases: readonly Tenant[],
  isolation: Isolation,
  settings: IsolationSettings,
  signal: AbortSignal,
): Promise<Probed> {
  if (!settings.probes)
    return { findings: [], measured: `${countOf(databases.length, 'database')}, 0 probes` }
  const found = await mapConcurrently(databases, 4, async database => {
    const names = await isolation.listRowTenants(database, signal)
    const [first, second] = names
    if (first === undefined || second === undefined) return { findings: [tooFew(database, names)], tried: 0 }
    const ring = names.map((from, index) => ({ from, to: names[(index + 1) % names.length] ?? first }))
    const findings: Finding[] = []
    let tried = 0
    for (const { from, to } of ring) {
      const probe = await isolation.probeRows(database, from, to, signal)
      tried += probe.tried
      findings.push(...probe.leaks.map(leak => judgeLeak(leak, settings)))
      findings.push(...probe.blind.map(table => blindFinding(database, table, from, isolation)))
      findings.push(...probe.untried.map(reason => noteUntried(database, reason)))
    }
    return { findings, tried }
  })
  const tried = found.reduce((sum, { tried: count }) => sum + count, 0)
  return {
    findings: keepDifferent(found.flatMap(({ findings }) => findings)),
    measured: `${countOf(databases.length, 'database')}, ${countOf(tried, 'probe')}`,
  }
}

function tooFew({ name, database }: Tenant, names: readonly string[]): Finding {
  return {
    verdict: 'passed',
    evidence: {
      tenant: name,
      fact: `nothing was tried in database ${database}: its tables hold rows of ${countOf(names.length, 'tenant')}, and it takes two (tenants.rls.tenants names them)`,
    },
    remedy: '',
  }
}

function blindFinding(
  { name, appRole }: Tenant,
  table: string,
  from: string,
  { shared }: Isolation,
): Finding {
  const setting = shared?.setting ?? ''
  return {
    verdict: 'inconclusive',
    evidence: {
      tenant: name,
      fact: `with ${setting} = ${from}, role ${appRole} sees not even its own rows in ${table}: nothing is proven`,
    },
    remedy: `Check that the policies read ${setting} (tenants.rls.setting), or leave the table out (tenants.rls.tables).`,
  }
}

function noteUntried({ name }: Tenant, reason: string): Finding {
  return { verdict: 'passed', evidence: { tenant: name, fact: `not tried: ${reason}` }, remedy: '' }
}

/** The same table is tried by several pairs. */
function keepDifferent(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map(finding => [finding.evidence.fact, finding])).values()]
}
