import { join } from 'node:path'
import { utilityProcess } from 'electron'
import type { StartProcess } from '../host/processes/start-process.ts'

/** Starts parts as utility processes, from the folder of the build: a packaged application cannot fork a Node. */
export function startUtilityProcess(builtFolder: string): StartProcess {
  return (part, argument) => {
    const child = utilityProcess.fork(join(builtFolder, `${part}.js`), [argument], {
      serviceName: `lockstep ${part}`,
      stdio: 'inherit',
    })
    return {
      send: message => child.postMessage(message),
      onMessage: listener => void child.on('message', listener),
      onExit: listener => void child.once('exit', code => listener(`exit code ${code}`)),
      stop: () => void child.kill(),
    }
  }
}
