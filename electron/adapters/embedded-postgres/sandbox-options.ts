/** How a sandbox shall be; everything has a default that suits a demo. */
export interface SandboxOptions {
  /** `scram` asks for passwords; `trust` lets every local user in and is for tests only. Default `scram`. */
  readonly auth?: 'trust' | 'scram'
  readonly standbys?: 0 | 1 | 2
  /** 0 switches two-phase commit off, as PostgreSQL does by default. */
  readonly maxPreparedTransactions?: number
  readonly maxConnections?: number
  readonly fsync?: boolean
  /** Further server settings, on every server. */
  readonly settings?: Readonly<Record<string, string>>
  /** Keeps the folder with data and logs when the sandbox ends. */
  readonly keep?: boolean
  /** Told the folder before it is made, for a record of what may be left. */
  readonly note?: (folder: string) => Promise<void>
  /** The folder with `bin`, `lib` and `share`, when it is not the installed platform package. */
  readonly binariesFolder?: string
  /** Who sorts text. Default `builtin`, which sorts alike on every machine; PostgreSQL before 17 has only `libc`. */
  readonly collation?: 'builtin' | 'libc'
}
