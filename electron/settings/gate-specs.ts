import { z } from 'zod'
import { type GateName, gateNames } from '../../shared/plan/verdict.ts'
import type { GateSpec } from './gate-spec.ts'
import { lockGates } from './lock-gates.ts'
import { planGates } from './plan-gates.ts'
import { replicaGates } from './replica-gates.ts'
import { serverGates } from './server-gates.ts'

const families = { ...planGates, ...lockGates, ...replicaGates, ...serverGates }

type Families = typeof families

/** The spec of every gate; the compiler refuses a name without one. */
export const gateSpecs: { readonly [Name in GateName]: GateSpec } = families

/** A gate's name with its words. */
export function nameGate(name: GateName): Pick<GateSpec, 'title' | 'why' | 'momentary'> & {
  readonly name: GateName
} {
  const { title, why, momentary } = gateSpecs[name]
  return { name, title, why, momentary }
}

type Shape = {
  readonly [Name in keyof Families as Families[Name]['settings'] extends null ? never : Name]: NonNullable<
    Families[Name]['settings']
  >
}

/** What stands under `gates`: the settings of each gate that has some, in the order of the gates. */
export const gateSettingsSchema = z
  .strictObject(listSettings())
  .prefault({})
  .describe('What each gate allows.')

/** The boundary: the compiler cannot follow the gates without settings being left out. */
function listSettings(): Shape {
  const entries = gateNames.flatMap(name => {
    const { settings } = gateSpecs[name]
    return settings === null ? [] : [[name, settings] as const]
  })
  return Object.fromEntries(entries) as Shape
}
