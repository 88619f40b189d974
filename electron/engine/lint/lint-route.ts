import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { MigrationRoute } from '../../../shared/plan/plan.ts'
import type { Clock } from '../ports/clock.ts'
import type { SqlParser } from '../ports/sql-parser.ts'
import { routeHead } from '../routes/split-route.ts'
import type { CatalogFacts } from './rule/catalog-facts.ts'
import type { LintRule, RuleFinding } from './rule/lint-rule.ts'
import { RouteFollower } from './rule/route-state.ts'
import type { InlineWaiver, LintStatement, LintStep } from './statements/lint-statement.ts'
import { readStep } from './statements/read-step.ts'

/** What a route is examined with. */
export interface LintTools {
  readonly rules: readonly LintRule[]
  /** Names of all rules, those that are switched off too. */
  readonly names: readonly string[]
  readonly schema: CatalogFacts
  readonly rehearsal: Rehearsal | null
  readonly parser: SqlParser
  readonly clock: Clock
}

/** Something that a rule saw, and where. */
export interface PlacedFinding {
  readonly rule: LintRule
  readonly hit: RuleFinding
  readonly step: LintStep['step']
  /** Null when it is said of the whole revision. */
  readonly statement: LintStatement | null
  /** The waiver that accepts it; null when none does. */
  readonly waiver: InlineWaiver | null
}

/** How many statements are examined before others get their turn. */
const turn = 50

/** Holds every statement of a route against every rule, in the order in which they run. */
export async function lintRoute(
  route: MigrationRoute,
  tools: LintTools,
  signal: AbortSignal,
): Promise<readonly PlacedFinding[]> {
  const state = new RouteFollower(tools.schema.has)
  const head = new Set(routeHead(route))
  const found: PlacedFinding[] = []
  let isVoting = false
  for (const planned of route.steps) {
    signal.throwIfAborted()
    // The downgrade undoes what is there on purpose; what it loses is said where it is chosen.
    if (planned.direction === 'down') continue
    const step = await readStep(planned, findTraced(route, planned.revision, tools), tools.parser)
    // The steps that vote share one transaction; a later one has its own, or none.
    if (!isVoting || !head.has(planned)) state.begin(isOneTransaction(step))
    isVoting = head.has(planned)
    const context = { schema: tools.schema, state }
    const hits: PlacedFinding[] = []
    for (const [place, statement] of step.statements.entries()) {
      if (place % turn === turn - 1) await tools.clock.sleep(0, signal)
      state.reach(statement.path)
      for (const rule of tools.rules) {
        const seen = rule.checkStatement?.(statement, context) ?? []
        hits.push(
          ...seen.map(hit => ({
            rule,
            hit,
            step: planned,
            statement,
            waiver: accept(rule, statement.waivers),
          })),
        )
      }
      state.follow(statement)
    }
    state.reach(null)
    for (const rule of tools.rules) {
      for (const hit of rule.checkStep?.(step, context) ?? []) {
        const { at: statement = null } = hit
        const waiver = accept(rule, statement?.waivers ?? step.waivers)
        hits.push({ rule, hit, step: planned, statement, waiver })
      }
    }
    found.push(...hits, ...checkWaivers(step, hits, tools))
  }
  return found
}

function findTraced(route: MigrationRoute, revision: string, { rehearsal }: LintTools) {
  const rehearsed = rehearsal?.routes.find(one => one.route === route.id && one.statements.length > 0)
  return (rehearsed?.statements ?? []).filter(statement => statement.revision === revision)
}

/** Whether a revision that does not vote runs in a transaction of its own, rather than statement by statement. */
function isOneTransaction({ step, statements }: LintStep): boolean {
  if (step.transactional) return true
  // A block is run as one statement, whatever it holds.
  const own = statements.filter(({ path }) => path === null)
  return (
    own.every(({ tree }) => tree.transactional) && own.some(({ tree }) => !tree.preparable && !tree.control)
  )
}

function accept(rule: LintRule, waivers: readonly InlineWaiver[]): InlineWaiver | null {
  return waivers.find(waiver => waiver.rule === rule.name && waiver.reason.length >= 3) ?? null
}

function checkWaivers(
  step: LintStep,
  hits: readonly PlacedFinding[],
  tools: LintTools,
): readonly PlacedFinding[] {
  if (step.waivers.length === 0) return []
  const used = new Set(hits.flatMap(({ waiver }) => waiver ?? []))
  const active = new Set(tools.rules.map(rule => rule.name))
  const judged = step.waivers.map(waiver => ({
    ...waiver,
    // Of a rule that is switched off it is not known whether it would find something.
    isUsed: used.has(waiver) || (tools.names.includes(waiver.rule) && !active.has(waiver.rule)),
  }))
  return tools.rules.flatMap(rule =>
    (rule.checkWaivers?.(judged, tools.names) ?? []).map(hit => ({
      rule,
      hit,
      step: step.step,
      statement: null,
      waiver: null,
    })),
  )
}
