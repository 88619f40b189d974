import { initProject } from '../../host/init-project.ts'
import type { AddVerb } from '../add-verb.ts'

interface InitOptions {
  readonly primary?: string
  readonly standby?: readonly string[]
  readonly tenants: readonly string[]
  readonly force?: boolean
}

/** `lockstep init`: look around, and write a first project file. */
export const initVerb: AddVerb = program => {
  program
    .command('init')
    .summary('look at the servers and this folder, and write lockstep.yml')
    .option('--primary <url>', 'URL of the primary (default: from PGHOST, PGPORT, PGUSER)')
    .option('--standby <url...>', 'URLs of its standbys')
    .option('--tenants <pattern...>', 'databases that are tenants; * and ? match', ['*'])
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'before',
      `Examples:
  lockstep init --primary postgresql://postgres@db.internal:5432/postgres --tenants 'tenant_*'
  PGPASSWORD=... lockstep init --standby postgresql://postgres@replica-1:5432/postgres
`,
    )
    .action(async (options: InitOptions) => {
      const { file, databases, source } = await initProject(
        {
          folder: process.cwd(),
          primary: options.primary ?? urlFromEnvironment(),
          standbys: options.standby ?? [],
          tenants: options.tenants,
          force: options.force ?? false,
        },
        new AbortController().signal,
      )
      process.stdout.write(
        `wrote ${file}\n  ${databases.length} tenants: ${databases.slice(0, 5).join(', ')}${databases.length > 5 ? ', ...' : ''}\n`,
      )
      process.stdout.write(`  migrations: ${source}\nnext: lockstep doctor, then lockstep plan\n`)
    })
}

function urlFromEnvironment(): string {
  const { PGHOST = '127.0.0.1', PGPORT = '5432', PGUSER = 'postgres', PGDATABASE = 'postgres' } = process.env
  return `postgresql://${encodeURIComponent(PGUSER)}@${PGHOST}:${PGPORT}/${encodeURIComponent(PGDATABASE)}`
}
