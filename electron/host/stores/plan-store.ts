import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Foresight } from '../../../shared/analysis/plan-analysis.ts'
import { writeAtomically } from '../../adapters/run-log/write-atomically.ts'
import type { KeptGates, KeptRecord, PlanStore } from '../../app/ports/plan-store.ts'
import { keepPlan, readKeptPlan } from './plan-files.ts'

type DocumentKind = 'record' | 'gates' | 'foresight'

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
    keepPlan: async plan => keepPlan(folder, plan),
    readPlan: planId => readKeptPlan(folder, planId),
    readGates: async planId => (await readDocument(planId, 'gates')) as KeptGates | null,
    writeGates: (planId, gates) => writeDocument(planId, 'gates', gates),
    readForesight: async planId => (await readDocument(planId, 'foresight')) as Foresight | null,
    writeForesight: foresight => writeDocument(foresight.planId, 'foresight', foresight),
  }
}
