import type { Readable, Writable } from 'node:stream'

/** Where programs of PostgreSQL's can be run: the container of a server, or this machine. */
export interface ToolPlace {
  /** As it ends a sentence, such as `on this machine`. */
  readonly where: string
  /** Every version of a program there; throws where that cannot be found out. */
  find(name: string, serverMajor: number, signal: AbortSignal): Promise<readonly PgTool[]>
  /** Lends the server's address as a program there reaches it. */
  withAddress<T>(use: (address: ToolAddress) => Promise<T>): Promise<T>
}

/** A program of PostgreSQL's. */
export interface PgTool {
  readonly path: string
  /** Such as 18. */
  readonly major: number
  /** Starts it without a shell. Secrets go through the environment only. */
  start(args: readonly string[], environment: Readonly<Record<string, string>>): ToolProcess
}

/** A server, as libpq is told of it. */
export interface ToolAddress {
  readonly host: string
  readonly port: number
  readonly tls: 'disable' | 'prefer' | 'require' | 'verify-full'
}

/** A program at work. */
export interface ToolProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Never rejects; `code` is null when the program could not be started or was ended, and `problem` may say why. */
  readonly ended: Promise<{ readonly code: number | null; readonly problem: string | null }>
  /** Ends it and waits until it is gone; nothing happens where it has ended. */
  end(): Promise<void>
}
