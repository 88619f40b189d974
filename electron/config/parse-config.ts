import { mergeProtocol } from '../protocol/merge-protocol.ts'
import { type Protocol, parseProtocol } from '../protocol/parse-protocol.ts'
import { findHookProblem } from '../settings/find-hook-problem.ts'
import type { ReferenceLookup } from '../settings/resolve-references.ts'
import { checkShape, invalidAt, readSettings, type SettingsSource } from '../settings/settings-source.ts'
import { type ProjectConfig, projectConfigSchema } from './project-config.ts'
import { findModelProblem } from './tenancy-model.ts'

/** A project's configuration, and what it was read from. */
export interface ReadConfig {
  readonly config: ProjectConfig
  readonly file: SettingsSource
  /** Null where the configuration names none. */
  readonly protocol: Protocol | null
}

/** Reads `lockstep.yml` and the protocol that it names; throws `config_invalid` with line, column and the nearest key. */
export function parseConfig(text: string, file: string, lookup: ReferenceLookup): ProjectConfig {
  return readConfig(text, file, lookup).config
}

/** The same, with what it was read from. */
export function readConfig(text: string, file: string, lookup: ReferenceLookup): ReadConfig {
  const whenEmpty = 'the file is empty: `lockstep init` writes a first one'
  const main = readSettings({ text, file, linesBefore: 0, whenEmpty }, lookup)
  const own = checkShape(projectConfigSchema, main)
  refuseContradictions(own, main)
  const protocol = own.protocol === undefined ? null : readProtocol(own.protocol, main, lookup)
  if (!protocol) return { config: own, file: main, protocol }
  const merged = mergeProtocol(main, protocol.settings)
  const config = checkShape(projectConfigSchema, merged)
  refuseContradictions(config, merged)
  return { config, file: main, protocol }
}

/** The protocol lies beside the file that names it. */
function readProtocol(path: string, main: SettingsSource, lookup: ReferenceLookup): Protocol {
  const place = main.placeOf(['protocol'])
  const text = lookup.file(path)
  if (text === undefined) throw invalidAt(place, ['protocol'], `${path} cannot be read`)
  const folder = place.file.replace(/[^/\\]*$/, '')
  return parseProtocol(text, /^([/\\]|[A-Za-z]:)/.test(path) ? path : folder + path, lookup)
}

/** What the shape allows and the meaning does not. */
function refuseContradictions(config: ProjectConfig, source: Pick<SettingsSource, 'placeOf'>): void {
  const refuse = (path: readonly PropertyKey[], problem: string): void => {
    throw invalidAt(source.placeOf(path), path, problem)
  }
  const { alembic, sql } = config.migrations
  if (alembic && sql) refuse(['migrations', 'sql'], 'choose one of `alembic` and `sql`')
  if (!alembic && !sql) refuse(['migrations'], 'say where revisions come from: `alembic:` or `sql:`')
  if (alembic?.url && Object.keys(alembic.url).length !== 1) {
    refuse(['migrations', 'alembic', 'url'], 'choose exactly one of `ini`, `env`, `x` and `section`')
  }
  if (config.tenants.databases && config.tenants.query)
    refuse(['tenants', 'query'], 'choose one of `databases` and `query`')
  if (!config.tenants.databases && !config.tenants.query)
    refuse(['tenants'], 'say which databases are tenants: `databases:` or `query:`')
  const tenancy = findModelProblem(config)
  if (tenancy) refuse(tenancy.path, tenancy.problem)
  refuseRepeats(
    config.servers.map(server => server.name),
    index => refuse(['servers', index, 'name'], 'this server is named twice'),
  )
  refuseRepeats(
    config.groups.map(group => group.name),
    index => refuse(['groups', index, 'name'], 'this group is named twice'),
  )
  config.servers.forEach(({ role, replay }, index) => {
    if (replay !== undefined && role !== 'standby')
      refuse(['servers', index, 'replay'], 'only a server with role: standby replays WAL')
  })
  config.servers.forEach(({ role, cluster }, index) => {
    if (
      role !== 'subscriber' ||
      config.servers.some(one => one.role === 'primary' && one.cluster === cluster)
    )
      return
    refuse(
      ['servers', index, 'cluster'],
      `no primary has the cluster "${cluster}": name the cluster that this subscriber takes its rows from`,
    )
  })
  const hook = findHookProblem(config.hooks)
  if (hook) refuse(hook.path, hook.problem)
  for (const cluster of new Set(config.servers.map(server => server.cluster))) {
    const primaries = config.servers.filter(server => server.cluster === cluster && server.role === 'primary')
    if (primaries.length !== 1) {
      refuse(
        ['servers'],
        `cluster "${cluster}" needs exactly one server with role: primary, it has ${primaries.length}`,
      )
    }
  }
}

function refuseRepeats(names: readonly string[], refuse: (index: number) => void): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) refuse(index)
  })
}
