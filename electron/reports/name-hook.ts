import type { HookState } from '../../shared/run/run-state.ts'
import { toOneLine } from '../../shared/text/plain-words.ts'

/** A hook with its moment: `change window before approval`, `no orphans after migration execution (birch)`. */
export function nameHook({
  hook,
  moment,
  phase,
  group,
  tenant,
}: Pick<HookState, 'hook' | 'moment' | 'phase' | 'group' | 'tenant'>): string {
  const about = tenant ?? group
  const name = `${hook} ${moment} ${phase.replaceAll('_', ' ')}`
  return toOneLine(about === null ? name : `${name} (${about})`)
}
