/** A statement without parameters; its rows are handed back under its name. */
export interface InspectionStatement {
  readonly name: string
  readonly sql: string
  /** The rows of an earlier statement for which `sql` was made; with any others, `otherwise` is sent. */
  readonly given?: { readonly name: string; readonly rows: readonly unknown[] }
  readonly otherwise?: string
}

/** What a migrating transaction sees of its own result, just before it votes. */
export interface Inspection {
  /** Transaction id now; must be the one the transaction began with. */
  readonly xid: string | null
  /** Catalog fingerprint inside the transaction. */
  readonly fingerprint: string
  /** Indexes that are not valid, qualified. */
  readonly invalidIndexes: readonly string[]
  /** Constraints that are not validated, as `table.constraint`. */
  readonly unvalidatedConstraints: readonly string[]
  /** Rows that this transaction has inserted, updated and deleted so far. */
  readonly rowsWritten?: number
  /** Tables of which this transaction has updated or deleted rows so far, called as a plan calls them. */
  readonly rowsChanged?: readonly {
    readonly table: string
    readonly updated: number
    readonly deleted: number
  }[]
  /** Where each table is stored; only where it was asked for. */
  readonly files?: readonly TableFile[]
  /** Heads in the version table. */
  readonly heads: readonly string[]
}

/** Where a table is stored: it changes when the table is emptied by TRUNCATE or rewritten. */
export interface TableFile {
  /** Called as a plan calls it. */
  readonly table: string
  /** Stays while the table does. */
  readonly identity: string
  readonly file: string
}
