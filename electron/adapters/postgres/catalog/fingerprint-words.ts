/** The first OID of an object that a person made; those below are initdb's. */
export const firstOwnOid = 16_384

/**
 * A select of items, and when it can find any.
 *
 * Planning a statement over all catalogs takes longer than reading the schema of a small tenant, and most tenants have
 * neither operators nor publications: a reader that can ask first leaves such parts out. The items are the same either way.
 */
export interface FingerprintPart {
  readonly select: string
  /** SQL that is true where there may be items, quick to answer; null for what nearly every schema has. */
  readonly when: string | null
  /** Set where the select has three more columns: schema and name of the table that an item goes with, and its attributes as JSON. */
  readonly isDescribed?: true
}

/** A part whose items have attributes: what code decides by stands beside what people read. */
export function described(select: string, when: string | null = null): FingerprintPart {
  return { select, when, isDescribed: true }
}

/** A part that nearly every schema has. */
export function always(select: string): FingerprintPart {
  return { select, when: null }
}

/** A part that most schemas do not have: only where a person, or an extension, has made something in this catalog. */
export function rarely(catalog: string, select: string): FingerprintPart {
  return { select, when: hasOwn(catalog) }
}

/** SQL that is true when a catalog holds more than what initdb made. */
export function hasOwn(catalog: string): string {
  return `exists (select 1 from ${catalog} where oid >= ${firstOwnOid})`
}

/** SQL for the words of a text array, in an order that no collation has a say in. */
export function sortWords(words: string): string {
  return `(select string_agg(word, ',' order by word collate "C") from unnest(${words}) word)`
}

/** SQL for the options of something foreign: those that may hold a secret by their names alone. */
export function maskOptions(options: string): string {
  return `(select string_agg(case when split_part(word, '=', 1) ~* '(pass|secret|token|credential|key$)'
      then split_part(word, '=', 1) else word end, ',' order by word collate "C")
    from unnest(${options}) word)`
}

/** SQL that is true for an object that no extension brought: those come and go with their extension's version. */
export function isOwn(catalog: string, oid: string): string {
  return `not exists (select 1 from ext e where e.classid = '${catalog}'::regclass and e.objid = ${oid})`
}

/** SQL for a qualified name. */
export function qualify(schema: string, name: string): string {
  return `quote_ident(${schema})||'.'||quote_ident(${name})`
}

/** SQL for a function's name with its arguments; null for none. */
export function nameFunction(oid: string): string {
  return `nullif(${oid}::oid, 0)::regprocedure::text`
}

/** SQL that is true for a constraint that holds all that it should: one that is not enforced (18) is not meant to be validated, and older versions have no such column. */
export function isAsMeant(constraint: string): string {
  return `(${constraint}.convalidated or not coalesce((to_jsonb(${constraint})->>'conenforced')::boolean, true))`
}

/** SQL for the table that a relation, joined from `rel`, goes with. */
export function nameTable(relation: string): string {
  return `${relation}.nspname, ${relation}.home`
}

/** SQL for a name as the catalog has it. */
export function describeName(schema: string, name: string, part = 'null'): string {
  return `json_build_object('schema', ${schema}, 'name', ${name}, 'part', ${part})`
}

/** SQL for a type as code compares it: what its element is called in the catalog, whether it is an array of it, and how it is printed. */
export function describeType(type: string, modifier: string): string {
  return `(select ${describeElement('whole', modifier)} from pg_type whole ${joinElement('whole')} where whole.oid = ${type})`
}

/** The same where the type has been joined, with its element by `joinElement`. */
export function describeElement(whole: string, modifier: string): string {
  return `json_build_object('schema', own.nspname, 'name', element.typname, 'isArray', element.oid <> ${whole}.oid,
      'modifier', ${modifier}, 'sql', format_type(${whole}.oid, ${modifier}))`
}

/** SQL for the oid of an array's elements, or of a type that is none. */
export function elementOf(type: string): string {
  return `case when ${type}.typsubscript = 'array_subscript_handler'::regproc then ${type}.typelem else ${type}.oid end`
}

/** SQL that joins the element of an array, or a type itself. */
export function joinElement(whole: string): string {
  return `left join pg_type element on element.oid = ${elementOf(whole)}
left join pg_namespace own on own.oid = element.typnamespace`
}
