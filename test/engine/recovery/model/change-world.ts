import type { Model, TenantStand, World } from './world.ts'

/** Puts a tenant somewhere, if that may be. */
export function put(model: Model, world: World, name: string, stand: TenantStand): World {
  const was = world.tenants[name]
  if (was === stand) return world
  const next = { ...world, tenants: { ...world.tenants, [name]: stand } }
  const group = Object.keys(model.groups).find(one => model.groups[one]?.includes(name)) ?? ''
  const isDecided = world.disk.includes(`${group} commit`)
  if (stand === 'committed' && !isDecided)
    return breakRule(next, `${name} committed without a decision on disk`)
  if (stand === 'undone' && world.acknowledged.includes(group) && !model.lossyDisk)
    return breakRule(next, `${name} is undone, and its group was decided on`)
  const stands = (model.groups[group] ?? []).map(one => next.tenants[one])
  const isTorn = stands.includes('committed') && stands.some(one => one === 'undone' || one === 'idle')
  return isTorn ? breakRule(next, `group ${group} is torn apart`) : next
}

/** A decision needs every vote, and nothing on record that speaks against it. */
export function checkDecision({ groups, vote }: Model, world: World, group: string): World {
  const voters = vote === 'fleet' ? Object.values(groups).flat() : (groups[group] ?? [])
  const isYes = (one: string): boolean =>
    world.tenants[one] === 'prepared' || world.tenants[one] === 'committed'
  if (!voters.every(isYes)) return breakRule(world, `group ${group} is decided on without every vote`)
  const lines = [...world.disk, ...world.written]
  return lines.includes('interrupted') || lines.includes('unwell')
    ? breakRule(world, `group ${group} is decided on although the run had to stop`)
    : world
}

/** Writes a line that a crash may lose. */
export function write(world: World, line: string): World {
  return world.isLogBroken ? world : { ...world, written: [...world.written, line] }
}

/** Writes a line, and waits until all of them are on disk. */
export function flush(world: World, line: string): World {
  return world.isLogBroken ? world : { ...world, disk: [...world.disk, ...world.written, line], written: [] }
}

/** Says that something has happened that never may; the first such thing counts. */
export function breakRule(world: World, broken: string): World {
  return { ...world, broken: world.broken ?? broken }
}
