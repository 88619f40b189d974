import { z } from 'zod'
import { gateNames } from '../../shared/plan/verdict.ts'
import { driftSchema, lintSchema, rehearsalSchema } from './analysis-settings.ts'
import { executionSchema } from './execution-settings.ts'
import { gateSettingsSchema } from './gate-specs.ts'
import { hooksSchema } from './hook-settings.ts'
import { rollbackSchema, snapshotsSchema } from './rollback-settings.ts'
import { smokeTestSchema } from './smoke-test-settings.ts'
import { reason } from './value-types.ts'

const waiversSchema = z
  .array(z.strictObject({ gate: z.enum(gateNames).describe('The gate.'), reason }))
  .default([])
  .describe('Gates whose answer does not stop a run; each with its reason, which every run records.')

/**
 * How tenants are migrated: what gates allow, what hooks ask, how long things may take, what is kept to go back to.
 *
 * What a key means is the description in its schema: editors, `lockstep explain` and the documentation show it.
 */
export const policyShape = {
  gates: gateSettingsSchema,
  waivers: waiversSchema,
  smokeTests: smokeTestSchema,
  execution: executionSchema,
  lint: lintSchema,
  rehearsal: rehearsalSchema,
  drift: driftSchema,
  snapshots: snapshotsSchema,
  rollback: rollbackSchema,
  hooks: hooksSchema,
}

const policySchema = z.strictObject(policyShape)

/** The policy with every default filled in. */
export type Policy = z.infer<typeof policySchema>
export type GateSettings = Policy['gates']
export type SmokeSettings = Policy['smokeTests']
export type ExecutionSettings = Policy['execution']
export type LintSettings = Policy['lint']
export type RehearsalSettings = Policy['rehearsal']
export type DriftSettings = Policy['drift']
export type SnapshotSettings = Policy['snapshots']
export type HookSettings = Policy['hooks']
