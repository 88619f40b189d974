import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The template of `alembic init`, without its comments. */
export const stockEnvironment = `
from logging.config import fileConfig
from sqlalchemy import engine_from_config, pool
from alembic import context

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
target_metadata = None

def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()

def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
`

/** The template of `alembic init -t async`, in its essence. */
export const asyncEnvironment = stockEnvironment
  .replace(
    'import engine_from_config, pool',
    'import pool\nfrom sqlalchemy.ext.asyncio import async_engine_from_config\nimport asyncio',
  )
  .replace(/def run_migrations_online[\s\S]*?(?=if context)/, '')
  .replace(
    'if context.is_offline_mode',
    `def do_run(connection):
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()

async def run_async():
    connectable = async_engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    async with connectable.connect() as connection:
        await connection.run_sync(do_run)
    await connectable.dispose()

def run_migrations_online():
    asyncio.run(run_async())

if context.is_offline_mode`,
  )

const logging = `
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = WARNING
handlers = console
qualname =
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic
[formatter_generic]
format = %(message)s
`

/** What a project of a test consists of. */
export interface ProjectParts {
  /** File name to source, under `migrations/versions`. */
  readonly revisions: Readonly<Record<string, string>>
  readonly environment?: string
  readonly url?: string
  /** Further text of alembic.ini, after the main section. */
  readonly sections?: string
  /** Further files, relative to the project. */
  readonly files?: Readonly<Record<string, string>>
}

/** An Alembic project in a temporary folder. */
export interface AlembicProject {
  readonly folder: string
  readonly iniFile: string
  write(file: string, text: string): Promise<void>
  remove(): Promise<void>
}

/** Writes a project as a team would have it. */
export async function writeAlembicProject(parts: ProjectParts): Promise<AlembicProject> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-alembic-'))
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  const url = parts.url ?? 'driver://user:pass@localhost/dbname'
  await write(
    'alembic.ini',
    `[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\nsqlalchemy.url = ${url}\n${parts.sections ?? ''}${logging}`,
  )
  await write('migrations/env.py', parts.environment ?? stockEnvironment)
  for (const [name, text] of Object.entries(parts.revisions)) await write(`migrations/versions/${name}`, text)
  for (const [name, text] of Object.entries(parts.files ?? {})) await write(name, text)
  return {
    folder,
    iniFile: join(folder, 'alembic.ini'),
    write,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The source of one revision. */
export function revision(
  id: string,
  parent: string | readonly string[] | null,
  body: string,
  extra: { readonly labels?: string; readonly dependsOn?: string; readonly imports?: string } = {},
): string {
  const down = parent === null ? 'None' : JSON.stringify(parent)
  const quote = (name: string | undefined): string => (name ? JSON.stringify(name) : 'None')
  const lines = body.split('\n').map(line => (line ? `    ${line}` : line))
  return `"""revision ${id}"""
from alembic import op
import sqlalchemy as sa
${extra.imports ?? ''}
revision = "${id}"
down_revision = ${down.startsWith('[') ? `(${down.slice(1, -1)},)` : down}
branch_labels = ${quote(extra.labels)}
depends_on = ${quote(extra.dependsOn)}

def upgrade():
${lines.join('\n')}

def downgrade():
    pass
`
}

/** Three revisions: a table with data, a data migration that reads, a unique constraint. */
export const threeRevisions: Readonly<Record<string, string>> = {
  'r1.py': revision(
    'r1',
    null,
    `op.create_table('users', sa.Column('id', sa.Integer, primary_key=True), sa.Column('email', sa.Text, nullable=False))
op.bulk_insert(sa.table('users', sa.column('id'), sa.column('email')), [{'id': 1, 'email': 'a\\tb 100%'}, {'id': 2, 'email': 'c'}])
op.execute("insert into users values (3, '50% \\t off')")`,
  ),
  'r2.py': revision(
    'r2',
    'r1',
    `op.add_column('users', sa.Column('extra', sa.JSON))
bind = op.get_bind()
for (number,) in bind.execute(sa.text('select id from users order by id')).fetchall():
    bind.execute(sa.text('update users set extra = :extra where id = :id'), {'extra': '{"n": %d}' % number, 'id': number})`,
  ),
  'r3.py': revision('r3', 'r2', `op.create_unique_constraint('uq_email', 'users', ['email'])`),
}
