import { LockstepError } from '../../../../shared/failure/failure.ts'
import { listNames } from '../../../../shared/text/plain-words.ts'
import { quoteIdentifier, quoteLiteral } from '../../../sql/quote-identifier.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import type { DatabasePlace } from './shadow-fill.ts'
import {
  type RolePowers,
  selectAllRoleNames,
  selectExtensions,
  selectMajor,
  selectMissingExtensions,
  selectOwnPowers,
  selectRoleNames,
} from './shadow-queries.ts'

const asking = { applicationName: 'lockstep shadow', statementTimeoutMs: 30_000 }

/** What a server of our own has to have before a tenant's schema fits into it. */
export interface SandboxNeeds {
  readonly roles: readonly string[]
  readonly extensions: readonly string[]
  /** Major version of the tenant's server, such as 18. */
  readonly major: number
  /** What the role that migrates may do there. */
  readonly powers: RolePowers
}

/** Reads which roles and extensions a tenant's schema may name. */
export async function readSandboxNeeds(
  { settings, database }: DatabasePlace,
  signal: AbortSignal,
): Promise<SandboxNeeds> {
  return await withClient(
    settings,
    database,
    asking,
    async client => ({
      roles: await selectRoleNames(client),
      extensions: await selectExtensions(client),
      major: await selectMajor(client),
      powers: await selectOwnPowers(client),
    }),
    signal,
  )
}

/**
 * Makes an empty database in a server of our own, with the roles that a tenant's schema may name.
 *
 * Only the role that migrates can log in: what it creates must belong to the same name.
 */
export async function prepareSandbox(
  sandbox: ServerSettings,
  migrator: { readonly user: string; readonly password: string },
  database: string,
  { roles, extensions, major }: SandboxNeeds,
  signal: AbortSignal,
): Promise<{ readonly major: number }> {
  return await withClient(
    sandbox,
    sandbox.maintenanceDatabase,
    asking,
    async client => {
      const own = await selectMajor(client)
      if (own < major) {
        const problem = `our own PostgreSQL is version ${own}, and the server's is ${major}`
        throw new LockstepError({ kind: 'usage', problem, fix: '' })
      }
      const missing = await selectMissingExtensions(client, extensions)
      if (missing.length > 0) {
        const problem = `our own PostgreSQL has no extension ${listNames(missing)}`
        throw new LockstepError({ kind: 'usage', problem, fix: '' })
      }
      const there = new Set(await selectRoleNames(client))
      for (const role of roles.filter(name => !there.has(name) && name !== migrator.user)) {
        await client.query(`create role ${quoteIdentifier(role)} nologin`)
      }
      const verb = there.has(migrator.user) ? 'alter' : 'create'
      await client.query(
        `${verb} role ${quoteIdentifier(migrator.user)} superuser login password ${quoteLiteral(migrator.password)}`,
      )
      await client.query(
        `create database ${quoteIdentifier(database)} template template0 owner ${quoteIdentifier(migrator.user)}`,
      )
      return { major: own }
    },
    signal,
  )
}

/** Takes from the role that migrates what it has not on the tenants' server: a superuser would see rows that a policy hides from it. */
export async function limitMigrator(
  sandbox: ServerSettings,
  user: string,
  { isSuperuser, bypassesPolicies, createsRoles, createsDatabases, memberOf }: RolePowers,
  signal: AbortSignal,
): Promise<void> {
  // The superuser of our own server stays one.
  if (isSuperuser || user === sandbox.user) return
  const role = quoteIdentifier(user)
  const may = (is: boolean, word: string): string => `${is ? '' : 'no'}${word}`
  const powers = [
    may(false, 'superuser'),
    may(bypassesPolicies, 'bypassrls'),
    may(createsRoles, 'createrole'),
    may(createsDatabases, 'createdb'),
  ]
  await withClient(
    sandbox,
    sandbox.maintenanceDatabase,
    asking,
    async client => {
      const known = await selectAllRoleNames(client)
      for (const group of memberOf.filter(name => known.includes(name))) {
        await client.query(`grant ${quoteIdentifier(group)} to ${role}`)
      }
      await client.query(`alter role ${role} ${powers.join(' ')}`)
    },
    signal,
  )
}
