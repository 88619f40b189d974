import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { Rehearsals } from '../../engine/ports/rehearsals.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'

/** Rehearsals in the folder of the plans: each speaks for the plan whose hash is its name, and for no other. */
export function createRehearsals(plansFolder: string): Rehearsals {
  const fileOf = (planId: string): string => join(plansFolder, `${planId}.rehearsal.json`)
  return {
    async read(planId) {
      if (!/^[0-9a-f]{64}$/.test(planId)) return null
      try {
        // Written by this program on this machine; a file is whole, or it is not there.
        return JSON.parse(await readFile(fileOf(planId), 'utf8')) as Rehearsal
      } catch {
        return null
      }
    },
    async write(rehearsal) {
      await mkdir(plansFolder, { recursive: true })
      await writeAtomically(fileOf(rehearsal.planId), `${JSON.stringify(rehearsal, null, 2)}\n`)
    },
  }
}
