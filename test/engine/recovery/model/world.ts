import type { chooseDirections } from '../../../../electron/engine/recovery/choose-directions.ts'
import type { judgeVoter } from '../../../../electron/engine/recovery/judge-voter.ts'

/**
 * The vote, with crashes and recovery, as a state machine that is small enough to be explored to its last state.
 *
 * Each process at work has a list of steps. A step has every outcome that the world can give it; between any two steps the
 * process may be killed, and whatever of the log was not flushed may be lost. What recovery decides is not modelled: it is
 * decided by the engine's own rules.
 */
export interface Model {
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly vote: 'fleet' | 'group'
  readonly crashes: number
  /** Whether a crash may also take lines that the disk had promised to keep. */
  readonly lossyDisk: boolean
  readonly rules: Rules
  /** A mistake that the invariants have to find. */
  readonly mistake: Mistake | null
}

export interface Rules {
  readonly chooseDirections: typeof chooseDirections
  readonly judgeVoter: typeof judgeVoter
}

export type Mistake =
  | 'commits_before_deciding'
  | 'does_not_flush_the_decision'
  | 'decides_without_a_vote'
  | 'does_not_wait_for_runners'
  | 'goes_forward_without_a_record'
  | 'continues_without_looking'

/** `running`: its process is gone, and its backend may still prepare. */
export type TenantStand = 'idle' | 'running' | 'prepared' | 'committed' | 'undone'

export interface World {
  readonly tenants: Readonly<Record<string, TenantStand>>
  /** Lines that are flushed, and those that are only written. */
  readonly disk: readonly string[]
  readonly written: readonly string[]
  readonly steps: readonly string[]
  readonly who: 'run' | 'nobody' | 'recovery' | 'done'
  readonly crashesLeft: number
  readonly recoveriesLeft: number
  /** A tenant that answers nothing about its past to this recovery. */
  readonly silent: string | null
  readonly isLogBroken: boolean
  /** Groups that the process at work does not undo any more. */
  readonly promised: readonly string[]
  /** Decisions that their process took to be on disk. */
  readonly acknowledged: readonly string[]
  /** Groups that the process at work has found well. */
  readonly verified: readonly string[]
  readonly named: readonly string[]
  /** Whether anything has happened that may keep a fleet from being finished. */
  readonly isTroubled: boolean
  /** What must never happen, and has. */
  readonly broken: string | null
}

/** The world before the first vote. */
export function beginWorld(model: Model): World {
  return {
    tenants: Object.fromEntries(
      Object.values(model.groups)
        .flat()
        .map(name => [name, 'idle']),
    ),
    disk: [],
    written: [],
    steps: planRun(model),
    who: 'run',
    crashesLeft: model.crashes,
    recoveriesLeft: model.crashes,
    silent: null,
    isLogBroken: false,
    promised: [],
    acknowledged: [],
    verified: [],
    named: [],
    isTroubled: false,
    broken: null,
  }
}

function planRun({ groups, vote, mistake }: Model): readonly string[] {
  const names = Object.keys(groups)
  const votes = (group: string): readonly string[] => (groups[group] ?? []).map(one => `vote ${one}`)
  return [
    ...(vote === 'fleet' ? names.flatMap(votes) : []),
    ...names.flatMap(group => {
      const commits = (groups[group] ?? []).map(one => `commit ${one}`)
      const decide = [`decide ${group}`]
      return [
        ...(vote === 'group' ? votes(group) : []),
        ...(mistake === 'commits_before_deciding' ? [...commits, ...decide] : [...decide, ...commits]),
        `check ${group}`,
        `verify ${group}`,
      ]
    }),
    'finish',
  ]
}
