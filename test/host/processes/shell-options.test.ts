import { describe, expect, it } from 'vitest'
import { parseLaunchOptions } from '../../../electron/host/processes/launch-options.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'

describe('the options of a shell', () => {
  it('are all there when none is given: no project, everything allowed, an hour of patience', () => {
    expect(parseLaunchOptions('{}')).toEqual({
      choice: null,
      demo: false,
      readOnly: false,
      port: 0,
      idleMinutes: 60,
      open: null,
      importFile: null,
    })
  })

  it.each([
    ['nothing', ''],
    ['something that is no JSON', '{'],
    ['no object', '[]'],
    ['an option that does not exist', '{"host":"0.0.0.0"}'],
    ['a port that does not exist', '{"port":70000}'],
    ['half a project', '{"choice":{"config":null}}'],
  ])('are refused as %s', (_title, text) => {
    const parse = (): unknown => parseLaunchOptions(text)
    expect(parse).toThrow(LockstepError)
    expect(parse).toThrow(expect.objectContaining({ failure: expect.objectContaining({ kind: 'usage' }) }))
  })
})
