import {
  type ChildProcess,
  type ChildProcessByStdio,
  type ChildProcessWithoutNullStreams,
  type SpawnOptions,
  type SpawnOptionsWithStdioTuple,
  type StdioNull,
  type StdioPipe,
  spawn,
} from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { DebugArea } from '../output/debug-log.ts'
import { debugProcess } from './debug-process.ts'

export type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process'

/** A program, what it is given, and the area of the debug log that tells of it. */
export interface Command {
  readonly area: DebugArea
  readonly program: string
  readonly args: readonly string[]
  /** How the debug log calls it, where its arguments are no use there. */
  readonly shownAs?: string
}

/** Starts a program: never by a shell, never with a window of its own, and the debug log tells of its start and end. */
export function startProgram(
  command: Command,
  options: SpawnOptionsWithStdioTuple<StdioPipe, StdioPipe, StdioPipe>,
): ChildProcessWithoutNullStreams
export function startProgram(
  command: Command,
  options: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe>,
): ChildProcessByStdio<null, Readable, Readable>
export function startProgram(
  command: Command,
  options: SpawnOptionsWithStdioTuple<StdioPipe, StdioNull, StdioNull>,
): ChildProcessByStdio<Writable, null, null>
export function startProgram(command: Command, options: SpawnOptions): ChildProcess
export function startProgram({ area, program, args, shownAs }: Command, options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, { ...options, shell: false, windowsHide: true })
  if (shownAs === undefined) debugProcess(area, child, program, args)
  else debugProcess(area, child, shownAs, [])
  return child
}
