import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Refusal } from './check-request.ts'

/** The refusal of a method. */
export const methodRefused: Refusal = { status: 405, reason: 'This cannot be done with that method.' }

/** Sends a refusal as plain text. */
export function sendRefusal(
  response: ServerResponse,
  { status, reason }: Refusal,
  headers: OutgoingHttpHeaders = {},
): void {
  // A body that is not read would hold the connection.
  if (!response.req.complete) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
  response.end(`${reason}\n`)
}
