import { LockstepError } from '../../shared/failure.ts'
import type { Shadows } from '../engine/ports/shadows.ts'

/** The ways to copy a tenant that there are here. */
export function createShadows(): Shadows {
  return {
    async withShadow() {
      throw new LockstepError({ kind: 'shadow_failed', tried: [] })
    },
  }
}
