import { quoteLiteral } from '../../sql/quote-identifier.ts'
/** A tenant of the sandbox: a database of its own, and the only login that may enter it. */
export interface SandboxTenant {
  readonly name: string
  readonly database: string
  readonly appRole: string
  readonly appPassword: string
  /** The revision that the tenant is filled at. */
  readonly revision: '0001' | '0002'
}

/** The tenants of the demo that hold the current revision, in order. */
const currentTenants = ['acorn', 'birch', 'cedar', 'dogwood', 'elm'] as const

/** The one that was forgotten: a revision behind. */
const lateTenant = 'fern'

/** The database that tenants are copied from. In the end it becomes one of them itself, which spares a copy and a drop. */
export const templateDatabase = 'shop_template'

/** Makes every name a tenant of the sandbox; passwords come from the caller. */
export function describeTenants(makePassword: () => string): readonly SandboxTenant[] {
  const names = [...currentTenants, lateTenant]
  return names.map(name => ({
    name,
    database: name,
    appRole: `${name}_app`,
    appPassword: makePassword(),
    revision: name === lateTenant ? '0001' : '0002',
  }))
}

/** PUBLIC may enter every database by default: closed for what the tenants share. Statements for `postgres`. */
export function closeSharedDatabases(): readonly string[] {
  return ['postgres', 'template1'].map(name => `revoke connect, temporary on database ${name} from public`)
}

/** The statements, each by itself and in `postgres`, that make a tenant's login, and its database by copy or by renaming. */
export function createTenant(tenant: SandboxTenant, way: 'copy' | 'rename'): readonly string[] {
  const { database, appRole, appPassword } = tenant
  return [
    `create role ${appRole} login nosuperuser nocreatedb nocreaterole password ${quoteLiteral(appPassword)}`,
    way === 'copy'
      ? `create database ${database} template ${templateDatabase}`
      : `alter database ${templateDatabase} rename to ${database}`,
    // Grants on a database are not copied from its template.
    `revoke connect, temporary on database ${database} from public`,
    `grant connect, temporary on database ${database} to ${appRole}`,
  ]
}

/** What a tenant's login may do inside its database, also with tables that later revisions bring. */
export function grantTenant(tenant: SandboxTenant): string {
  const { name, appRole } = tenant
  return `
grant usage on schema public to ${appRole};
grant select, insert, update, delete on all tables in schema public to ${appRole};
grant usage on all sequences in schema public to ${appRole};
alter default privileges in schema public grant select, insert, update, delete on tables to ${appRole};
alter default privileges in schema public grant usage on sequences to ${appRole};
insert into company (id, name) values (1, ${quoteLiteral(`${name[0]?.toUpperCase()}${name.slice(1)} Trading`)});
`
}

/** The statement that stores a revision in Alembic's version table, made when it is not there. */
export function recordAlembicRevision(revision: string): string {
  return `
create table if not exists alembic_version (
  version_num character varying(32) not null,
  constraint alembic_version_pkc primary key (version_num)
);
delete from alembic_version;
insert into alembic_version (version_num) values (${quoteLiteral(revision)});
`
}
