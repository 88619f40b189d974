import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a fake daemon does with a path; a path that is not named gets 404. */
export type FakeAnswers = Readonly<Record<string, FakeAnswer>>

/** Data is answered as JSON; a function answers by itself, or never does. */
export type FakeAnswer = object | ((response: ServerResponse, request: IncomingMessage) => void)

/** A Docker API for faults that an engine cannot be made to show. */
export interface FakeDocker {
  readonly host: string
  /** Path and query of every question, in order. */
  readonly questions: readonly string[]
  /** How many connections are open. */
  connections(): number
  close(): Promise<void>
}

/** What an engine says of itself when nothing is wrong. */
export const healthyAnswers: FakeAnswers = {
  '/version': { Version: '20.10.24', ApiVersion: '1.41', Components: [{ Name: 'Engine' }] },
  '/info': { SecurityOptions: ['name=seccomp,profile=default'] },
  '/_ping': {},
}

/** Listens on a socket of its own. */
export async function startFakeDocker(answers: FakeAnswers): Promise<FakeDocker> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-fake-docker-'))
  const path = join(folder, 'docker.sock')
  const questions: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const question = request.url ?? ''
    questions.push(question)
    const answer = answers[question.split('?')[0] ?? '']
    if (typeof answer === 'function') answer(response, request)
    else sendJson(response, answer ? 200 : 404, answer ?? { message: 'page not found' })
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  return {
    host: `unix://${path}`,
    questions,
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Answers with a status and JSON. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
