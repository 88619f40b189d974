import { expect, it } from 'vitest'
import { debugAreas } from '../../electron/output/debug-log.ts'
import { listUsedVariables, listVariables } from '../support/docs/find-variables.ts'
import { readPages } from '../support/docs/read-pages.ts'

const pages = readPages()
const used = listUsedVariables()

it('every LOCKSTEP variable of the code is explained, and no other is', () => {
  const page = pages.find(({ path }) => path === 'docs/environment-variables.md')
  const explained = [...(page?.text ?? '').matchAll(/^\| `(LOCKSTEP_[A-Z_]+)` +\|/gm)].map(([, name]) => name)
  expect(explained.toSorted()).toEqual(used)
})

it('every area of LOCKSTEP_DEBUG is explained as the code explains it, and no other', () => {
  const page = pages.find(({ path }) => path === 'docs/environment-variables.md')
  const [, section = ''] = /## The debug log\n([\s\S]*?)\n## /.exec(page?.text ?? '') ?? []
  const explained = [...section.matchAll(/^\| `([\w-]+)` +\| (.*?) +\|$/gm)].map(([, name, words]) => [
    name,
    words,
  ])
  expect(Object.fromEntries(explained)).toEqual(debugAreas)
})

it.each(pages)('$path names no LOCKSTEP variable that the code does not know', ({ text }) => {
  expect(listVariables(text).filter(name => !used.includes(name))).toEqual([])
})

it('variables are found as they are written, and a beginning of several is none', () => {
  expect(listVariables('process.env.LOCKSTEP_STATE_DIR "LOCKSTEP_PORT:-1" LOCKSTEP_TEST_MARK_$n')).toEqual([
    'LOCKSTEP_PORT',
    'LOCKSTEP_STATE_DIR',
  ])
})
