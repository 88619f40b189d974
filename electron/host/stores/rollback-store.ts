import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import type { RollbackStore } from '../../app/ports/rollback-store.ts'

const ending = '.rollback.json'

/** Opens the folder in which a project keeps proposals. */
export function openRollbackStore(folder: string): RollbackStore {
  return {
    keep: proposal => keepRollback(folder, proposal),
    find: start => findKeptRollback(folder, start),
  }
}

/** Keeps a proposal that was shown, so that an approval by its id can later say what moved. */
function keepRollback(folder: string, proposal: RollbackProposal): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${proposal.rollbackId}${ending}`), `${JSON.stringify(proposal, null, 2)}\n`)
}

/** The kept proposal whose id begins so; null where there is none, or several. */
function findKeptRollback(folder: string, start: string): RollbackProposal | null {
  if (!/^[0-9a-f]{8,64}$/.test(start)) return null
  try {
    const names = readdirSync(folder).filter(name => name.startsWith(start) && name.endsWith(ending))
    const [name] = names
    if (name === undefined || names.length > 1) return null
    // Written by this program on this machine, and used for words only: the engine compares hashes.
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as RollbackProposal
  } catch {
    return null
  }
}
