/** The first OID of an object that a person made; those below are initdb's. */
export const firstOwnOid = 16_384

/**
 * A select of items, and when it can find any.
 *
 * Planning a statement over all catalogs takes longer than reading the schema of a small tenant, and most tenants have
 * neither operators nor publications: whoever can ask first leaves such parts out. The items are the same either way.
 */
export interface FingerprintPart {
  readonly select: string
  /** SQL that is true where there may be items, quick to answer; null for what nearly every schema has. */
  readonly when: string | null
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
export function hideSecrets(options: string): string {
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
