import { spawn } from 'node:child_process'

/** How a command is run: where, with what environment, and for how long at most. */
export interface CommandOptions {
  readonly folder?: string
  readonly environment?: NodeJS.ProcessEnv
  readonly seconds?: number
}

/** Runs a command to its end and gives what it printed; fails with its own words. */
export function runCommand(
  command: string,
  args: readonly string[],
  { folder, environment, seconds = 120 }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(folder === undefined ? {} : { cwd: folder }),
      env: environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    child.once('error', error => reject(new Error(`${command} cannot be run: ${error.message}`)))
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(stdout)
      const ending = signal === null ? `exit ${code}` : `${signal} after ${seconds} s at most`
      reject(
        new Error(`${command} ${args.join(' ').slice(0, 200)} (${ending}): ${lastLines(stderr || stdout)}`),
      )
    })
  })
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n')
}
