import type { Readable, Writable } from 'node:stream'
import type { ProgramResult } from '../../programs/run-program.ts'

/** Where the project and its interpreter are: this machine, or a container that holds them. */
export interface ExecutionHost {
  /** `null` for this machine; otherwise what people read, such as `service app`. */
  readonly place: string | null
  hasFile(path: string, signal: AbortSignal): Promise<boolean>
  /** Runs a short program without a shell; never throws. */
  run(
    program: string,
    args: readonly string[],
    options: { readonly folder: string; readonly timeoutMs: number },
    signal: AbortSignal,
  ): Promise<ProgramResult>
  /** Starts a program that is talked to; its streams are there at once. */
  start(program: string, args: readonly string[], options: { readonly folder: string }): RunnerProcess
}

/** A started program, wherever it runs. */
export interface RunnerProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** On this machine only. */
  readonly pid: number | undefined
  /** Resolves when it is gone, with why it could not be started when that is so; never rejects. */
  readonly ended: Promise<{ readonly problem: string | null }>
  kill(): void
}
