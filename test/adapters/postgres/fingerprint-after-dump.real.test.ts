import { describe, expect } from 'vitest'
import { dumpSchema } from '../../../electron/adapters/pg-tools/dump-schema.ts'
import { localTools } from '../../../electron/adapters/pg-tools/this-machine.ts'
import { readFingerprint } from '../../../electron/adapters/postgres/catalog/fingerprint.ts'
import { createFingerprintMemory } from '../../../electron/adapters/postgres/catalog/fingerprint-memory.ts'
import { runSchemaScript } from '../../../electron/adapters/postgres/copies/shadow-script.ts'
import { withClient } from '../../../electron/adapters/postgres/session/with-client.ts'
import { diffCatalog } from '../../../electron/catalog/diff-catalog.ts'
import { needs } from '../../support/needs.ts'
import { serverOf } from '../../support/postgres-versions.ts'
import { describeServer, describeTenant, never } from './sandbox-settings.ts'

/** Conditions whose printed form is read as another tree of the same meaning, and neighbours that stay as they are. */
const conditions = [
  "v in ('a', 'b')",
  "v not in ('a', 'b', 'c''d', E'e\\\\f')",
  "v20 in ('a', 'b')",
  "v = any ('{a,b}'::text[])",
  "v = any (array['a', 'b']::varchar(9)[])",
  "v20 = any (array['a', v]::varchar(5)[]::text[])",
  "c in ('ab', 'cd')",
  "t in ('a', 'b')",
  "upper(v) in ('A', 'B') and v is not null",
  'n in (1, 2, 3)',
  'n in (1, 2.5)',
  'm in (1.5, 2)',
  'm = any (array[1, 2]::numeric(10,2)[])',
  'n between 1 and 99 and b',
  'b and n between 1 and 99',
  'n not between 1 and 99 or b',
  'n between symmetric 1 and 99',
  '(n > 1 and n < 5) and (m > 1 and (b and n <> 3))',
  'n > 1 and (n < 5 or b)',
  '(n > 1 or n < 5) or b or (m is null and b)',
  'not (n > 1 and b)',
  "d between '2020-01-01' and '2030-01-01' and b",
  "s in ('2020-01-01', '2021-01-01 10:00')",
  "mood in ('sad', 'ok')",
  "case when v in ('a') then b else n between 1 and 2 and b end",
  "coalesce(v, 'x') like 'a%' and length(v) < 5",
  "v::varchar(3) in ('a', 'b') and 'x'::varchar(2) <> v",
  "tags && array['a', 'b']::varchar[]",
  "tags <@ array['a', 'b']::varchar(7)[]::text[]::varchar[]",
  'array[[1, 2], [3, 4]]::bigint[] is not null',
  "(v, t) in (('a', 'b'), ('c', 'd'))",
  "n = -1 and m = -1.5 and v <> ''",
  "v ~ '^[a-z(]+$' and t !~~ '%]%'",
]

const columns = `id int, v varchar, v20 varchar(20) default 'x', c char(2) default 'ab', t text, n int, m numeric(10,2) default 0, b boolean,
  d date, s timestamptz, mood mood default 'ok', tags varchar[] default array['a']::varchar[], bits bit(3) default b'101'`

const schema = `create type mood as enum ('sad', 'ok');
create domain code as varchar(9) default 'a' check (value in ('a', 'b'));
create table things (${columns},
  g boolean generated always as (v in ('a', 'b')) stored);
${conditions.map((condition, i) => `alter table things add constraint c${i} check (${condition});`).join('\n')}
${conditions.map((condition, i) => `create index i${i} on things (id) where ${condition};`).join('\n')}
${conditions.map((condition, i) => `create policy p${i} on things using (${condition});`).join('\n')}
create index by_rule on things ((v in ('a', 'b')), lower(v));
create view seen as select id, v in ('a', 'b') as known, sum(n) over (order by n rows between 1 preceding and current row)
  from things where n between 1 and 9 and b and v in ('a', 'b') group by id, v, n having count(*) between 1 and 2 and true;
create function touch() returns trigger language plpgsql as $$ begin if ((new.b and true) and true) then null; end if; return new; end $$;
create trigger touched before update on things for each row
  when (old.v in ('a', 'b') and new.n between 1 and 2 and new.b) execute function touch();
create rule quiet as on update to things where old.v in ('a', 'b') do also nothing;
create function known(varchar) returns boolean language sql begin atomic; select $1 in ('a', 'b') and (true and (1 between 0 and 2 and true)); end;
comment on table things is '((a AND b) AND c)';`

// A pg_dump has to be as new as its server: those of later versions are not everywhere.
describe.each(['14', '15'] as const)('a schema of PostgreSQL %s', version => {
  const server = serverOf(version)

  needs('older postgres', 'pg_dump')('is the same after it was dumped and restored, twice', async () => {
    const settings = describeServer(server(), server().primary)
    await server().query('create database d0 template template0')
    await server().query(schema, 'd0')
    const places = [localTools(use => use({ host: settings.host, port: settings.port, tls: 'disable' }))]
    const read = (database: string) =>
      readFingerprint(settings, describeTenant(database), createFingerprintMemory(), never)
    const first = await read('d0')
    for (const [from, to] of [
      ['d0', 'd1'],
      ['d1', 'd2'],
    ] as const) {
      const target = {
        places,
        user: settings.user,
        password: '',
        database: from,
        serverMajor: Number(version),
      }
      const script = await dumpSchema(target, never)
      await server().query(`create database ${to} template template0`)
      await withClient(
        settings,
        to,
        { applicationName: 'test' },
        client => runSchemaScript(client, script),
        never,
      )
      expect(diffCatalog(first.items, (await read(to)).items)).toEqual([])
    }
  })
})
