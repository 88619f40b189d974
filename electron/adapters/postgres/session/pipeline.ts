import type { Client, Connection, Submittable } from 'pg'

/** A statement, and its values of the types that are told (0: the server infers): a text, or bytes in the server's own form. */
export interface PipelinedStatement {
  readonly text: string
  readonly types?: readonly number[]
  readonly values?: readonly (string | Uint8Array | null)[]
}

/** What the type definitions leave out of a connection. */
interface WireConnection {
  readonly stream: { cork?(): void; uncork?(): void }
  parse(query: { readonly name: string; readonly text: string; readonly types: readonly number[] }): void
  bind(config: { readonly values: readonly (string | Uint8Array | null)[] }): void
  execute(config: { readonly portal: string; readonly rows: number }): void
  close(config: { readonly type: 'P'; readonly name: string }): void
  sync(): void
  sendCopyFail(reason: string): void
}

/** Sends statements in one go, with one Sync behind them all: the server passes over what follows an error. */
export function sendPipeline(
  client: Client,
  statements: readonly PipelinedStatement[],
  onDone: (rowCount: number | null) => void,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const pipeline: Submittable & Record<string, unknown> = {
      submit(connection: Connection) {
        submitAll(connection as unknown as WireConnection, statements)
      },
      // Nobody asked for the rows.
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleCommandComplete: (message: { readonly text: string }) => onDone(readRowCount(message.text)),
      handleEmptyQuery: () => onDone(null),
      handleCopyInResponse: (connection: unknown) =>
        (connection as WireConnection).sendCopyFail('there is nothing to copy'),
      handleCopyData: () => undefined,
      handlePortalSuspended: () => undefined,
      handleError: (error: unknown) => reject(error),
      handleReadyForQuery: () => resolve(),
    }
    client.query(pipeline)
  })
}

function submitAll(connection: WireConnection, statements: readonly PipelinedStatement[]): void {
  connection.stream.cork?.()
  try {
    for (const { text, types = [], values = [] } of statements) {
      connection.parse({ name: '', text, types })
      connection.bind({ values })
      connection.execute({ portal: '', rows: 0 })
      // A portal that stays open keeps its table in use, and the next statement could not alter it.
      connection.close({ type: 'P', name: '' })
    }
    connection.sync()
  } finally {
    connection.stream.uncork?.()
  }
}

/** The number at the end of a command tag, such as `INSERT 0 3`. */
function readRowCount(tag: string): number | null {
  const found = /\s(\d+)$/.exec(tag)
  return found ? Number(found[1]) : null
}
