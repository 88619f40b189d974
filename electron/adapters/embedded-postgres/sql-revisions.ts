import { readExample } from './read-example.ts'

/** One revision of the shop, as SQL. */
export interface SqlRevision {
  readonly revision: string
  readonly name: string
  readonly up: string
  readonly down: string
  /** Rows that the shop has from this revision on. */
  readonly rows: string
}

/** The shop's revisions in order: tenants hold the first two, and the third is what the demo migrates to. */
export function readSqlRevisions(): readonly SqlRevision[] {
  const files = readExample('shop-sql')
  return [...files].flatMap(([path, up]): SqlRevision[] => {
    const [, revision, name] = /^migrations\/(\d+)_(\w+)\.up\.sql$/.exec(path) ?? []
    if (revision === undefined || name === undefined) return []
    const down = files.get(`migrations/${revision}_${name}.down.sql`) ?? ''
    return [{ revision, name, up, down, rows: files.get(`rows/${revision}_${name}.sql`) ?? '' }]
  })
}
