import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { boundaryTable, lentBoundaries } from '../../electron/engine/boundaries/boundary-table.ts'
import { boundaries } from '../../electron/engine/ports/boundaries.ts'
import { chooseEvenly, createRandom } from './choose-cases.ts'
import { caseOf, namesOf } from './fault-cases.ts'
import { type ScenarioName, scenarios } from './fault-scenarios.ts'

const engine = fileURLToPath(new URL('../../electron/engine', import.meta.url))

/** Boundaries that the code crosses: those of the ports, and those that are told by their names. */
function listCrossed(): readonly string[] {
  const ofPorts = [...Object.values(boundaryTable), ...Object.values(lentBoundaries)].flatMap(port =>
    Object.values(port).filter((name): name is keyof typeof boundaries => name !== null),
  )
  const told = readdirSync(engine, { recursive: true, encoding: 'utf8' })
    // Where they are declared, nothing is crossed.
    .filter(name => name.endsWith('.ts') && !/^ports\W/.test(name))
    .flatMap(name => [...readFileSync(join(engine, name), 'utf8').matchAll(/'([a-z]+\.[a-z_]+)'/g)])
    .flatMap(([, name]) => (name !== undefined && name in boundaries ? [name] : []))
  return [...new Set([...ofPorts, ...told])].sort()
}

describe('the boundaries of the engine', () => {
  it('are each crossed somewhere in the code', () => {
    expect(listCrossed()).toEqual(Object.keys(boundaries).sort())
  })

  it('have each a case in the matrix, or a reason why not, and no case is of something else', () => {
    for (const name of Object.keys(boundaries)) expect(caseOf, name).toHaveProperty([name])
    const events = Object.keys(caseOf).filter(name => !(name in boundaries))
    const told = readEvents()
    for (const name of events) expect(told, name).toContain(`'${name}'`)
    for (const where of Object.values(caseOf))
      if (typeof where === 'string') expect(scenarios).toHaveProperty([where])
      else expect(where.because.length).toBeGreaterThan(20)
  })

  it('are killed where each scenario has something to show', () => {
    const names = Object.keys(scenarios) as ScenarioName[]
    expect(names.flatMap(name => namesOf(name))).toHaveLength(
      Object.values(caseOf).filter(where => typeof where === 'string').length,
    )
  })
})

/** The types of events, wherever among the files of a run they are told. */
function readEvents(): string {
  const folder = join(engine, '../../shared/run')
  return readdirSync(folder)
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .join()
}

describe('a choice of cases', () => {
  const items = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']

  it('is the same for the same seed, and another one for others', () => {
    const choose = (seed: number) => chooseEvenly(items, item => item[0]!, 4, createRandom(seed)).join()
    expect(choose(1)).toBe(choose(1))
    expect(new Set(Array.from({ length: 20 }, (_, seed) => choose(seed))).size).toBeGreaterThan(3)
  })

  it('has every kind as often as any other, as far as there are enough', () => {
    const chosen = chooseEvenly(items, item => item[0]!, 6, createRandom(3))
    const count = (kind: string) => chosen.filter(item => item.startsWith(kind)).length
    expect([count('a'), count('b'), count('c')]).toEqual([3, 2, 1])
    expect(new Set(chosen).size).toBe(6)
    expect(chooseEvenly(items, item => item[0]!, 99, createRandom(3))).toHaveLength(7)
  })
})
