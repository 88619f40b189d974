import { readExample } from '../../electron/adapters/embedded-postgres/read-example.ts'

/** One revision of the fleet: the same statements as a pair of SQL files and as an Alembic script. */
interface FleetRevision {
  readonly id: string
  readonly up: readonly string[]
  readonly down: readonly string[]
  /** Runs outside of a transaction. */
  readonly outside?: boolean
}

/** What every tenant starts with: rows that must survive whatever happens. */
const first: FleetRevision = {
  id: '0001',
  up: [
    'create table items (id bigint primary key, note text not null)',
    "insert into items values (1, 'one'), (2, 'two'), (3, 'three')",
    'grant select, insert on items to shop',
  ],
  down: ['drop table items'],
}

const pending: readonly FleetRevision[] = [
  {
    id: '0002',
    up: [
      'alter table items add column price integer not null default 7',
      "update items set note = note || '!' where id <= 3",
    ],
    down: ["update items set note = rtrim(note, '!') where id <= 3", 'alter table items drop column price'],
  },
  {
    id: '0003',
    up: [
      'create table prices (item bigint not null references items, cents integer not null)',
      'alter table items add constraint items_note_check check (length(note) > 0)',
    ],
    down: ['alter table items drop constraint items_note_check', 'drop table prices'],
  },
]

/** What follows where the last step runs outside of a transaction. */
const tail: FleetRevision = {
  id: '0004',
  up: ['create index concurrently items_note_idx on items (note)'],
  down: ['drop index concurrently items_note_idx'],
  outside: true,
}

/** How far the way goes that a scenario takes. */
export type FleetWay = 'transactional' | 'with a tail'

/** The revisions of a way, with what every tenant has already. */
export function revisionsOf(way: FleetWay): readonly FleetRevision[] {
  return [first, ...pending, ...(way === 'with a tail' ? [tail] : [])]
}

/** The files of a project whose migrations are SQL. */
export function sqlFilesOf(way: FleetWay): Readonly<Record<string, string>> {
  const join = (statements: readonly string[]) => `${statements.join(';\n')};\n`
  return Object.fromEntries(
    revisionsOf(way).flatMap(({ id, up, down }) => [
      [`migrations/${id}_step.up.sql`, join(up)],
      [`migrations/${id}_step.down.sql`, join(down)],
    ]),
  )
}

/** The files of a project whose migrations are Alembic's. */
export function alembicFilesOf(way: FleetWay): Readonly<Record<string, string>> {
  const scripts = revisionsOf(way).map(({ id, up, down, outside }, index, all) => [
    `migrations/versions/${id}_step.py`,
    [
      'from alembic import op',
      `revision = '${id}'`,
      `down_revision = ${index === 0 ? 'None' : `'${all[index - 1]?.id}'`}`,
      'def upgrade():',
      ...body(up, outside ?? false),
      'def downgrade():',
      ...body(down, outside ?? false),
      '',
    ].join('\n'),
  ])
  return { ...Object.fromEntries(alembicFiles()), ...Object.fromEntries(scripts) }
}

/** What lies around the revisions, as `alembic init` writes it. */
function alembicFiles(): readonly (readonly [path: string, text: string])[] {
  return [...readExample('shop-alembic')].filter(([path]) => /^(alembic\.ini|migrations\/[^/]+)$/.test(path))
}

function body(statements: readonly string[], outside: boolean): readonly string[] {
  const calls = statements.map(statement => `op.execute(${JSON.stringify(statement)})`)
  if (!outside) return calls.map(call => `    ${call}`)
  return ['    with op.get_context().autocommit_block():', ...calls.map(call => `        ${call}`)]
}
