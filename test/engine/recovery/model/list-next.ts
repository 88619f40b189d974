import { breakRule, checkDecision, flush, put, write } from './change-world.ts'
import { choose } from './choose.ts'
import type { Model, World } from './world.ts'

/** Every world that can follow. */
export function listNext(model: Model, world: World): readonly World[] {
  if (world.broken !== null) return []
  const late = Object.entries(world.tenants).flatMap(([name, stand]) =>
    stand === 'running' ? [put(model, world, name, 'prepared'), put(model, world, name, 'undone')] : [],
  )
  if (world.who === 'done')
    return [...late, ...(world.named.length > 0 && world.recoveriesLeft > 0 ? recover(model, world) : [])]
  if (world.who === 'nobody') return [...late, ...recover(model, world)]
  return [...late, ...takeStep(model, world), ...crash(model, world)]
}

/** Kills the process: a runner at work lives on for a moment, and the end of the log may be lost. */
function crash(model: Model, world: World): readonly World[] {
  if (world.crashesLeft === 0) return []
  const [step = ''] = world.steps
  const voter = step.startsWith('vote ') ? step.slice(5) : null
  const tenants = voter === null ? world.tenants : { ...world.tenants, [voter]: 'running' as const }
  const lines = [...world.disk, ...world.written]
  const kept = model.lossyDisk ? 0 : world.disk.length
  return Array.from({ length: lines.length - kept + 1 }, (_, lost) => ({
    ...world,
    tenants,
    disk: lines.slice(0, lines.length - lost),
    written: [],
    steps: [],
    who: 'nobody' as const,
    crashesLeft: world.crashesLeft - 1,
    isLogBroken: false,
    verified: [],
    isTroubled: world.isTroubled || lost > 0,
  }))
}

function recover(model: Model, world: World): readonly World[] {
  return [null, ...Object.keys(model.groups).flatMap(group => model.groups[group] ?? [])].map(silent => ({
    ...world,
    who: 'recovery' as const,
    isLogBroken: false,
    silent,
    named: [],
    recoveriesLeft: world.recoveriesLeft - 1,
    steps: [...(model.mistake === 'does_not_wait_for_runners' ? [] : ['wait']), 'choose'],
    isTroubled: world.isTroubled || silent !== null,
  }))
}

function takeStep(model: Model, world: World): readonly World[] {
  const [step = '', ...steps] = world.steps
  const [verb, name = ''] = step.split(' ')
  const next = { ...world, steps }
  switch (verb) {
    case 'vote': {
      const no = rollBackWorld(model, put(model, next, name, 'undone'))
      const goesOn = model.mistake === 'decides_without_a_vote'
      return [put(model, next, name, 'prepared'), goesOn ? put(model, next, name, 'undone') : no]
    }
    case 'decide':
      return decide(model, next, name)
    case 'record':
      return model.mistake === 'goes_forward_without_a_record' ? [next] : [flush(next, `${name} commit`)]
    case 'commit':
      return [
        put(model, next, name, 'committed'),
        // Nobody answers until the deadline: it happened, or it did not.
        ...[put(model, next, name, 'committed'), next].map(one => ({
          ...one,
          named: [...one.named, name],
          isTroubled: true,
        })),
      ]
    case 'check': {
      const isDoubtful = (model.groups[name] ?? []).some(one => world.named.includes(one))
      return [isDoubtful ? rollBackWorld(model, next) : next]
    }
    case 'verify':
      return [
        { ...next, verified: [...next.verified, name] },
        rollBackWorld(model, { ...write(next, 'unwell'), isTroubled: true }),
        rollBackWorld(model, { ...write(next, 'interrupted'), isTroubled: true }),
      ]
    case 'undo':
      return [put(model, next, name, 'undone'), { ...next, named: [...next.named, name] }]
    case 'write':
      return [write(next, name.replace(':', ' '))]
    case 'wait': {
      const running = Object.keys(world.tenants).filter(one => world.tenants[one] === 'running')
      // Either it ends, which is a step of the world, or the deadline comes.
      return [{ ...next, named: [...next.named, ...running] }]
    }
    case 'choose':
      return [choose(model, next)]
    default:
      return [finish(next)]
  }
}

/** The write succeeds, or fails: then the line may be on disk all the same, and nothing can be written any more. */
function decide(model: Model, world: World, group: string): readonly World[] {
  const line = `${group} commit`
  const { mistake, groups } = model
  const looked = Object.keys(groups).slice(0, Object.keys(groups).indexOf(group))
  const isBlind = world.who === 'recovery' && !looked.every(one => world.verified.includes(one))
  const after = isBlind
    ? breakRule(world, `${group} is decided on before those before it were looked at`)
    : world
  const decided = mistake === 'does_not_flush_the_decision' ? write(after, line) : flush(after, line)
  const promised = {
    ...decided,
    promised: [...decided.promised, group],
    acknowledged: [...new Set([...decided.acknowledged, group])],
  }
  const failed = { ...world, isLogBroken: true, isTroubled: true }
  return [
    checkDecision(model, promised, group),
    rollBackWorld(model, failed),
    rollBackWorld(model, { ...failed, disk: [...world.disk, ...world.written, line], written: [] }),
  ]
}

/** Undoes every vote of groups that are not decided on. */
function rollBackWorld(model: Model, world: World): World {
  const groups = Object.keys(model.groups).filter(group => !world.promised.includes(group))
  const open = groups.filter(group => model.groups[group]?.some(one => world.tenants[one] === 'prepared'))
  const undo = open.flatMap(group =>
    (model.groups[group] ?? []).filter(one => world.tenants[one] === 'prepared').map(one => `undo ${one}`),
  )
  return { ...world, steps: [...open.map(group => `write ${group}:rollback`), ...undo, 'finish'] }
}

/** A run or a recovery ends; it names whatever it finds prepared, as its proof does. */
function finish(world: World): World {
  const prepared = Object.keys(world.tenants).filter(one => world.tenants[one] === 'prepared')
  const named = [...new Set([...world.named, ...prepared])].sort()
  return { ...flush(world, 'finished'), who: 'done', steps: [], named, silent: null, verified: [] }
}
