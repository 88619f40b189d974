import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { ForkOptions } from 'electron'
import { crossAsJson } from './json-only.ts'

const running = new Set<ChildProcess>()

/** A Node process that speaks over `process.parentPort`, as a utility process does. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super()
    this.#child = fork(modulePath, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      execArgv: ['--require', join(import.meta.dirname, 'parent-port.cjs')],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    running.add(this.#child)
    this.#child.once('spawn', () => this.emit('spawn'))
    this.#child.on('message', message => this.emit('message', message))
    this.#child.once('exit', (code, signal) => {
      running.delete(this.#child)
      this.emit('exit', code ?? (signal === null ? 0 : 1))
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  postMessage(message: unknown): void {
    const crossed = crossAsJson(message)
    if (this.#child.connected) this.#child.send(crossed as object)
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM')
  }
}

/** Electron's `utilityProcess`. */
export const utilityProcess = {
  fork(modulePath: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess {
    return new UtilityProcess(modulePath, args, options)
  },
}

/** No utility process outlives the application. */
export function endUtilityProcesses(): void {
  for (const child of running) child.kill('SIGKILL')
}
