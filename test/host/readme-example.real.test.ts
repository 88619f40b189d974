import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { withDemo } from '../../electron/host/demo/open-demo.ts'
import { needs } from '../support/needs.ts'

const it = needs('python')

/** The library example of the README, as JavaScript that imports the built library. */
function readExample(): string {
  const [, block] = /## As a library\n\n```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
  if (!block) throw new Error('the README has no library example')
  const library = pathToFileURL(resolve('dist/index.js')).href
  return `${block.replace("from 'lockstep'", `from '${library}'`)}\nexport { agent, results }\n`
}

it('the library example of the README migrates a project, and its four verbs agree on the result', async () => {
  const options = {
    fault: 'none',
    source: 'alembic',
    keep: false,
    say: () => undefined,
    signal: new AbortController().signal,
  } as const
  const before = process.cwd()
  await withDemo(options, async demo => {
    const file = join(demo.folder, 'example.mjs')
    writeFileSync(file, readExample())
    process.chdir(demo.folder)
    try {
      const { agent, results } = await import(pathToFileURL(file).href)
      expect(results).toMatchObject({
        outcome: 'migrated',
        exit_code: 0,
        summary: { safety_gates_passed: 3, tenants_validated: 6 },
      })
      const compared = await agent.validateSchemaConsistency(results)
      expect(compared).toHaveLength(6)
      expect(compared[0].servers).toEqual(['primary', 'standby-1', 'standby-2'])
      const again = await agent.orchestrateMigrations({
        migrations: await agent.discoverAlembicRevisions(),
        gates: agent.constructGates(),
      })
      expect(again).toMatchObject({ outcome: 'nothing_to_do', exit_code: 0 })
    } finally {
      process.chdir(before)
      rmSync(file)
    }
  })
})
