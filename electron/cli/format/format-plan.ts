import pc from 'picocolors'
import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import { describeHiddenRows } from '../../../shared/analysis/hidden-rows.ts'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { MigrationRoute, Plan, PlannedGroup, PlannedStep } from '../../../shared/plan/plan.ts'
import type { PlanOutlook } from '../../../shared/plan/plan-outlook.ts'
import { listMigratingOf, listPlanned } from '../../../shared/plan/plan-selectors.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import { formatOutliers } from './format-classes.ts'
import { formatFindings } from './format-findings.ts'
import { formatOutlook } from './format-outlook.ts'
import { formatRehearsal } from './format-rehearsal.ts'
import { formatSubscribers } from './format-subscribers.ts'

const shownTenants = 12

/** A plan for reading: groups in their order, routes with their statements, findings, gates, notes and the id. */
export function formatPlan(
  plan: Plan,
  findings: readonly PlanFinding[] = [],
  analysis: PlanAnalysis | null = null,
  outlook: PlanOutlook | null = null,
): string {
  if (plan.routes.length === 0) {
    const count = listPlanned(plan).length
    return `Nothing to do: ${count} tenants are at ${plan.target.join(', ')}.\n${formatNotes(plan)}plan id  ${plan.planId}\n`
  }
  const sections = [
    `Target ${pc.bold(plan.target.join(', '))} (${plan.source}); ${describeVote(plan)}\n`,
    ...plan.groups.map(group => formatGroup(group)),
    formatRoutes(plan.routes),
    formatFindings(findings),
    formatOutliers(analysis?.classes ?? []),
    formatSubscribers(analysis?.subscribers ?? []),
    analysis ? formatRehearsal(analysis) : '',
    outlook ? formatOutlook(outlook) : '',
    formatNotes(plan),
    formatHidden(analysis?.hidden ?? []),
    `\nplan id  ${plan.planId}\napprove  lockstep run --plan-id ${plan.planId.slice(0, 12)}\n`,
  ]
  return sections.join('')
}

function formatNotes({ notes }: Plan): string {
  return notes.map(note => `${pc.yellow('note')}  ${note.text}\n`).join('')
}

/** Counts that the gate foreign_keys will not be able to make. */
function formatHidden(hidden: NonNullable<PlanAnalysis['hidden']>): string {
  return hidden
    .map(one => {
      const { fact, remedy } = describeHiddenRows(one)
      return `${pc.yellow('note')}  stops a run at the gate foreign_keys: ${listNames(one.tenants)}: ${fact}. ${remedy}\n`
    })
    .join('')
}

function describeVote(plan: Plan): string {
  if (plan.groups.every(group => group.mode === 'independent')) return 'each tenant commits alone'
  if (plan.vote === 'fleet' && plan.groups.some(group => group.mode === 'independent')) {
    return 'no tenant of an atomic group commits before all of them have voted'
  }
  return plan.vote === 'fleet'
    ? 'no tenant commits before every tenant has voted'
    : 'each group votes and commits by itself'
}

function formatGroup(group: PlannedGroup): string {
  const migrating = listMigratingOf(group)
  const names = migrating.map(tenant => `${tenant.tenant} (${tenant.from.join('+') || 'empty'})`)
  const more = names.length > shownTenants ? ` and ${names.length - shownTenants} more` : ''
  const idle = group.tenants.length - migrating.length
  return [
    `\nWave ${group.wave}  ${pc.bold(group.name)}  ${group.mode}, ${group.parallel} at a time  (${group.modeReason})\n`,
    `  ${names.slice(0, shownTenants).join(', ')}${more}\n`,
    idle > 0 ? `  ${idle} at the target already\n` : '',
  ].join('')
}

/** A revision that several routes share is shown in full once. */
function formatRoutes(routes: readonly MigrationRoute[]): string {
  const shown = new Set<string>()
  return routes
    .map(route => {
      const title = `\nFrom ${route.from.join('+') || 'an empty database'} to ${route.to.join(', ')}\n`
      const steps = route.steps.map(step => {
        const isKnown = shown.has(step.revision)
        shown.add(step.revision)
        return isKnown ? `${formatStepTitle(step)}      (as above)\n` : formatStep(step)
      })
      return title + steps.join('')
    })
    .join('')
}

function formatStepTitle(step: PlannedStep): string {
  const flag = step.transactional ? '' : pc.yellow(`  not in a transaction: ${step.reason}`)
  return `  ${pc.bold(step.revision)}  ${step.message}  ${pc.dim(step.file)}${flag}\n`
}

function formatStep(step: PlannedStep): string {
  const statements = step.statements.map(
    statement => `      ${statement.sql.trim().replaceAll(/ *\n/g, '\n      ')};\n`,
  )
  const unrendered = step.unrendered === '' ? '' : pc.dim(`      (${step.unrendered})\n`)
  return `${formatStepTitle(step)}${statements.join('')}${unrendered}`
}
