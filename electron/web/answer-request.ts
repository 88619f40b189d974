import type { IncomingMessage, ServerResponse } from 'node:http'
import { sessionPath } from '../../shared/api/web-session.ts'
import { debug, sinceThen } from '../output/debug-log.ts'
import { isOwnHost, refuseForeign } from './check-request.ts'
import type { WebFile } from './load-files.ts'
import { securityHeaders } from './security-headers.ts'
import { methodRefused, sendRefusal } from './send-refusal.ts'
import type { AnswerSignIn } from './sign-in.ts'

/** What the plain HTTP side of the server needs. */
export interface WebSite {
  readonly port: number
  readonly files: ReadonlyMap<string, WebFile>
  readonly answerSignIn: AnswerSignIn
}

/** Answers with a file, with a session, or with why not. */
export async function answerRequest(
  site: WebSite,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now()
  const path = request.url?.split('?', 1)[0] ?? ''
  response.once('close', () =>
    debug('web', () => `${request.method} ${path}: ${response.statusCode}, ${sinceThen(startedAt)}`),
  )
  const { host } = request.headers
  const headers = securityHeaders(isOwnHost(host, site.port) ? host : null)
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value)
  const refusal = refuseForeign(request, site.port, false)
  if (refusal !== null) return sendRefusal(response, refusal)
  if (path === sessionPath) return site.answerSignIn(request, response)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendRefusal(response, methodRefused, { allow: 'GET, HEAD' })
  }
  const file = site.files.get(path)
  if (file === undefined) return sendRefusal(response, { status: 404, reason: 'There is no such file.' })
  sendFile(response, file)
}

function sendFile(response: ServerResponse, { body, contentType, isImmutable }: WebFile): void {
  if (isImmutable) response.setHeader('cache-control', 'private, max-age=31536000, immutable')
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.length })
  // Node leaves the body of an answer to HEAD out.
  response.end(body)
}
