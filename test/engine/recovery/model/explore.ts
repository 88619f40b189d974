import { listNext } from './list-next.ts'
import { beginWorld, type Model, type World } from './world.ts'

/** What an exploration has seen: how many worlds, and the first one in which something happened that never may. */
export interface Exploration {
  readonly worlds: number
  readonly broken: string | null
  /** How it came to that: the steps that the process at work had before it. */
  readonly trail: readonly string[]
  /** Worlds at rest in which every tenant is at the target after a recovery. */
  readonly finished: number
}

/** Visits every world that a model can come to. */
export function explore(model: Model): Exploration {
  const first = beginWorld(model)
  const cameFrom = new Map<string, string | null>([[keyOf(first), null]])
  const open: World[] = [first]
  let finished = 0
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const key = keyOf(world)
    const broken = world.broken ?? judgeRest(model, world)
    if (broken !== null) return { worlds: cameFrom.size, broken, trail: retrace(cameFrom, key), finished }
    if (world.who === 'done' && isAtTarget(world)) finished += 1
    for (const next of listNext(model, world)) {
      const nextKey = keyOf(next)
      if (cameFrom.has(nextKey)) continue
      cameFrom.set(nextKey, key)
      open.push(next)
    }
  }
  return { worlds: cameFrom.size, broken: null, trail: [], finished }
}

/** What must hold when a run or a recovery has ended. */
function judgeRest(model: Model, world: World): string | null {
  if (world.who !== 'done') return null
  const isNamed = (one: string): boolean => world.named.includes(one)
  const tenants = Object.keys(world.tenants)
  const left = tenants.find(one => world.tenants[one] === 'prepared' && !isNamed(one))
  if (left !== undefined) return `${left} is left prepared, and nobody says so`
  const committed = tenants.filter(one => world.tenants[one] === 'committed')
  for (const group of model.lossyDisk ? [] : world.acknowledged) {
    const missing = model.groups[group]?.find(one => !committed.includes(one) && !isNamed(one))
    if (missing !== undefined) return `${missing} has not committed, and its group was decided on`
  }
  const isHalf = committed.length > 0 && committed.length < tenants.length
  const mayBeHalf = model.vote === 'group' || world.isTroubled
  return isHalf && !mayBeHalf ? 'a fleet that had voted is left half-way without a reason' : null
}

function isAtTarget({ tenants }: World): boolean {
  return Object.values(tenants).every(stand => stand === 'committed')
}

/** Everything that tells one world from another, so that it can be read. */
function keyOf(world: World): string {
  const { tenants, disk, written, steps, promised, acknowledged, verified, named } = world
  const lists = [disk, written, steps, Object.values(tenants), named, promised, acknowledged, verified]
  const { who, silent, isLogBroken, isTroubled, crashesLeft, recoveriesLeft, broken } = world
  const rest = [who, silent, isLogBroken, isTroubled, crashesLeft, recoveriesLeft, broken]
  return [...lists.map(list => list.join(',')), ...rest].join(' | ')
}

function retrace(cameFrom: ReadonlyMap<string, string | null>, last: string): readonly string[] {
  const trail: string[] = []
  for (let key: string | null = last; key !== null; key = cameFrom.get(key) ?? null) trail.unshift(key)
  return trail
}
