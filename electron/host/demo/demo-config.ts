import { parse, stringify } from 'yaml'
import { readExample } from '../../adapters/embedded-postgres/read-example.ts'

/** What the demo's project file is written from. */
export interface DemoConfigOptions {
  readonly servers: readonly {
    readonly name: string
    readonly role: 'primary' | 'standby'
    readonly port: number
  }[]
  readonly source: { readonly kind: 'alembic'; readonly python: string } | { readonly kind: 'sql' }
}

/** What the demo replaces in the project file of the example. */
interface ExampleConfig {
  readonly version: number
  readonly project: string
  readonly tenants: object
  readonly migrations: object
  readonly gates: { readonly replica_lag: object }
  readonly smokeTests: { readonly queries: readonly object[] }
}

/** The project file of the demo: that of the example, on the servers of the sandbox, with passwords in a password file beside it. */
export function demoConfigText({ servers, source }: DemoConfigOptions): string {
  const text = readExample(`shop-${source.kind}`).get('lockstep.yml') ?? ''
  const example: ExampleConfig = parse(text)
  const { version, project: _, ...settings } = example
  const config = {
    version,
    project: 'demo-shop',
    passFile: 'pgpass',
    ...settings,
    servers: servers.map(({ name, role, port }) => ({
      name,
      role,
      host: '127.0.0.1',
      port,
      user: 'postgres',
    })),
    tenants: { ...example.tenants, databases: '*' },
    ...(source.kind === 'alembic'
      ? { migrations: { alembic: { config: 'alembic.ini', python: source.python } } }
      : {}),
    // Unlike the example's, the servers have standbys, and the tenants have rows before the first run.
    gates: { ...example.gates, replica_lag: without('requireStandbys', example.gates.replica_lag) },
    smokeTests: { queries: example.smokeTests.queries.map(query => without('minRows', query)) },
  }
  return `# A project of \`lockstep demo\`: the same file as any other project's.\n${stringify(config)}`
}

function without(key: string, settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key))
}
