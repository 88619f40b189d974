import type { VoterEvidence } from '../../../../electron/engine/recovery/judge-voter.ts'
import { type RunRecord, readRecord } from '../../../../electron/engine/recovery/read-record.ts'
import type { RunEvent, RunFact } from '../../../../shared/run/run-event.ts'
import { samplePlan } from '../../../shared/samples/plan.ts'
import { envelop } from '../../../shared/samples/runs.ts'
import type { Model, World } from './world.ts'

/** Does what the engine's rules say of the record and of what the databases answer. */
export function choose(model: Model, world: World): World {
  const record = readLines(model, [...world.disk, ...world.written])
  const evidence = Object.entries(model.groups).map(([group, tenants]) => ({
    group,
    decision: record.decisions.get(group) ?? null,
    voters: tenants.map(one => model.rules.judgeVoter(ask(world, one))),
  }))
  const { isStopped, isDamaged: isRecordDamaged } = record
  const chosen = model.rules.chooseDirections({
    vote: model.vote,
    isStopped,
    isRecordDamaged,
    groups: evidence,
  })
  const settle: string[] = []
  const named: string[] = []
  const held: string[] = []
  for (const { group, decision } of evidence) {
    const votes = (model.groups[group] ?? []).filter(one => world.tenants[one] === 'prepared')
    const direction = votes.length === 0 ? null : chosen.get(group)
    if (direction === 'forward')
      settle.push(...(decision === 'commit' ? [] : [`record ${group}`]), ...votes.map(one => `commit ${one}`))
    if (direction === 'back') settle.push(...votes.map(one => `undo ${one}`))
    if (direction === 'unknown') named.push(...votes)
    if (direction === 'continue') held.push(group)
  }
  return {
    ...world,
    named: [...world.named, ...named],
    // Decisions that are on record are kept: only what is held may go back from here on.
    promised: Object.keys(model.groups).filter(group => !held.includes(group)),
    steps: [...settle, ...continueFleet(model, held), 'finish'],
  }
}

function continueFleet({ groups, mistake }: Model, held: readonly string[]): readonly string[] {
  const names = Object.keys(groups)
  const last = names.findLastIndex(group => held.includes(group))
  return names.slice(0, last + 1).flatMap(group => {
    const commits = (groups[group] ?? []).map(one => `commit ${one}`)
    const decide = held.includes(group) ? [`decide ${group}`, ...commits] : []
    const look = mistake === 'continues_without_looking' ? [] : [`verify ${group}`]
    return [...decide, `check ${group}`, ...look]
  })
}

function ask({ tenants, silent }: World, name: string): VoterEvidence {
  const stand = tenants[name]
  const answers = silent !== name
  const status = { committed: 'committed', undone: 'aborted', running: 'in progress' } as const
  const known = stand === 'committed' || stand === 'undone' || stand === 'running' ? status[stand] : null
  return {
    isPrepared: stand === 'prepared',
    isAbsent: false,
    status: answers ? known : null,
    heads: answers ? (stand === 'committed' ? 'after' : 'before') : null,
  }
}

const smokeFailed = {
  type: 'smoke.judged',
  test: 'query',
  group: 'canary',
  momentary: false,
  answer: { verdict: 'failed', value: '', threshold: '', evidence: [], remedy: '' },
  volatile: {},
} as const satisfies RunFact

const records = new Map<string, RunRecord>()

/** What the engine reads in these lines; the same ones come again and again. */
function readLines(model: Model, lines: readonly string[]): RunRecord {
  const key = `${model.vote} ${lines.join()}`
  const record = records.get(key) ?? readRecord(toEvents(model, lines))
  if (record === null) throw new Error('the model has a plan')
  records.set(key, record)
  return record
}

/** The lines of the model as the events that the engine reads. */
function toEvents({ vote }: Model, lines: readonly string[]): readonly RunEvent[] {
  const facts = lines.map((line): RunFact => {
    const [group = '', decision] = line.split(' ')
    if (line === 'unwell') return smokeFailed
    if (line === 'interrupted') return { type: 'run.interrupted', signal: 'SIGINT' }
    if (line === 'finished')
      return { type: 'run.finished', outcome: 'needs_human', exitCode: 6, failure: null, volatile: {} }
    return {
      type: 'group.decided',
      group,
      decision: decision === 'commit' ? 'commit' : 'rollback',
      failure: null,
    }
  })
  return envelop([{ type: 'plan.made', plan: { ...samplePlan, vote } }, ...facts])
}
