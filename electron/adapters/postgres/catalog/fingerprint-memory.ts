import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { CatalogItem } from '../../../catalog/catalog-item.ts'
import type { PrintedItem } from '../../../catalog/printed-item.ts'
import { isCopyName } from '../../../naming/copy-name.ts'

/** A tenant's schema, on whichever server of its cluster. */
export type SchemaPlace = Pick<Tenant, 'cluster' | 'database' | 'schema' | 'appRole'>

/** Which of the rare kinds of objects a database has, as `selectPresence` answers. */
export type Presence = Readonly<Record<string, unknown>>

/** What a catalog was when it had a token. */
export interface KnownCatalog {
  readonly place: string
  readonly token: string
  readonly hash: string
}

/**
 * What catalogs have been read so far, by their tokens: a catalog whose token is known is not read again.
 *
 * Tenants of one class share one list of items.
 */
export interface FingerprintMemory {
  /** The hash of what was read when the place had this token; null where that is not known. */
  recall(place: SchemaPlace, token: string): string | null
  remember(place: SchemaPlace, token: string, hash: string): void
  keepPrinted(hash: string, items: readonly PrintedItem[]): void
  keepCatalog(hash: string, items: readonly CatalogItem[]): void
  printedOf(hash: string): readonly PrintedItem[] | null
  catalogOf(hash: string): readonly CatalogItem[] | null
  /** What was present when a tenant that began as this one does was last looked at; a guess, for the next one. */
  guessPresence(place: SchemaPlace): Presence | null
  notePresence(place: SchemaPlace, presence: Presence): void
  /** The newest of each place, for a later process; copies of our own are gone by then. */
  list(): readonly KnownCatalog[]
}

/** A schema is read before a migration, in it and after a rollback of it: so many tokens of one place are of use. */
const tokensOfPlace = 4
/** Classes whose items are kept; where nearly every tenant is a class of its own, they are read again. */
const keptClasses = 64

/** A memory of what was known before, and of what one process will read on these servers. */
export function createFingerprintMemory(before: readonly KnownCatalog[] = []): FingerprintMemory {
  const known = new Map<string, readonly (readonly [token: string, hash: string])[]>(
    before.map(({ place, token, hash }) => [place, [[token, hash]]]),
  )
  const printed = new Map<string, readonly PrintedItem[]>()
  const catalogs = new Map<string, readonly CatalogItem[]>()
  const presences = new Map<string, Presence>()
  const newestOf = (place: SchemaPlace): string => known.get(keyOf(place))?.[0]?.[1] ?? ''
  return {
    recall: (place, token) => known.get(keyOf(place))?.find(([one]) => one === token)?.[1] ?? null,
    remember(place, token, hash) {
      const others = (known.get(keyOf(place)) ?? []).filter(([one]) => one !== token)
      known.set(keyOf(place), [[token, hash] as const, ...others].slice(0, tokensOfPlace))
    },
    keepPrinted: (hash, items) => keep(printed, hash, items),
    keepCatalog: (hash, items) => keep(catalogs, hash, items),
    printedOf: hash => printed.get(hash) ?? catalogs.get(hash) ?? null,
    catalogOf: hash => catalogs.get(hash) ?? null,
    guessPresence: place => presences.get(newestOf(place)) ?? null,
    notePresence: (place, presence) => void presences.set(newestOf(place), presence),
    list: () =>
      [...known].flatMap(([place, [newest]]) =>
        newest && !isOfCopy(place) ? [{ place, token: newest[0], hash: newest[1] }] : [],
      ),
  }
}

function keep<Item>(classes: Map<string, readonly Item[]>, hash: string, items: readonly Item[]): void {
  if (classes.has(hash)) return
  classes.set(hash, items)
  const [oldest] = classes.keys()
  if (classes.size > keptClasses && oldest !== undefined) classes.delete(oldest)
}

function isOfCopy(place: string): boolean {
  const [, database] = JSON.parse(place) as readonly [string, string]
  return isCopyName(database)
}

function keyOf({ cluster, database, schema, appRole }: SchemaPlace): string {
  return JSON.stringify([cluster, database, schema ?? null, appRole])
}
