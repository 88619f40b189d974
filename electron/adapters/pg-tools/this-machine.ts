import { startProgram } from '../../programs/start-program.ts'
import { listPgTools } from './find-pg-tool.ts'
import { toolEnvironment } from './run-tool.ts'
import type { ToolAddress, ToolPlace, ToolProcess } from './tool-place.ts'

/** The programs of this machine, with whatever way it has to the server. */
export function localTools(
  withAddress: <T>(use: (address: ToolAddress) => Promise<T>) => Promise<T>,
): ToolPlace {
  return {
    where: 'on this machine',
    async find(name, _serverMajor, signal) {
      const found = await listPgTools(name, signal)
      return found.map(tool => ({
        ...tool,
        start: (args, environment) => startHere(tool.path, args, environment),
      }))
    },
    withAddress,
  }
}

function startHere(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ToolProcess {
  const child = startProgram(
    { area: 'pg-tools', program: path, args },
    { stdio: ['pipe', 'pipe', 'pipe'], env: toolEnvironment(environment) },
  )
  const { stdin, stdout, stderr } = child
  // A program that has ended takes no input any more: its own words say why.
  stdin.on('error', () => undefined)
  const ended = new Promise<{ readonly code: number | null; readonly problem: string | null }>(resolve => {
    child.once('error', error => resolve({ code: null, problem: error.message }))
    child.once('close', code => resolve({ code, problem: null }))
  })
  return {
    stdin,
    stdout,
    stderr,
    ended,
    async end() {
      child.kill('SIGKILL')
      // What is left in its outputs would hold back the end of them.
      stdout.destroy()
      stderr.destroy()
      await ended
    },
  }
}
