import type { Duplex, Readable, Writable } from 'node:stream'
import type { ContainerEvent, ContainerFacts, DaemonState } from '../../../shared/server/docker-container.ts'

/** What is asked of a Docker (or Podman) daemon. Every call has a deadline, and fails as `docker_failed` or `docker_unavailable`. */
export interface Docker {
  readonly daemon: Extract<DaemonState, { state: 'connected' }>
  /** Containers of every state; with `project`, those that Compose labelled so. Sorted by name. */
  listContainers(
    filter: { readonly project?: string },
    signal: AbortSignal,
  ): Promise<readonly ContainerFacts[]>
  inspectContainer(id: string, signal: AbortSignal): Promise<ContainerFacts>
  /** The container's environment as it was started. Secrets may be in it: it never leaves adapters and host. */
  readEnvironment(id: string, signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  /** Tells what happens to containers until the signal comes; reconnects by itself, and calls `onGap` when events may have been missed. */
  watchContainers(
    filter: { readonly project?: string },
    listener: { onEvent(event: ContainerEvent): void; onGap(): void },
    signal: AbortSignal,
  ): Promise<void>
  /** Runs a short program in a container and collects what it prints; never throws for the program's own failure. */
  runProgram(
    containerId: string,
    command: readonly string[],
    options: ContainerProgramOptions,
    signal: AbortSignal,
  ): Promise<ContainerProgramResult>
  /** Starts a program that is talked to; its streams are there at once, whatever the daemon says later. */
  startProcess(containerId: string, command: readonly string[], options: ProcessOptions): ContainerProcess
  /** A connection, not begun yet, to a port that is reachable inside a container; `connect` begins it. */
  openTunnel(containerId: string, port: number): TunnelStream
  /** Ends what is still open. */
  close(): Promise<void>
}

export interface ProcessOptions {
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly user?: string
}

export interface ContainerProgramOptions extends ProcessOptions {
  readonly timeoutMs: number
}

/** What a short program said; `code` is null when it could not be started or was stopped. */
export interface ContainerProgramResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program in a container. Closing its input is the only way to end it, so it must end when its input does. */
export interface ContainerProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when it ended or could not be started; never rejects. */
  readonly ended: Promise<{ readonly code: number | null; readonly problem: string | null }>
  /** Closes every stream at once. */
  kill(): void
}

/** A stream that looks like a socket to `pg`: host and port of `connect` are ignored. */
export interface TunnelStream extends Duplex {
  connect(port: number, host: string): this
  setNoDelay(noDelay?: boolean): this
  setKeepAlive(enable?: boolean, initialDelay?: number): this
  ref(): this
  unref(): this
}
