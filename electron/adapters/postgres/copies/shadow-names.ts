import { randomBytes } from 'node:crypto'

const prefix = 'lockstep_shadow_'

/** A name for a scratch copy that no tenant has. */
export function newShadowName(): string {
  return `${prefix}${randomBytes(6).toString('hex')}`
}

/** Says whether a database is a scratch copy of a rehearsal, and so no tenant. */
export function isShadowName(database: string): boolean {
  return /^lockstep_shadow_[0-9a-f]{12}$/.test(database)
}

/** The name of the session that lives for as long as a copy is wanted: a copy without one was left over. */
export function keeperNameOf(shadow: string): string {
  return `lockstep keeps ${shadow}`
}
