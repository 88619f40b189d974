import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exitCodeWords } from '../../electron/app/explain/exit-code-words.ts'
import { createProgram } from '../../electron/cli/create-program.ts'
import { findUnknownCommands, listNpmScripts } from '../support/docs/find-commands.ts'
import { readPages } from '../support/docs/read-pages.ts'
import { writeCommandLinePage } from './pages/command-line-page.ts'
import { writeConfigurationPage } from './pages/configuration-page.ts'
import { writeDefaultProtocol } from './pages/default-protocol.ts'
import { writeGatesPage } from './pages/gates-page.ts'
import { writeRulesPage } from './pages/rules-page.ts'

const pages = readPages()
const program = createProgram(() => undefined)

/** `npm run -s docs` rewrites them. */
it.each<[string, () => string]>([
  ['configuration', writeConfigurationPage],
  ['gates', writeGatesPage],
  ['rules', writeRulesPage],
  ['command-line', writeCommandLinePage],
])('docs/%s.md is what the code says today', async (name, write) => {
  await expect(write()).toMatchFileSnapshot(`../../docs/${name}.md`)
})

it('the default protocol says every default that the schema has today', async () => {
  await expect(writeDefaultProtocol()).toMatchFileSnapshot('../../electron/host/protocol/default/SKILL.md')
})

describe.each(pages)('$path', page => {
  it('names verbs and options that exist', () => {
    expect(findUnknownCommands(page, program)).toEqual([])
  })

  it('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(listNpmScripts(page).filter(({ name }) => !(name in scripts))).toEqual([])
  })
})

it('the exit codes of the README are those that `lockstep explain` tells', () => {
  const readme = pages.find(({ path }) => path === 'README.md')?.text ?? ''
  const rows = [...readme.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, words]) => [code, words])
  expect(Object.fromEntries(rows)).toEqual(exitCodeWords)
})

it('verbs and options that do not exist are found, in blocks, in prose and behind npm', () => {
  const text = [
    '`lockstep fly` and `lockstep run --yess --json` and `--no-such-option`',
    '```sh',
    "npx lockstep snapshots prune --keep 1 --yes | jq . && lockstep plan --tenants 'a b' --fast # lockstep",
    '```',
    '    npm ci && npm start -- --demo --wings',
    'lockstep fly, which is prose',
  ].join('\n')
  expect(findUnknownCommands({ path: 'x.md', text }, program)).toEqual([
    'x.md:3: plan has no --fast',
    'x.md:1: there is no verb fly',
    'x.md:1: run has no --yess',
    'x.md:5: open has no --wings',
    'x.md:1: no verb has --no-such-option',
  ])
})
