import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { describeAbort } from '../../lib/throw-if-aborted.ts'
import type { PgTool, ToolAddress, ToolPlace } from './tool-place.ts'

/** Which program is wanted, and of the places where it may be, the best first. */
export interface ToolChoice {
  readonly name: 'pg_dump' | 'pg_restore'
  readonly places: readonly ToolPlace[]
  /** Such as 18: an older program refuses the server. */
  readonly serverMajor: number
}

/** The program that would be taken, or why there is none. */
export type FoundProgram =
  | { readonly isFound: true; readonly tool: PgTool; readonly where: string }
  | { readonly isFound: false; readonly tried: string }

/** Looks where a program would come from; nothing is started but to ask its version. */
export async function findProgram(choice: ToolChoice, signal: AbortSignal): Promise<FoundProgram> {
  const tried: string[] = []
  for (const place of choice.places) {
    const tool = await lookAt(place, choice, signal)
    if (typeof tool !== 'string') return { isFound: true, tool, where: place.where }
    tried.push(tool)
  }
  return { isFound: false, tried: tried.join('; ') }
}

/** Lends the first program that serves. One that could not even begin gives way to the next; throws with everything that was tried. */
export async function withTool<T>(
  choice: ToolChoice,
  use: (tool: PgTool, address: ToolAddress) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const tried: string[] = []
  for (const place of choice.places) {
    const tool = await lookAt(place, choice, signal)
    if (typeof tool === 'string') {
      tried.push(tool)
      continue
    }
    try {
      return await place.withAddress(address => use(tool, address))
    } catch (error) {
      if (signal.aborted) throw new LockstepError(describeAbort(signal))
      const problem = nameProblem(error)
      tried.push(`${choice.name} ${place.where}: ${problem}`)
      if (!couldNotBegin.test(problem)) break
    }
  }
  throw new LockstepError({ kind: 'usage', problem: tried.join('; '), fix: '' })
}

/** What is said where nothing was read or written yet: no way to the server, or a file that a newer program wrote. */
const couldNotBegin =
  /connection to server (at|on)|could not connect to server|could not translate host|unsupported version/

/** The oldest program of a place that is as new as the server: what a newer one writes may be beyond the server. */
async function lookAt(
  place: ToolPlace,
  { name, serverMajor }: ToolChoice,
  signal: AbortSignal,
): Promise<PgTool | string> {
  if (signal.aborted) throw new LockstepError(describeAbort(signal))
  try {
    const tools = await place.find(name, serverMajor, signal)
    const [fitting] = tools.filter(tool => tool.major >= serverMajor).sort((a, b) => a.major - b.major)
    if (fitting) return fitting
    const newest = Math.max(0, ...tools.map(tool => tool.major))
    return newest === 0
      ? `there is no ${name} ${place.where}; version ${serverMajor} or newer is needed`
      : `${name} ${place.where} is version ${newest}, and the server needs ${serverMajor} or newer`
  } catch (error) {
    if (signal.aborted) throw new LockstepError(describeAbort(signal))
    return `cannot look for ${name} ${place.where}: ${nameProblem(error)}`
  }
}

function nameProblem(error: unknown): string {
  if (!(error instanceof LockstepError)) return error instanceof Error ? error.message : String(error)
  const { what, why } = describeFailure(toFailure(error))
  return [what, why].flatMap(text => text.replace(/\.$/, '') || []).join(': ')
}
