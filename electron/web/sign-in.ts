import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { sessionKeyHeader } from '../../shared/api/web-session.ts'
import { methodRefused, sendRefusal } from './send-refusal.ts'
import type { WebSessions } from './sessions.ts'

/** Answers POST (a token for a session) and GET (is there a session?). */
export type AnswerSignIn = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const longestBody = 4096
/** A wrong token is answered late, and only a few at a time; a right one is never held up by them. */
const wrongTokenDelayMs = 300
const mostWaiting = 8

/** Makes the sign-in of one server. Tokens are never written anywhere. */
export function createSignIn(sessions: WebSessions): AnswerSignIn {
  let waiting = 0
  const refuseToken = async (response: ServerResponse): Promise<void> => {
    if (waiting >= mostWaiting) {
      return sendRefusal(
        response,
        { status: 429, reason: 'Too many wrong addresses: wait a second.' },
        { 'retry-after': '1' },
      )
    }
    waiting += 1
    await delay(wrongTokenDelayMs)
    waiting -= 1
    sendRefusal(response, {
      status: 401,
      reason: 'This address was used already, or replaced by a newer one.',
    })
  }
  return async (request, response) => {
    if (request.method === 'GET') {
      const isOpen = sessions.isOpen(request.headers, String(request.headers[sessionKeyHeader] ?? ''))
      if (!isOpen) return sendRefusal(response, { status: 401, reason: 'There is no session.' })
      response.writeHead(204).end()
      return
    }
    if (request.method !== 'POST') return sendRefusal(response, methodRefused, { allow: 'GET, POST' })
    if (request.headers['content-type']?.split(';', 1)[0]?.trim() !== 'application/json') {
      return sendRefusal(response, { status: 415, reason: 'Only JSON is taken.' })
    }
    const body = await readBody(request)
    if (body === null) return sendRefusal(response, { status: 413, reason: 'This is too long for a token.' })
    const token = readToken(body)
    if (token === null) return sendRefusal(response, { status: 400, reason: 'A token is missing.' })
    const opened = sessions.open(token)
    if (opened === null) return refuseToken(response)
    response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': opened.setCookie })
    response.end(JSON.stringify({ key: opened.key }))
  }
}

/** The body as text, or null when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) return null
  const parts: Buffer[] = []
  let length = 0
  // Left open, so that the refusal can still be sent over the same connection.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(part)
    length += bytes.length
    if (length > longestBody) return null
    parts.push(bytes)
  }
  return Buffer.concat(parts).toString('utf8')
}

function readToken(body: string): string | null {
  try {
    const given: unknown = JSON.parse(body)
    if (typeof given !== 'object' || given === null || !('token' in given)) return null
    return typeof given.token === 'string' ? given.token : null
  } catch {
    return null
  }
}
