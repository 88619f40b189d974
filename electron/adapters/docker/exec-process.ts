import { type Duplex, PassThrough, Writable } from 'node:stream'
import type Dockerode from 'dockerode'
import { createDemultiplexer, type OutputChannel } from './demultiplex.ts'
import { describeEngineRefusal, describeExecError, isEngineRefusal } from './describe-exec-problem.ts'
import type { ContainerProcess, ProcessOptions } from './docker.ts'
import { readExitCode, type StartedExec, startExec } from './start-exec.ts'

type Ending = Awaited<ContainerProcess['ended']>

/** Starts a program in a container; its streams are there at once and pass back-pressure on. */
export function startContainerProcess(
  engine: Dockerode,
  containerId: string,
  command: readonly string[],
  options: ProcessOptions,
): ContainerProcess {
  const stop = new AbortController()
  const program = command[0] ?? ''
  const outputs = { stdout: new PassThrough(), stderr: new PassThrough() }
  const started = startExec(engine, containerId, command, options, stop.signal)
  const stdin = forwardInput(started)
  // What a program leaves unread is no reason for this process to end.
  for (const stream of [stdin, outputs.stdout, outputs.stderr]) stream.on('error', () => undefined)

  async function follow(): Promise<Ending> {
    try {
      const { exec, socket } = await started
      stop.signal.addEventListener('abort', () => socket.destroy(), { once: true })
      if (stop.signal.aborted) socket.destroy()
      const refusal = await relayOutputs(socket, outputs)
      socket.destroy()
      if (refusal !== null) return { code: null, problem: describeEngineRefusal(refusal, program).message }
      endStreams()
      if (stop.signal.aborted) return { code: null, problem: null }
      const code = await readExitCode(exec)
      return { code, problem: code === null ? 'the connection to the program was lost' : null }
    } catch (error) {
      if (stop.signal.aborted) return { code: null, problem: null }
      return { code: null, problem: describeExecError(error, program).message }
    } finally {
      endStreams()
    }
  }

  function endStreams(): void {
    stdin.destroy()
    outputs.stdout.end()
    outputs.stderr.end()
  }

  return {
    stdin,
    ...outputs,
    ended: follow(),
    kill() {
      stop.abort(new Error('the program was given up'))
      stdin.destroy()
      outputs.stdout.destroy()
      outputs.stderr.destroy()
    },
  }
}

function forwardInput(started: Promise<StartedExec>): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      started.then(({ socket }) => socket.write(chunk, done), done)
    },
    final(done) {
      started.then(({ socket }) => socket.end(() => done()), done)
    },
  })
}

/** Hands the outputs on until they end; what the engine wrote in their place is the answer, if it did. */
function relayOutputs(
  socket: Duplex,
  outputs: Readonly<Record<OutputChannel, PassThrough>>,
): Promise<string | null> {
  const full = new Set<PassThrough>()
  let isFirst = true
  let refusal: string | null = null
  const demultiplex = createDemultiplexer((channel, bytes) => {
    if (isFirst && isEngineRefusal(bytes)) refusal = ''
    isFirst = false
    if (refusal !== null) {
      refusal += bytes.toString()
      return
    }
    const output = outputs[channel]
    if (output.destroyed || output.write(bytes) || full.has(output)) return
    full.add(output)
    socket.pause()
    const proceed = (): void => {
      output.off('drain', proceed).off('close', proceed)
      full.delete(output)
      if (full.size === 0) socket.resume()
    }
    output.on('drain', proceed).on('close', proceed)
  })
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      try {
        demultiplex(chunk)
      } catch (error) {
        socket.destroy()
        reject(error)
      }
    })
    socket.once('end', () => resolve(refusal))
    socket.once('close', () => resolve(refusal))
  })
}
