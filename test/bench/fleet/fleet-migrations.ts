/** The schema that every tenant of a measured fleet begins with: twelve tables that refer to each other, with rows. */
export function baselineSql(tables: number, rows: number): string {
  return `
create table account (id bigint generated always as identity primary key, name text not null, created timestamptz not null default now());
insert into account (name) select 'account ' || n from generate_series(1, ${rows}) n;
do $$ begin
  for number in 1..${tables - 1} loop
    execute format('create table item_%1$s (id bigint generated always as identity primary key,
      account_id bigint not null references account, name varchar(100) not null default ''nobody'',
      amount numeric(12, 2) check (amount >= 0), note text, created timestamptz not null default now())', number);
    execute format('create index on item_%s (account_id)', number);
    execute format('insert into item_%s (account_id, amount) select n, n from generate_series(1, ${rows}) n', number);
  end loop;
end $$;
create table alembic_version (version_num varchar(32) not null constraint alembic_version_pkc primary key);
insert into alembic_version values ('r0');
`
}

/** Six revisions as services have them; the first is where the tenants are, and the last the target. */
export const revisionFiles: Readonly<Record<string, string>> = {
  'r0_baseline.py': revision('r0', null, ['pass'], ['pass']),
  'r1_regions.py': revision(
    'r1',
    'r0',
    [
      "op.create_table('region', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.Text, nullable=False))",
      "op.add_column('account', sa.Column('region_id', sa.Integer, sa.ForeignKey('region.id', name='account_region')))",
      "op.create_index('account_region', 'account', ['region_id'])",
    ],
    [
      "op.drop_index('account_region', table_name='account')",
      "op.drop_column('account', 'region_id')",
      "op.drop_table('region')",
    ],
  ),
  'r2_states.py': revision(
    'r2',
    'r1',
    [
      "op.add_column('item_1', sa.Column('state', sa.String(16), nullable=False, server_default='open'))",
      'op.execute("update item_1 set state = \'paid\' where amount > 50")',
      "op.create_check_constraint('item_1_state', 'item_1', \"state in ('open', 'paid', 'sent')\")",
    ],
    ["op.drop_constraint('item_1_state', 'item_1')", "op.drop_column('item_1', 'state')"],
  ),
  'r3_lookup.py': revision(
    'r3',
    'r2',
    [
      "op.create_index('item_2_name', 'item_2', ['name'])",
      "op.create_index('item_3_created', 'item_3', ['created', 'amount'])",
      "op.alter_column('item_4', 'note', existing_type=sa.Text, server_default='')",
    ],
    [
      "op.alter_column('item_4', 'note', existing_type=sa.Text, server_default=None)",
      "op.drop_index('item_3_created', table_name='item_3')",
      "op.drop_index('item_2_name', table_name='item_2')",
    ],
  ),
  'r4_audit.py': revision(
    'r4',
    'r3',
    [
      "op.create_table('audit', sa.Column('id', sa.BigInteger, sa.Identity(), primary_key=True), sa.Column('account_id', sa.BigInteger, sa.ForeignKey('account.id'), nullable=False), sa.Column('what', sa.Text, nullable=False))",
      "op.create_index('audit_account', 'audit', ['account_id'])",
      'op.execute("create function touch() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note, \'\'); return new; end $$")',
      'op.execute("create trigger touched before update on item_5 for each row execute function touch()")',
    ],
    [
      'op.execute("drop trigger touched on item_5")',
      'op.execute("drop function touch()")',
      "op.drop_table('audit')",
    ],
  ),
  'r5_totals.py': revision(
    'r5',
    'r4',
    [
      "op.alter_column('item_6', 'name', existing_type=sa.String(100), type_=sa.String(200))",
      "op.create_unique_constraint('account_name', 'account', ['name'])",
      'op.execute("create view open_items as select id, account_id, amount from item_1 where state = \'open\'")',
    ],
    [
      'op.execute("drop view open_items")',
      "op.drop_constraint('account_name', 'account')",
      "op.alter_column('item_6', 'name', existing_type=sa.String(200), type_=sa.String(100))",
    ],
  ),
}

export const firstRevision = 'r0'
export const lastRevision = 'r5'
/** A table whose readers wait while a vote is held. */
export const touchedTable = 'account'

function revision(id: string, parent: string | null, up: readonly string[], down: readonly string[]): string {
  return `from alembic import op
import sqlalchemy as sa

revision = "${id}"
down_revision = ${parent === null ? 'None' : `"${parent}"`}
branch_labels = None
depends_on = None


def upgrade() -> None:
${up.map(line => `    ${line}\n`).join('')}

def downgrade() -> None:
${down.map(line => `    ${line}\n`).join('')}`
}
