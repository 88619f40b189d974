import { expect, it } from 'vitest'
import { z } from 'zod'
import { listExplanations } from '../../electron/app/explain/list-explanations.ts'
import { allGates } from '../../electron/engine/gates/all-gates.ts'
import { readDefaultPolicy } from '../../electron/host/protocol/default-policy.ts'
import { type GateSpec, specifyGate } from '../../electron/settings/gate-spec.ts'
import { gateSettingsSchema, gateSpecs } from '../../electron/settings/gate-specs.ts'
import { type GateName, gateNames } from '../../shared/plan/verdict.ts'

const gates = listExplanations(readDefaultPolicy(), []).filter(one => one.kind === 'gate')

it('judges, describes and explains the same gates in the same order', () => {
  expect(allGates.map(({ name }) => name)).toEqual(gateNames)
  expect(gates.map(({ name }) => name)).toEqual(gateNames)
  expect(Object.keys(gateSpecs).toSorted()).toEqual(gateNames.toSorted())
})

it('says of every gate what holds, why, and what to do', () => {
  for (const { name, title, why, remedy } of gates)
    expect(
      [title, why, remedy].filter(words => words.length < 10),
      name,
    ).toEqual([])
})

it('has a default and a meaning for all that a gate allows', () => {
  for (const [name, settings] of Object.entries(gateSettingsSchema.parse({}))) {
    const explained = gates.find(gate => gate.name === name)?.settings ?? []
    for (const [key, value] of Object.entries(settings)) {
      const setting = explained.find(({ path }) => path === `gates.${name}.${key}`)
      expect(setting, `${name}.${key}`).toMatchObject({ value, words: expect.any(String) })
    }
  }
})

it('names only parts of the policy that exist as what else decides about a gate', () => {
  for (const name of gateNames) {
    const explained = gates.find(gate => gate.name === name)?.settings ?? []
    for (const part of gateSpecs[name].furtherSettings)
      expect(
        explained.some(({ path }) => path.startsWith(part)),
        `${name}: ${part}`,
      ).toBe(true)
  }
})

it('does not compile a gate of which something is not said', () => {
  const words = { title: 'It holds', why: 'Or it breaks', remedy: 'Repair it', momentary: false }
  const { remedy: _remedy, ...helpless } = words
  const { momentary: _momentary, ...timeless } = words
  const { drift: _drift, ...others } = gateSpecs
  const specs = [
    specifyGate({ ...words, settings: z.strictObject({ limit: z.number().default(1) }).prefault({}) }),
    // @ts-expect-error It does not say what to do.
    specifyGate({ ...helpless, settings: null }),
    // @ts-expect-error It does not say whether it measures an instant.
    specifyGate({ ...timeless, settings: null }),
    // @ts-expect-error It does not say what can be set.
    specifyGate(words),
  ]
  // @ts-expect-error One of the names has no spec.
  const table: { readonly [Name in GateName]: GateSpec } = others
  expect([specs.length, Object.keys(table).length]).toEqual([4, gateNames.length - 1])
})
