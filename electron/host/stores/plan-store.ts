import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { PlanStore, StoredGates, StoredPlanRecord } from '../../app/ports/plan-store.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'
import { readSavedPlan, savePlan } from './plan-files.ts'

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
  const read = async (planId: string): Promise<StoredPlanRecord | null> =>
    (await readDocument(planId, 'record')) as StoredPlanRecord | null
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
    savePlan: async plan => savePlan(folder, plan),
    readPlan: planId => readSavedPlan(folder, planId),
    readGates: async planId => (await readDocument(planId, 'gates')) as StoredGates | null,
    writeGates: (planId, gates) => writeDocument(planId, 'gates', gates),
    readAnalysis: async planId => (await readDocument(planId, 'foresight')) as PlanAnalysis | null,
    writeAnalysis: analysis => writeDocument(analysis.planId, 'foresight', analysis),
  }
}
