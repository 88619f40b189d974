import { LockstepError } from '../../../shared/failure/failure.ts'
import type { InitResult } from '../../app/init/init-project.ts'
import { describeUndeclared } from '../../discovery/describe-undeclared.ts'
import { findComposeFiles } from '../../host/docker/find-compose-files.ts'
import type { ComposeChoice } from '../../host/docker/open-compose-project.ts'
import { standardOutput } from '../../host/output/safe-output.ts'
import { beginWithCompose, beginWithServers } from '../../host/project/begin-project.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { formatFindings } from '../format/format-discovered.ts'

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
    .summary('look at the Compose project or the servers of this folder, and write lockstep.yml')
    .option('--primary <url>', 'URL of the primary (default: from PGHOST, PGPORT, PGUSER)')
    .option('--standby <url...>', 'URLs of its standbys')
    .option('--tenants <pattern...>', 'databases that are tenants; * and ? match', ['*'])
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'before',
      `Examples:
  lockstep init                         in a folder with a Compose file: everything is found
  lockstep init --primary postgresql://postgres@db.internal:5432/postgres --tenants 'tenant_*'
  PGPASSWORD=... lockstep init --standby postgresql://postgres@replica-1:5432/postgres
`,
    )
    .action(async (options: InitOptions, command) => {
      const { signal } = new AbortController()
      const { compose } = readGlobals(command)
      const request = { tenants: options.tenants, force: options.force ?? false }
      if (isComposeMeant(options, compose)) {
        const done = await beginWithCompose(compose, request, signal)
        print(done)
        standardOutput.write(formatFindings(done.found))
        return
      }
      print(
        await beginWithServers(
          {
            ...request,
            folder: process.cwd(),
            primary: options.primary ?? urlFromEnvironment(),
            standbys: options.standby ?? [],
          },
          signal,
        ),
      )
    })
}

/** Servers that are named win over Compose files that happen to lie here. */
function isComposeMeant(options: InitOptions, compose: ComposeChoice): boolean {
  if (options.primary !== undefined || options.standby !== undefined) return false
  return findComposeFiles(compose.files, compose.folder, process.env) !== null
}

function print({ file, databases, source, undeclared = [] }: InitResult): void {
  const names = `${databases.slice(0, 5).join(', ')}${databases.length > 5 ? ', ...' : ''}`
  standardOutput.write(`wrote ${file}\n  ${databases.length} tenants: ${names}\n`)
  for (const one of undeclared)
    standardOutput.write(`warning  ${one.sender}: ${describeUndeclared(one)}; name it with --standby\n`)
  standardOutput.write(`  migrations: ${source}\nnext: lockstep doctor, then lockstep plan\n`)
}

function urlFromEnvironment(): string {
  if (process.env.PGHOST === undefined && process.env.PGPORT === undefined) {
    throw new LockstepError({
      kind: 'usage',
      problem: 'There is no Compose file here, and no server was named.',
      fix: 'lockstep init --primary postgresql://USER@HOST:5432/postgres',
    })
  }
  const { PGHOST = '127.0.0.1', PGPORT = '5432', PGUSER = 'postgres', PGDATABASE = 'postgres' } = process.env
  return `postgresql://${encodeURIComponent(PGUSER)}@${PGHOST}:${PGPORT}/${encodeURIComponent(PGDATABASE)}`
}
