import { setTimeout as delay } from 'node:timers/promises'
import { readMajor } from '../../adapters/pg-tools/find-pg-tool.ts'
import type { PgTool, ToolPlace, ToolProcess } from '../../adapters/pg-tools/tool-place.ts'
import type { ServerService } from '../docker/server-container.ts'

/** Ends the sessions that bear a name, on the server of the container. */
export type EndSessions = (applicationName: string) => Promise<void>

const askMs = 10_000
const endMs = 15_000
const againMs = 100

/** The programs in the container of a server: they have its version, and no other way to it is needed. */
export function containerTools(
  { service, port, locate }: ServerService,
  endSessions: EndSessions,
): ToolPlace {
  return {
    where: `in the container of service ${service}`,
    async find(name, serverMajor, signal) {
      const { docker, containerId } = await locate(signal)
      for (const path of pathsOf(name, serverMajor)) {
        const answer = await docker.runProgram(containerId, [path, '--version'], { timeoutMs: askMs }, signal)
        const major = answer.code === 0 ? readMajor(answer.stdout) : null
        if (major === null) continue
        const start: PgTool['start'] = (args, environment) => {
          const options = { environment: { LC_ALL: 'C', ...environment } }
          const child = docker.startProcess(containerId, [path, ...args], options)
          const name = environment.PGAPPNAME ?? ''
          return { ...child, end: endOnce(child, () => endSessions(name)) }
        }
        return [{ path, major, start }]
      }
      return []
    },
    // Nothing can listen between the two; a server that lets in TLS only gets it.
    withAddress: use => use({ host: '127.0.0.1,/var/run/postgresql', port, tls: 'prefer' }),
  }
}

/** Images name the folder of their server in PATH; not every one does. */
function pathsOf(name: string, serverMajor: number): readonly string[] {
  return [name, `/usr/lib/postgresql/${serverMajor}/bin/${name}`, `/usr/pgsql-${serverMajor}/bin/${name}`]
}

type Running = Pick<ToolProcess, 'stdin' | 'stdout' | 'ended'> & { kill(): void }

/**
 * An engine cannot end a program that it started in a container, and images have neither `kill` nor a shell for certain.
 * So the program loses what it lives on: its session on the server, its input, and the reader of its output.
 */
function endOnce(child: Running, endSession: () => Promise<void>): () => Promise<void> {
  let hasEnded = false
  let isOutOfSight = false
  const ended = child.ended.then(({ code }) => {
    hasEnded = code !== null
    isOutOfSight = true
  })
  let ending: Promise<void> | null = null
  const end = async (): Promise<void> => {
    if (hasEnded) return
    child.stdin.end()
    // What is not read is thrown away from here on, or the program would wait to write and never notice.
    child.stdout.destroy()
    const until = Date.now() + endMs
    // It may not have come to its session yet.
    do {
      await endSession().catch(() => undefined)
      await Promise.race([ended, delay(againMs)])
    } while (!isOutOfSight && Date.now() < until)
    child.kill()
  }
  return () => {
    ending ??= end()
    return ending
  }
}
