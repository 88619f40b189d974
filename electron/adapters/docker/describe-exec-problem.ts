/** Why a program could not be started in a container. */
export interface ExecProblem {
  readonly code:
    | 'CONTAINER_MISSING'
    | 'CONTAINER_NOT_RUNNING'
    | 'PROGRAM_MISSING'
    | 'PROGRAM_REFUSED'
    | 'DOCKER_UNAVAILABLE'
  readonly message: string
}

/** Whether a program's first output is the engine's word that there is no program. */
export function isEngineRefusal(output: Buffer): boolean {
  return /^(OCI runtime exec failed|rpc error: code|crun: |runc: )/.test(output.toString('latin1', 0, 40))
}

/** Reads what the engine wrote in place of a program's output. */
export function describeEngineRefusal(text: string, program: string): ExecProblem {
  if (/executable file.*not found|no such file or directory.*executable|stat .*: no such file/i.test(text)) {
    return { code: 'PROGRAM_MISSING', message: `${program}: executable file not found in the container` }
  }
  return { code: 'PROGRAM_REFUSED', message: shorten(text) }
}

/** Reads an error of the calls that start a program. */
export function describeExecError(error: unknown, program: string): ExecProblem {
  const text = error instanceof Error ? error.message : String(error)
  const status = readStatus(error)
  if (status === null) return { code: 'DOCKER_UNAVAILABLE', message: shorten(text) }
  if (/OCI runtime exec failed|executable file/.test(text)) return describeEngineRefusal(text, program)
  if (status === 404) return { code: 'CONTAINER_MISSING', message: 'the container does not exist any more' }
  if (/paused/.test(text) && !/is not running/.test(text)) {
    return { code: 'CONTAINER_NOT_RUNNING', message: 'the container is paused' }
  }
  if (status === 409 || /not running/.test(text)) {
    return { code: 'CONTAINER_NOT_RUNNING', message: 'the container is not running' }
  }
  return { code: 'PROGRAM_REFUSED', message: shorten(text) }
}

function readStatus(error: unknown): number | null {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode
  }
  return null
}

function shorten(text: string): string {
  return text.trim().slice(0, 2048)
}
