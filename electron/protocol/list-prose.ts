import type { PhaseProse } from '../../shared/api/protocol-view.ts'
import { phaseNames } from '../../shared/run/phase.ts'
import type { Protocol } from './parse-protocol.ts'

/** The prose of a protocol for every phase that it speaks of, in the order of the phases. */
export function listProse({ sections }: Pick<Protocol, 'sections'>): readonly PhaseProse[] {
  return phaseNames.flatMap(phase => {
    const [first, ...deeper] = sections.filter(section => section.phase === phase)
    if (!first) return []
    const parts = [
      first.prose,
      ...deeper.map(({ heading, level, prose }) => `${'#'.repeat(level)} ${heading}\n\n${prose}`),
    ]
    return [{ phase, heading: first.heading, prose: parts.join('\n\n').trim() }]
  })
}
