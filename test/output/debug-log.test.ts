import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createDebugLog, debugAreas, hideFromDebug } from '../../electron/output/debug-log.ts'
import { formatCommand } from '../../electron/programs/debug-process.ts'

/** What a log of these areas writes while somebody says a word in each of three areas. */
function linesOf(wanted: string | undefined, text = 'hello'): readonly string[] {
  const lines: string[] = []
  const debug = createDebugLog(
    wanted,
    line => lines.push(line),
    () => new Date(0),
  )
  for (const area of ['postgres', 'run', 'pg-tools'] as const) debug(area, () => text)
  return lines
}

describe('the debug log', () => {
  it('writes time, process, area and text of the areas that were asked for, and of no other', () => {
    const { pid } = process
    expect(linesOf('run, postgres')).toEqual([
      `1970-01-01T00:00:00.000Z ${pid} postgres  hello\n`,
      `1970-01-01T00:00:00.000Z ${pid} run       hello\n`,
    ])
    expect(linesOf('*')).toHaveLength(3)
    expect(linesOf(undefined)).toEqual([])
    expect(linesOf('')).toEqual([])
  })

  it('makes no text for nobody', () => {
    const debug = createDebugLog('run', () => undefined)
    expect(() =>
      debug('postgres', () => {
        throw new Error('made')
      }),
    ).not.toThrow()
  })

  it('says at once which area it does not know, and which there are', () => {
    const [line = '', ...others] = linesOf('postgre,run')
    expect(line).toContain('LOCKSTEP_DEBUG: no area is called postgre; there are postgres, alembic,')
    expect(line).toContain(Object.keys(debugAreas).at(-1))
    expect(others).toHaveLength(1)
  })

  it('is one line for each text, however long the text is', () => {
    expect(linesOf('run', 'select 1,\n       2\nfrom a')).toEqual([
      expect.stringMatching(/select 1, 2 from a\n$/),
    ])
    expect(linesOf('run', 'x'.repeat(10_000))[0]).toMatch(/\.\.\. \(10000 characters\)\n$/)
  })

  it.each([
    "alter role app password 'hunter22'",
    "create role app login password E'hunter22'",
    "create subscription s connection 'host=a password=hunter22 user=b' publication p",
    'connected to postgresql://app:hunter22@db/shop',
  ])('shows no password that stands in what it says: %s', text => {
    expect(linesOf('run', text).join()).not.toContain('hunter22')
  })

  it('shows no password that this process has used, as it is or in a URL', () => {
    hideFromDebug('swörd fish/7')
    hideFromDebug('')
    const [line] = linesOf('run', 'deploy --token swörd fish/7 x://h/?p=sw%C3%B6rd%20fish%2F7')
    expect(line).toMatch(/run {7}deploy --token \*\*\* x:\/\/h\/\?p=\*\*\*\n$/)
  })
})

it('a command is shown as a shell reads it back', async () => {
  const command = ['printf', '%s|', "it's", 'a b', '$HOME', '']
  const child = spawn('sh', ['-c', formatCommand(command)])
  let printed = ''
  child.stdout.on('data', chunk => {
    printed += chunk
  })
  await once(child, 'close')
  expect(printed).toBe("it's|a b|$HOME||")
})
