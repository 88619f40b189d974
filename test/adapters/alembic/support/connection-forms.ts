/** An `env.py` that decides by itself how its connection is opened, or what is set on it. */
export interface ConnectionForm {
  readonly environment: string
  /** As SQLAlchemy names it; psycopg2 when not given. */
  readonly driver?: 'psycopg' | 'psycopg2' | 'asyncpg'
  /** What the project's own URL says after its question mark. */
  readonly urlOptions?: string
}

const imports = `from alembic import context
import sqlalchemy
from sqlalchemy import create_engine, event, pool, text
from sqlalchemy.engine import Engine, make_url
config = context.config
url = config.get_main_option("sqlalchemy.url")
`

const migrate = `
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`

const migrateAsync = `
import asyncio
def run(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
async def main():
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()
asyncio.run(main())
`

const engine = 'engine = create_engine(url, poolclass=pool.NullPool)\n'
const asyncEngine = `from sqlalchemy.ext.asyncio import create_async_engine
engine = create_async_engine(url, poolclass=pool.NullPool)
`
const toApp = '"-c search_path=app -c application_name=migrator"'

const listening = (target: string, body: string): string => `
@event.listens_for(${target}, "do_connect")
def choose_schema(dialect, record, cargs, cparams):
${body}
`
const changing = `    cparams["options"] = ${toApp}\n`
/** Every driver calls the database differently. */
const returning = `    import psycopg2
    cparams.pop("options", None)
    return psycopg2.connect(*cargs, **cparams, options=${toApp})
`

/** Forms that end with the tables in schema \`app\`, where the tenant has its own, and not in \`public\`. */
export const connectionForms: Readonly<Record<string, ConnectionForm>> = {
  'a do_connect listener on the engine': {
    environment: imports + engine + listening('engine', changing) + migrate,
  },
  'a do_connect listener on the engine, psycopg 3': {
    environment: imports + engine + listening('engine', changing) + migrate,
    driver: 'psycopg',
  },
  'a do_connect listener on every engine': {
    environment: imports + engine + listening('Engine', changing) + migrate,
  },
  'a do_connect listener on the dialect': {
    environment: imports + engine + listening('engine.dialect', changing) + migrate,
  },
  'a do_connect listener that returns a connection': {
    environment: imports + engine + listening('engine', returning) + migrate,
  },
  'a do_connect listener on an async engine': {
    environment:
      imports +
      asyncEngine +
      listening('engine.sync_engine', '    cparams["server_settings"] = {"search_path": "app"}\n') +
      migrateAsync,
    driver: 'asyncpg',
  },
  'a creator': {
    environment: `${imports}import psycopg2
def connect():
    at = make_url(url)
    return psycopg2.connect(host=at.host, port=at.port, user=at.username, dbname=at.database, options=${toApp})
engine = create_engine("postgresql+psycopg2://", creator=connect, poolclass=pool.NullPool)
${migrate}`,
  },
  'an async creator': {
    environment: `${imports}import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine
async def connect():
    at = make_url(url)
    return await asyncpg.connect(host=at.host, port=at.port, user=at.username, database=at.database,
        server_settings={"search_path": "app"})
engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=pool.NullPool)
${migrateAsync}`,
    driver: 'asyncpg',
  },
  connect_args: {
    environment: `${imports}engine = create_engine(url, connect_args={"options": ${toApp}}, poolclass=pool.NullPool)
${migrate}`,
    driver: 'psycopg',
  },
  'connect_args of asyncpg': {
    environment:
      imports +
      asyncEngine.replace('(url,', '(url, connect_args={"server_settings": {"search_path": "app"}},') +
      migrateAsync,
    driver: 'asyncpg',
  },
  'options in the URL': {
    environment: imports + engine + migrate,
    urlOptions: '?options=-csearch_path%3Dapp',
  },
  'a connect listener': {
    environment: `${imports}${engine}
@event.listens_for(engine, "connect")
def choose_schema(dbapi, record):
    with dbapi.cursor() as cursor:
        cursor.execute("set search_path = app")
    dbapi.commit()
${migrate}`,
  },
  'a listener of the pool': {
    environment: `${imports}engine = create_engine(url)
@event.listens_for(engine, "checkout")
def choose_schema(dbapi, record, proxy):
    with dbapi.cursor() as cursor:
        cursor.execute("set search_path = app")
${migrate}`,
  },
  'a statement of env.py': {
    environment:
      imports +
      engine +
      migrate.replace(
        '    context.configure',
        '    connection.execute(text("set search_path = app"))\n    connection.commit()\n    context.configure',
      ),
    driver: 'psycopg',
  },
  'a statement in the transaction of env.py': {
    environment: `${imports}${engine}${migrate.replace(
      '    context.configure',
      '    connection.execute(text("set search_path = app"))\n    context.configure',
    )}    connection.commit()\n`,
  },
  schema_translate_map: {
    environment:
      imports +
      engine +
      migrate
        .replace(
          '    context.configure(connection=connection)',
          `    connection = connection.execution_options(schema_translate_map={None: "app"})
    connection.execute(text("set search_path = app"))
    connection.commit()
    context.configure(connection=connection, version_table_schema="app")`,
        )
        .trimStart(),
  },
}
