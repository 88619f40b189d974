import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'

/** Lists what is left of a sandbox or of anything else that lived in a folder: processes, listening ports, the folder itself. */
export async function findTraces(folder: string, ports: readonly number[] = []): Promise<readonly string[]> {
  const listening = await Promise.all(
    ports.map(async port => ((await isListening(port)) ? [`port ${port}`] : [])),
  )
  return [
    ...findProcesses(folder).map(process => `process ${process}`),
    ...listening.flat(),
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
  ]
}

/** Finds processes that work in a folder or name it on their command line. */
export function findProcesses(folder: string): readonly string[] {
  return readdirSync('/proc').flatMap(pid => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return []
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      const isInside = command.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
      return isInside ? [`${pid}: ${command.slice(0, 200)}`] : []
    } catch {
      // Ended meanwhile, or another user's.
      return []
    }
  })
}

function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
