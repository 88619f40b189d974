import { isSet, valueAt } from '../protocol/merge-protocol.ts'
import { wordsOfKey } from '../settings/known-keys.ts'
import { policyShape } from '../settings/policy.ts'
import type { SettingPlace, SettingsSource } from '../settings/settings-source.ts'
import type { ReadConfig } from './parse-config.ts'
import { projectConfigSchema } from './project-config.ts'

/** One value of the policy, as it is written, where it is: what a reference stands for is not shown. */
export interface Setting {
  /** Such as `gates.replica_lag.maxBytes`; groups are named. */
  readonly path: string
  readonly value: unknown
  /** Null: the default. */
  readonly from: SettingPlace | null
  /** What the key means. */
  readonly words: string | null
}

type Path = readonly string[]

/** The whole policy in force, and where each value comes from. */
export function listEffectivePolicy({ config, file, protocol }: ReadConfig): readonly Setting[] {
  const sources = [file, ...(protocol ? [protocol.settings] : [])]
  const parts = ['vote', ...Object.keys(policyShape)]
  const policy = parts.flatMap(part =>
    listLeaves(valueAt(config, [part]), [part]).map(path => settle(path, path, path, config, sources)),
  )
  const groups = config.groups.flatMap(({ name }, index) =>
    ['mode', 'parallel', 'onFailure'].map(key => {
      const listed = ['groups', String(index), key]
      return settle(['groups', name, key], listed, listed, config, sources)
    }),
  )
  return [...groups, ...policy]
}

/** What one source sets, in the order in which it stands there. */
export function listWritten({ written, placeOf }: SettingsSource): readonly Setting[] {
  return listLeaves(written, []).map(path => ({
    path: path.join('.'),
    value: valueAt(written, path),
    from: placeOf(path),
    words: wordsOfKey(projectConfigSchema, path),
  }))
}

/** Looks a value up by its path in the protocol (where groups are named) and in `lockstep.yml` (where they are listed). */
function settle(
  named: Path,
  listed: Path,
  effective: Path,
  config: unknown,
  sources: readonly SettingsSource[],
): Setting {
  const at = (source: SettingsSource): Path | undefined =>
    [named, listed].find(path => isSet(source.written, path))
  const source = sources.find(one => at(one) !== undefined)
  const path = source && at(source)
  return {
    path: named.join('.'),
    value: source && path ? valueAt(source.written, path) : valueAt(config, effective),
    from: source && path ? source.placeOf(path) : null,
    words: wordsOfKey(projectConfigSchema, named),
  }
}

/** Paths of all that is no object; a list is one value. */
function listLeaves(value: unknown, path: Path): readonly Path[] {
  if (value === undefined) return []
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([key, inner]) => listLeaves(inner, [...path, key]))
}
