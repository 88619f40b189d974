import { Command } from 'commander'
import { afterEach, expect, it, vi } from 'vitest'
import { addGlobals } from '../../../electron/cli/arguments/read-globals.ts'
import { printFailure } from '../../../electron/cli/output/print-failure.ts'
import { standardError } from '../../../electron/host/output/safe-output.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What is printed of an internal failure to a command line that was given these arguments. */
function printed(args: readonly string[]): string {
  addGlobals(new Command('lockstep')).parse([...args], { from: 'user' })
  let text = ''
  vi.spyOn(standardError, 'write').mockImplementation(more => {
    text += more
  })
  printFailure(
    { kind: 'internal', message: 'a hole in the logic', stack: 'Error: a hole\n    at somewhere.ts:12' },
    { args, outcome: 'tool_failed' },
  )
  return text
}

it('an internal failure is told without its stack, and with it where --debug is given', () => {
  expect(printed([])).toContain('a hole in the logic')
  expect(printed([])).not.toContain('somewhere.ts')
  expect(printed(['--debug'])).toContain('at somewhere.ts:12')
})
