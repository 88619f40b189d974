/** Roles of the schema below; they belong to the server. */
export const roles = 'create role fp_reader; create role fp_owner; create role fp_writer'

/**
 * One object of every kind, in layers: each rests on those before it, and the statements of a layer may come in any order.
 * All names are qualified, so that it can be made under any search_path.
 */
export const layers: readonly (readonly string[])[] = [
  [
    'create schema app',
    'create schema extra',
    'create extension hstore with schema public',
    'create extension postgres_fdw with schema public',
    'create extension file_fdw with schema public',
  ],
  [
    `create type app.mood as enum ('good', 'bad')`,
    'create domain app.positive as integer constraint above_zero check (value > 0)',
    'create domain app.label as text collate "C"',
    'create type app.span as range (subtype = numeric)',
    'create type app.pair as (first integer, second text)',
    `create type app.token;
     create function app.token_in(cstring) returns app.token language internal immutable strict as 'textin';
     create function app.token_out(app.token) returns cstring language internal immutable strict as 'textout';
     create type app.token (input = app.token_in, output = app.token_out, like = pg_catalog.text)`,
    `create collation app.plain (provider = libc, locale = 'C')`,
    `create conversion app.to_latin for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1`,
    'create sequence app.counter as integer increment 2 maxvalue 1000',
    'create text search dictionary app.simple_words (template = pg_catalog.simple)',
    'create access method own_heap type table handler heap_tableam_handler',
    `create function app.own_handler() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
     create language own_sql handler app.own_handler`,
    `create foreign data wrapper own_wrapper options (debug 'true')`,
  ],
  [
    `create table app.customer (id integer generated always as identity primary key, name text not null default 'nobody',
       mood app.mood, weight app.positive, code varchar(10), secret text,
       doubled integer generated always as (id * 2) stored, born timestamptz default '2020-01-01 00:00:00+00')`,
    'create table app.orders (id bigint not null, customer_id integer, placed date not null) partition by range (placed)',
    'create table app.base (a integer, b integer constraint b_small check (b < 100))',
    'create unlogged table app.scratch (id integer, note text)',
    'create table app.typed of app.pair',
    'create table app."odd ""table""" ("a column" app.positive, note text)',
    `create function app.touch() returns trigger language plpgsql as 'begin return new; end'`,
    `create function app.add(a integer, b integer default 1) returns integer language sql immutable as 'select a + b'`,
    `create function app.audit() returns event_trigger language plpgsql as 'begin end'`,
    `create function app.to_token(app.pair) returns app.token language internal immutable strict as 'textin'`,
    `create function app.from_hstore(internal) returns internal language internal immutable strict as 'array_subscript_handler'`,
    'create text search configuration app.words (parser = pg_catalog."default")',
    `create server far foreign data wrapper postgres_fdw options (host 'far.example', dbname 'far')`,
    'create operator family app.backwards using btree',
  ],
  [
    `create table app.orders_2026 partition of app.orders for values from ('2026-01-01') to ('2027-01-01')`,
    'create table app.child (c integer) inherits (app.base)',
    `create procedure app.tidy() language sql as 'delete from app.scratch'`,
    'create index customer_name on app.customer (lower(name), mood) where mood is not null',
    'create unique index customer_code on app.customer (code)',
    'create index orders_customer on app.orders (customer_id)',
    'alter table app.orders add constraint orders_customer_fk foreign key (customer_id) references app.customer',
    'alter table app.customer add constraint not_empty check (length(name) > 0) not valid',
    'alter table app.scratch add constraint one_id unique (id) deferrable',
    `create view app.names as select name, mood from app.customer where mood = 'good'`,
    'create materialized view app.moods as select mood, count(*) as number from app.customer group by mood',
    'create trigger touched before update on app.customer for each row execute function app.touch()',
    'create trigger touched before update on app.orders for each row execute function app.touch()',
    'create rule quiet as on delete to app.scratch do instead nothing',
    'create policy own on app.customer for update to fp_reader using (name = current_user) with check (true)',
    "create event trigger watched on ddl_command_end when tag in ('CREATE TABLE') execute function app.audit()",
    'create statistics app.customer_stats (ndistinct, dependencies) on name, mood from app.customer',
    `create aggregate app.total(integer) (sfunc = pg_catalog.int4pl, stype = integer, initcond = '0')`,
    'create operator app.<+> (leftarg = integer, rightarg = integer, function = app.add)',
    `create operator class app.backward_ops for type integer using btree family app.backwards as
       operator 1 pg_catalog.>, operator 2 pg_catalog.>=, operator 3 pg_catalog.=, operator 4 pg_catalog.<=,
       operator 5 pg_catalog.<, function 1 pg_catalog.btint4cmp(integer, integer)`,
    'create cast (app.pair as app.token) with function app.to_token(app.pair)',
    'alter text search configuration app.words add mapping for asciiword, word with app.simple_words',
    `create foreign table app.remote (id integer options (column_name 'remote_id')) server far options (table_name 'there')`,
    `create user mapping for fp_reader server far options (user 'reader', password 'hush')`,
    'create publication changes for table app.customer, only app.base',
    `create subscription inbound connection 'dbname=nowhere' publication changes
       with (connect = false, enabled = false, create_slot = false, slot_name = none)`,
  ],
  [
    'grant select on app.customer to fp_reader, fp_writer',
    'grant update (name) on app.customer to fp_writer',
    'grant usage on schema app to fp_reader',
    'grant execute on function app.touch() to fp_reader',
    'grant usage on sequence app.counter to fp_writer',
    'alter table app.base owner to fp_owner',
    'alter table app.child add constraint child_customer foreign key (a) references app.customer not valid',
    'alter default privileges in schema app grant select on tables to fp_reader',
    `comment on table app.customer is 'who buys'`,
    `comment on column app.customer.name is 'what we call them'`,
    `comment on function app.touch() is 'does nothing'`,
    `comment on constraint not_empty on app.customer is 'a name has letters'`,
    `comment on schema extra is 'for more'`,
    'alter table app.customer enable row level security',
  ],
]
