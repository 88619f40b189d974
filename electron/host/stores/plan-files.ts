import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plan } from '../../../shared/plan/plan.ts'

/** Keeps a plan that was shown, so that an approval by its id can later say what moved. */
export function savePlan(folder: string, plan: Plan): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${plan.planId}.json`), `${JSON.stringify(plan, null, 2)}\n`)
}

/** Ids of kept plans that start with the given text. */
export function findPlanIds(folder: string, start: string): readonly string[] {
  try {
    return (
      readdirSync(folder)
        // What became of a plan lies beside it, under a longer name.
        .filter(name => name.startsWith(start) && /^[0-9a-f]{64}\.json$/.test(name))
        .map(name => name.slice(0, -'.json'.length))
    )
  } catch {
    return []
  }
}

/** A kept plan, or null. */
export function readSavedPlan(folder: string, planId: string): Plan | null {
  if (!/^[0-9a-f]{64}$/.test(planId)) return null
  try {
    // Written by `savePlan` on this machine, and used for words only: the engine compares hashes.
    return JSON.parse(readFileSync(join(folder, `${planId}.json`), 'utf8')) as Plan
  } catch {
    return null
  }
}
