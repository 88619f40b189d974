import { expect } from 'vitest'
import type { Isolation, IsolationLeak } from '../../../electron/engine/ports/gate-facts.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { TestSandbox } from '../../support/with-sandbox.ts'
import { never } from './sandbox-settings.ts'

/** A leak that a test makes on purpose, and what must be said of it. */
export interface PlantedLeak {
  readonly name: string
  readonly plant: string
  /** Where it is planted; the database of the first tenant when not given. */
  readonly database?: string
  /** `role reaches what: by which grant`. */
  readonly finds: RegExp
  /** Beginning of the statement that must be advised for it. */
  readonly fix: RegExp
  /** What the advised statements leave behind, in the same database. */
  readonly cleanUp?: string
  /** The first major version that knows it. */
  readonly since?: number
  /** It hides others, or stands in their way. */
  readonly alone?: boolean
}

/** Plants a leak, sees it found by name, does what is advised, and sees nothing any more. */
export async function expectFound(
  leak: PlantedLeak,
  sandbox: TestSandbox,
  isolation: Isolation,
  tenants: readonly Tenant[],
): Promise<void> {
  const database = leak.database ?? tenants[0]?.database ?? 'postgres'
  await sandbox.query(leak.plant, database)
  const leaks = await findWeighty(isolation, tenants)
  expect(leaks.map(sentenceOf)).toContainEqual(expect.stringMatching(leak.finds))
  const found = leaks.filter(one => leak.finds.test(sentenceOf(one)))
  expect(found.map(one => one.fix)).toContainEqual(expect.stringMatching(leak.fix))
  for (const fix of new Set(leaks.map(one => one.fix))) {
    const named = tenants.find(tenant => fix.endsWith(`-- in database ${tenant.database}`))
    await sandbox.query(fix, named?.database ?? database)
  }
  expect((await findWeighty(isolation, tenants)).map(sentenceOf)).toEqual([])
  if (leak.cleanUp) await sandbox.query(leak.cleanUp, database)
}

/** Plants all leaks at once, and sees each of them found by name. */
export async function expectAllFound(
  leaks: readonly PlantedLeak[],
  version: string,
  sandbox: TestSandbox,
  isolation: Isolation,
  tenants: readonly Tenant[],
): Promise<void> {
  const planted = leaks.filter(leak => !leak.alone && (leak.since ?? 0) <= Number(version))
  for (const { plant, database } of planted)
    await sandbox.query(plant, database ?? tenants[0]?.database ?? 'postgres')
  const sentences = (await findWeighty(isolation, tenants)).map(sentenceOf)
  const missed = planted.filter(leak => !sentences.some(sentence => leak.finds.test(sentence)))
  expect(missed.map(leak => leak.name)).toEqual([])
}

/** Leaks without the notes, which stop nothing. */
export async function findWeighty(
  isolation: Isolation,
  tenants: readonly Tenant[],
): Promise<readonly IsolationLeak[]> {
  const leaks = await isolation.findLeaks(tenants, never)
  return leaks.filter(leak => leak.weight !== 'note')
}

/** A leak as the gate says it. */
export function sentenceOf({ role, reaches, grant }: IsolationLeak): string {
  return `${role} reaches ${reaches}: ${grant}`
}
