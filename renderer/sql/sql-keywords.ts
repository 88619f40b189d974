/** Words that are shown as keywords; whether PostgreSQL would reserve them is of no interest to a reader. */
export const sqlKeywords: ReadonlySet<string> = new Set(
  `add after all alter always analyze and any array as asc begin between bigint bigserial boolean by bytea
   cascade case cast char check cluster collate column columns comment commit concurrently constraint constraints
   create cross current_date current_timestamp current_user cursor cycle data database date deallocate declare default
   deferrable deferred delete desc disable distinct do domain double drop each else enable end enum except exclude
   execute exists extension false fetch first following for force foreign from full function generated grant group
   having hash identity if ilike immediate immutable in include increment index inherits initially inner insert
   instead int integer intersect interval into is isolation join json jsonb key language last lateral left level like
   limit local lock logged match materialized maxvalue merge minvalue mode move name natural next no not nothing
   notify nowait null nulls numeric of offset on only operator option or order outer over overriding owned owner
   partition partitioned policy precision prepare prepared primary privileges procedure public publication range
   read real recursive references refresh reindex release rename replace replica reset restart restrict returning
   returns revoke right role rollback row rows rule savepoint schema security select sequence serial serializable
   session set setof show skip smallint stable start statement statistics storage strict subscription table
   tablespace temp temporary text then time timestamp timestamptz to transaction trigger true truncate type unique
   unlogged until update user using uuid vacuum valid validate values varchar varying view volatile when where window
   with without work write zone`.split(/\s+/),
)
