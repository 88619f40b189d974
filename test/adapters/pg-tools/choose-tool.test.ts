import { expect, test } from 'vitest'
import { findProgram, withTool } from '../../../electron/adapters/pg-tools/choose-tool.ts'
import type { PgTool, ToolPlace } from '../../../electron/adapters/pg-tools/tool-place.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'

const never = new AbortController().signal

/** A place that has programs of these versions, or where looking fails. */
function placeOf(where: string, majors: readonly number[] | Error): ToolPlace {
  return {
    where,
    async find(name) {
      if (majors instanceof Error) throw majors
      return majors.map(major => ({ path: `/opt/${major}/${name}`, major, start: neverStarted }))
    },
    withAddress: use => use({ host: where, port: 5432, tls: 'disable' }),
  }
}

const neverStarted: PgTool['start'] = () => {
  throw new Error('nothing is started here')
}

const container = (majors: readonly number[] | Error): ToolPlace =>
  placeOf('in the container of service db', majors)
const machine = (majors: readonly number[]): ToolPlace => placeOf('on this machine', majors)

function choiceOf(serverMajor: number, ...places: readonly ToolPlace[]) {
  return { name: 'pg_dump', places, serverMajor } as const
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  )
  if (!(error instanceof LockstepError) || error.failure.kind !== 'usage') throw error
  return error.failure.problem
}

test.each([
  ['the first place that has one', [15], [15, 17], 'in the container of service db', 15],
  ['the next place where the first has none', [], [17], 'on this machine', 17],
  ['the next place where the first is too old', [14], [17], 'on this machine', 17],
  ['the oldest that is as new as the server', [], [18, 13, 16, 17], 'on this machine', 16],
] as const)('takes %s', async (_, inside, here, where, major) => {
  const choice = choiceOf(15, container(inside), machine(here))
  expect(await findProgram(choice, never)).toMatchObject({ isFound: true, where, tool: { major } })
  const used = await withTool(choice, async (tool, { host }) => [tool.major, host], never)
  expect(used).toEqual([major, where])
})

test('goes on where a container cannot be asked, and names it when nothing else serves', async () => {
  const gone = new LockstepError({ kind: 'container_not_running', service: 'db', state: 'exited' })
  const choice = choiceOf(15, container(gone), machine([14]))
  expect(await problemOf(withTool(choice, async () => 'used', never))).toBe(
    'cannot look for pg_dump in the container of service db: Service db is not running: Its container is exited; pg_dump on this machine is version 14, and the server needs 15 or newer',
  )
  expect(await findProgram(choiceOf(15, container(gone), machine([16])), never)).toMatchObject({
    isFound: true,
    where: 'on this machine',
  })
})

test('says of every place that it has none', async () => {
  expect(await findProgram(choiceOf(18, container([]), machine([])), never)).toEqual({
    isFound: false,
    tried:
      'there is no pg_dump in the container of service db; version 18 or newer is needed; there is no pg_dump on this machine; version 18 or newer is needed',
  })
})

test('lets the next place try where a program could not begin, and nobody where it failed at its work', async () => {
  const choice = choiceOf(15, container([15]), machine([15]))
  const failing =
    (words: string) =>
    async (_: PgTool, { host }: { readonly host: string }) => {
      if (host === 'on this machine') return 'done here'
      throw new Error(words)
    }
  const refused = 'connection to server at "127.0.0.1", port 5432 failed: Connection refused'
  expect(await withTool(choice, failing(refused), never)).toBe('done here')
  expect(await withTool(choice, failing('unsupported version (1.16) in file header'), never)).toBe(
    'done here',
  )
  const work = withTool(choice, failing('permission denied for table users'), never)
  expect(await problemOf(work)).toBe(
    'pg_dump in the container of service db: permission denied for table users',
  )
})

test('tries nothing more once the signal has come', async () => {
  const stop = new AbortController()
  const tried: string[] = []
  const work = withTool(
    choiceOf(15, container([15]), machine([15])),
    async (_, { host }) => {
      tried.push(host)
      stop.abort(new Error('somebody said stop'))
      throw new Error(`connection to server at "${host}" failed`)
    },
    stop.signal,
  )
  await expect(work).rejects.toMatchObject({ failure: { kind: 'cancelled', reason: 'somebody said stop' } })
  expect(tried).toEqual(['in the container of service db'])
})
