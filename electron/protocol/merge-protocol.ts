import { nearestKey } from '../lib/nearest-key.ts'
import { invalidAt, type SettingPath, type SettingsSource } from '../settings/settings-source.ts'

/** Both sources as one; what is set in both is refused with both places. */
export function mergeProtocol(main: SettingsSource, protocol: SettingsSource): SettingsSource {
  const { groups, ...policy } = protocol.value
  const merged = merge(main.value, policy, [], main, protocol)
  const value = { ...merged, groups: mergeGroups(main, protocol, groups) }
  return {
    value,
    written: value,
    placeOf: path => (isSet(protocol.value, path) ? protocol : main).placeOf(path),
    placeOfKey: (path, key) =>
      (isSet(protocol.value, [...path, key]) ? protocol : main).placeOfKey(path, key),
  }
}

/** Says whether a source sets a value at a path. */
export function isSet(value: unknown, path: SettingPath): boolean {
  return valueAt(value, path) !== undefined
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: SettingPath): unknown {
  let at: unknown = value
  for (const part of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined
    at = (at as Readonly<Record<PropertyKey, unknown>>)[part]
  }
  return at
}

function merge(
  mine: Readonly<Record<string, unknown>>,
  theirs: Readonly<Record<string, unknown>>,
  path: SettingPath,
  main: SettingsSource,
  protocol: SettingsSource,
): Readonly<Record<string, unknown>> {
  const merged = { ...mine }
  for (const [key, value] of Object.entries(theirs)) {
    const own = mine[key]
    const here = [...path, key]
    if (own === undefined) merged[key] = value
    else if (isMap(own) && isMap(value)) merged[key] = merge(own, value, here, main, protocol)
    else throw setTwice(here, here, main, protocol)
  }
  return merged
}

/** The list of `lockstep.yml` says who is in a group; the protocol says by name how it is migrated. */
function mergeGroups(main: SettingsSource, protocol: SettingsSource, named: unknown): unknown {
  const listed: unknown = main.value.groups
  if (!isMap(named)) return listed
  const groups = Array.isArray(listed) ? listed.filter(isMap) : []
  const names = groups.map(group => String(group.name))
  for (const name of Object.keys(named)) {
    if (names.includes(name)) continue
    const place = protocol.placeOfKey(['groups'], name)
    const problem = `lockstep.yml has no group "${name}": name it there, with its tenants`
    throw invalidAt(place, ['groups', name], problem, nearestKey(name, names))
  }
  return groups.map((group, index) => {
    const policy = named[String(group.name)]
    if (!isMap(policy)) return group
    for (const key of Object.keys(policy)) {
      if (group[key] === undefined) continue
      throw setTwice(['groups', index, key], ['groups', String(group.name), key], main, protocol)
    }
    return { ...group, ...policy }
  })
}

function setTwice(mine: SettingPath, theirs: SettingPath, main: SettingsSource, protocol: SettingsSource) {
  const other = main.placeOf(mine)
  const problem = `also set in ${other.file}:${other.line}: set it in one of the two`
  return invalidAt(protocol.placeOf(theirs), theirs, problem)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
