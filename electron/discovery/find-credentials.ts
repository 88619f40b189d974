/** Login of a server as its environment has it. Holds a password: it stays in host and adapters. */
export interface Credentials {
  readonly user: string
  /** Whether the environment names the user; otherwise it is the image's default. */
  readonly isUserDeclared: boolean
  /** Null: not known. Empty: the server is told to ask for none. */
  readonly password: string | null
  /** Where questions about the whole cluster are asked. */
  readonly database: string
  /** The database that the image makes at its first start; null when it makes none. */
  readonly initialDatabase: string | null
}

/** Reads a file by its path in the container; nothing when it cannot be read. */
export type ReadSecret = (path: string) => string | null | undefined

type Environment = Readonly<Record<string, string | null>>

const maintenanceDatabase = 'postgres'

/** Finds the superuser's login in the environment of a PostgreSQL image, with the defaults that the image has. */
export function findCredentials(environment: Environment, readSecret: ReadSecret): Credentials {
  const read = (...names: readonly string[]) => firstOf(environment, readSecret, names)
  const isBitnami = Object.keys(environment).some(name => name.startsWith('POSTGRESQL_'))
  return isBitnami ? findBitnami(read) : findOfficial(read)
}

type ReadVariable = (...names: readonly string[]) => string | null

function findOfficial(read: ReadVariable): Credentials {
  const declared = read('POSTGRES_USER', 'PATRONI_SUPERUSER_USERNAME', 'PGUSER_SUPERUSER')
  const user = declared ?? 'postgres'
  const password = read(
    'POSTGRES_PASSWORD',
    'PATRONI_SUPERUSER_PASSWORD',
    'PGPASSWORD_SUPERUSER',
    'PG_ROOT_PASSWORD',
  )
  const isTrusting = read('POSTGRES_HOST_AUTH_METHOD') === 'trust'
  return {
    user,
    isUserDeclared: declared !== null,
    password: password ?? (isTrusting ? '' : null),
    database: maintenanceDatabase,
    // The image names the first database after the first user.
    initialDatabase: beside(read('POSTGRES_DB', 'PG_DATABASE') ?? user),
  }
}

/** With a user of its own, Bitnami's image has the superuser beside it, and lets it log in only with a password. */
function findBitnami(read: ReadVariable): Credentials {
  const declared = read('POSTGRESQL_USERNAME', 'POSTGRES_USER', 'POSTGRESQL_USER')
  const user = declared ?? 'postgres'
  const superPassword = read('POSTGRESQL_POSTGRES_PASSWORD', 'POSTGRES_POSTGRES_PASSWORD')
  const isTrusting = /^(yes|true|1)$/i.test(read('ALLOW_EMPTY_PASSWORD') ?? '')
  const own = {
    user,
    password: read('POSTGRESQL_PASSWORD', 'POSTGRES_PASSWORD') ?? (isTrusting ? '' : null),
  }
  return {
    ...(user !== 'postgres' && superPassword !== null ? { user: 'postgres', password: superPassword } : own),
    isUserDeclared: declared !== null || superPassword !== null,
    database: maintenanceDatabase,
    initialDatabase: beside(read('POSTGRESQL_DATABASE', 'POSTGRES_DB')),
  }
}

/** Every server has the maintenance database anyway. */
function beside(database: string | null): string | null {
  return database === maintenanceDatabase ? null : database
}

/** A variable itself wins over the file that its `_FILE` sibling names; line ends after a secret do not belong to it. */
function firstOf(environment: Environment, readSecret: ReadSecret, names: readonly string[]): string | null {
  for (const name of names) {
    const value = environment[name]
    if (value) return value
    const path = environment[`${name}_FILE`]
    const secret = path ? readSecret(path)?.replace(/[\r\n]+$/, '') : null
    if (secret) return secret
  }
  return null
}
