import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { debugProcess } from '../../programs/debug-process.ts'
import type { StartProcess } from './start-process.ts'

/** Starts parts as processes of Node, from the folder of the build; `onFork` sees each process. */
export function forkProcess(
  builtFolder: string,
  environment: NodeJS.ProcessEnv = process.env,
  onFork: (part: 'engine' | 'sandbox', child: ChildProcess) => void = () => undefined,
): StartProcess {
  return (part, argument) => {
    const program = join(builtFolder, `${part}.js`)
    const child = fork(program, [argument], {
      // Flags of the parent, such as a debugger's port, are not for the parts.
      execArgv: [],
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    debugProcess('processes', child, program, [])
    onFork(part, child)
    const listeners = new Set<(how: string) => void>()
    let ended: string | null = null
    const end = (how: string): void => {
      if (ended !== null) return
      ended = how
      for (const listener of listeners) listener(how)
    }
    child.once('error', error => end(error.message))
    child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`))
    return {
      // A part that is just going is told to be gone by its exit.
      send: message => void child.send(message as never, () => undefined),
      onMessage: listener => void child.on('message', listener),
      onExit: listener => {
        if (ended === null) listeners.add(listener)
        else listener(ended)
      },
      stop: () => void child.kill('SIGTERM'),
    }
  }
}
