import { stringify } from 'yaml'

/** What the demo's project file is written from. */
export interface DemoConfigOptions {
  readonly servers: readonly {
    readonly name: string
    readonly role: 'primary' | 'standby'
    readonly port: number
  }[]
  readonly source: { readonly kind: 'alembic'; readonly python: string } | { readonly kind: 'sql' }
}

/** The project file of the demo: an ordinary one, with passwords in a password file beside it. */
export function demoConfigText(options: DemoConfigOptions): string {
  const config = {
    version: 1,
    project: 'demo-shop',
    passFile: 'pgpass',
    servers: options.servers.map(server => ({
      name: server.name,
      role: server.role,
      host: '127.0.0.1',
      port: server.port,
      user: 'postgres',
    })),
    tenants: { databases: '*', appRole: '{tenant}_app' },
    groups: [
      { name: 'canary', tenants: ['acorn'], mode: 'atomic', parallel: 1 },
      { name: 'rest', tenants: ['*'], mode: 'atomic', parallel: 2 },
    ],
    migrations:
      options.source.kind === 'alembic'
        ? { alembic: { config: 'alembic.ini', python: options.source.python } }
        : { sql: { folder: 'migrations' } },
    gates: {
      replica_lag: { maxBytes: 262_144 },
      blocking_queries: { longTransactionSeconds: 5, idleInTransactionSeconds: 1 },
    },
    smokeTests: {
      queries: [{ name: 'the shop has customers', sql: 'select id from customers limit 1' }],
    },
    execution: { settleSeconds: 5 },
  }
  return `# A project of \`lockstep demo\`: the same file as any other project's.\n${stringify(config)}`
}
