import { z } from 'zod'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { askJson, CallError, type DaemonLine, type Question, toDockerFailure } from './call.ts'
import { type ContainerJson, containerJson } from './container-json.ts'
import { describeContainer, readVariables } from './describe-container.ts'

/** sshd drops connections when more than ten knock at once. */
const parallelQuestions = 8

const listJson = z.array(z.object({ Id: z.string() }))

/** Lists containers of every state, by name; one that goes away meanwhile is left out. */
export async function listContainers(
  line: DaemonLine,
  filter: { readonly project?: string },
  signal: AbortSignal,
): Promise<readonly ContainerFacts[]> {
  const question = { call: 'list containers', path: '/containers/json', query: listQuery(filter) }
  const listed = await askFor(line, question, listJson, signal)
  const found = await mapConcurrently(listed, parallelQuestions, async ({ Id: id }) => {
    try {
      return describeContainer(await askFor(line, inspection(id), containerJson, signal))
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  })
  return found
    .filter(container => container !== null)
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
}

/** Describes one container. */
export async function inspectContainer(
  line: DaemonLine,
  id: string,
  signal: AbortSignal,
): Promise<ContainerFacts> {
  return describeContainer(await inspect(line, id, signal))
}

/** Reads the variables that a container was started with; secrets may be among them. */
export async function readEnvironment(
  line: DaemonLine,
  id: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  return readVariables((await inspect(line, id, signal)).Config.Env)
}

function inspect(line: DaemonLine, id: string, signal: AbortSignal): Promise<ContainerJson> {
  return askFor(line, inspection(id), containerJson, signal)
}

function inspection(id: string): Question {
  return { call: 'inspect a container', path: `/containers/${encodeURIComponent(id)}/json` }
}

function listQuery(filter: { readonly project?: string }): Record<string, string | boolean> {
  if (filter.project === undefined) return { all: true }
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${filter.project}`] })
  return { all: true, filters }
}

async function askFor<Shape extends z.ZodType>(
  line: DaemonLine,
  question: Question,
  shape: Shape,
  signal: AbortSignal,
): Promise<z.infer<Shape>> {
  try {
    const parsed = shape.safeParse(await askJson(line, question, signal))
    if (parsed.success) return parsed.data
    const where = parsed.error.issues[0]?.path.join('.') || 'its whole'
    throw new CallError('failed', null, `the answer is not what the Docker API promises: ${where}`)
  } catch (error) {
    throw toDockerFailure(line, question, error)
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof CallError && error.cause.status === 404
}
