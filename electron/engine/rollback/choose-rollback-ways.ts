import type { RollbackWay } from '../../../shared/run/rollback.ts'

/** One rollback for one tenant, with what it rests on and costs; or why there is none. */
export type JudgedWay =
  | {
      readonly way: 'downgrade' | 'snapshot'
      readonly evidence: readonly string[]
      readonly losses: readonly string[]
      readonly rowsLost: number | null
      /** The fingerprint in which it ends, where that is not the one from before. */
      readonly endsIn?: string
    }
  | { readonly way: 'downgrade' | 'snapshot'; readonly why: string }

export interface ChosenWay {
  readonly way: RollbackWay
  readonly evidence: readonly string[]
  readonly losses: readonly string[]
  readonly rowsLost: number | null
  readonly refusal: string | null
  readonly endsIn?: string
}

/** Takes the first way that loses nothing, then the first there is at all; the ways are given best first. */
export function chooseRollbackWays(ways: readonly JudgedWay[]): ChosenWay {
  const open = ways.flatMap(way => ('losses' in way ? [way] : []))
  const closed = ways.flatMap(way => ('why' in way ? [`${way.way}: ${way.why}`] : []))
  const chosen = open.find(way => way.losses.length === 0) ?? open[0]
  if (!chosen) {
    const refusal = closed.join('; ') || 'the configuration allows no rollback'
    return { way: 'none', evidence: closed, losses: [], rowsLost: null, refusal }
  }
  const others = open
    .filter(way => way !== chosen)
    .map(way => `${way.way} would lose ${way.losses.join(', ') || 'nothing'}`)
  return {
    way: chosen.way,
    evidence: [...chosen.evidence, ...closed, ...others],
    losses: chosen.losses,
    rowsLost: chosen.rowsLost,
    refusal: null,
    ...(chosen.endsIn === undefined ? {} : { endsIn: chosen.endsIn }),
  }
}
