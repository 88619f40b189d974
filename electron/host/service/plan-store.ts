import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GateCheck, PlanRecord } from '../../../shared/api/plan-view.ts'
import type { Foresight } from '../../../shared/foresight/foresight.ts'
import type { Plan } from '../../../shared/plan.ts'
import { writeAtomically } from '../../adapters/run-log/write-atomically.ts'
import { readKeptPlan } from '../kept-plans.ts'

type DocumentKind = 'record' | 'gates' | 'foresight'

/** What became of a plan, and what was asked for when it was made: a run asks for the same. */
export interface KeptRecord {
  readonly record: PlanRecord
  readonly asked: { readonly target: readonly string[]; readonly tenants: readonly string[] }
}

export interface KeptGates {
  readonly checkedAt: string
  readonly gates: readonly GateCheck[]
}

/** The documents beside the kept plans of a project: each all of it or none. */
export interface PlanStore {
  /** Newest first. */
  list(): Promise<readonly KeptRecord[]>
  read(planId: string): Promise<KeptRecord | null>
  write(kept: KeptRecord): Promise<void>
  readPlan(planId: string): Plan | null
  readGates(planId: string): Promise<KeptGates | null>
  writeGates(planId: string, gates: KeptGates): Promise<void>
  readForesight(planId: string): Promise<Foresight | null>
  writeForesight(foresight: Foresight): Promise<void>
}

/** Opens the folder of a project's plans. */
export function openPlanStore(folder: string): PlanStore {
  const fileOf = (planId: string, kind: DocumentKind): string => join(folder, `${planId}.${kind}.json`)
  const readDocument = async (planId: string, kind: DocumentKind): Promise<unknown> => {
    if (!/^[0-9a-f]{64}$/.test(planId)) return null
    try {
      return JSON.parse(await readFile(fileOf(planId, kind), 'utf8'))
    } catch {
      return null
    }
  }
  const writeDocument = async (planId: string, kind: DocumentKind, value: unknown): Promise<void> => {
    await mkdir(folder, { recursive: true })
    await writeAtomically(fileOf(planId, kind), `${JSON.stringify(value, null, 2)}\n`)
  }
  // Written by this program on this machine: a document is whole, or it is not there.
  const read = async (planId: string): Promise<KeptRecord | null> =>
    (await readDocument(planId, 'record')) as KeptRecord | null
  return {
    read,
    async list() {
      const names = await readdir(folder).catch(() => [])
      const ids = names.flatMap(name => /^([0-9a-f]{64})\.record\.json$/.exec(name)?.[1] ?? [])
      const records = await Promise.all(ids.map(read))
      return records
        .flatMap(kept => (kept === null ? [] : [kept]))
        .sort((a, b) => (a.record.madeAt < b.record.madeAt ? 1 : -1))
    },
    write: kept => writeDocument(kept.record.planId, 'record', kept),
    readPlan: planId => readKeptPlan(folder, planId),
    readGates: async planId => (await readDocument(planId, 'gates')) as KeptGates | null,
    writeGates: (planId, gates) => writeDocument(planId, 'gates', gates),
    readForesight: async planId => (await readDocument(planId, 'foresight')) as Foresight | null,
    writeForesight: foresight => writeDocument(foresight.planId, 'foresight', foresight),
  }
}
