import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { LintSettings } from '../../settings/policy.ts'
import type { Digest } from '../ports/digest.ts'
import { describePath } from './describe-path.ts'
import type { PlacedFinding } from './lint-route.ts'
import { heavier } from './rule/report-finding.ts'

/** What one route gave. */
export interface RouteFindings {
  readonly route: string
  readonly hits: readonly PlacedFinding[]
}

/** Makes findings of what the rules saw; what several routes share is told once, at its heaviest. */
export function makeLintFindings(
  plan: Plan,
  routes: readonly RouteFindings[],
  settings: LintSettings,
  digest: Digest,
): readonly PlanFinding[] {
  const merged = new Map<string, { readonly finding: PlanFinding; readonly routes: readonly string[] }>()
  for (const { route, hits } of routes) {
    const times = new Map<string, number>()
    for (const placed of hits) {
      const identity = identify(placed)
      const time = times.get(identity) ?? 0
      times.set(identity, time + 1)
      const fingerprint = digest(time === 0 ? identity : `${identity}#${time}`)
      const finding = makeFinding(placed, fingerprint, settings)
      const known = merged.get(fingerprint)
      const isHeavier = !known || heavier(known.finding.severity, finding.severity) !== known.finding.severity
      merged.set(fingerprint, {
        finding: isHeavier ? finding : known.finding,
        routes: [...(known?.routes ?? []), route],
      })
    }
  }
  return [...merged.values()].map(one => ({ ...one.finding, tenants: nameTenants(plan, one.routes) }))
}

/** What stays the same when lines move: the rule, the file, the revision and the statement without its layout. */
function identify({ rule, hit, step, statement }: PlacedFinding): string {
  const sql = statement?.tree.sql.replace(/\s+/g, ' ').trim() ?? ''
  return JSON.stringify([rule.name, statement?.file ?? step.file, step.revision, sql, hit.objects])
}

function makeFinding(
  { rule, hit, step, statement, waiver }: PlacedFinding,
  fingerprint: string,
  settings: LintSettings,
) {
  const line = hit.line ?? statement?.line ?? null
  return {
    fingerprint,
    source: 'lint',
    rule: rule.name,
    severity: hit.severity,
    revision: step.revision,
    statement: statement?.index ?? null,
    place: { file: statement?.file ?? step.file, line },
    objects: hit.objects,
    tenants: [],
    message: `${hit.message}${describePath(statement?.path ?? null)}`,
    why: rule.why,
    remedy: hit.remedy ?? rule.remedy,
    saferSql: hit.saferSql ?? null,
    waived: waiver ? { by: 'inline', reason: waiver.reason } : findPolicy(rule.name, step.revision, settings),
  } satisfies PlanFinding
}

function findPolicy(rule: string, revision: string, { waivers }: LintSettings): PlanFinding['waived'] {
  const found = waivers.find(
    waiver => waiver.rule === rule && (waiver.revision === undefined || waiver.revision === revision),
  )
  return found ? { by: 'policy', reason: found.reason } : null
}

/** The tenants that take one of the routes; none when all do. */
function nameTenants(plan: Plan, routes: readonly string[]): readonly string[] {
  const migrating = listMigrating(plan)
  const concerned = migrating.filter(tenant => routes.includes(tenant.route ?? ''))
  return concerned.length === migrating.length ? [] : concerned.map(tenant => tenant.tenant)
}
