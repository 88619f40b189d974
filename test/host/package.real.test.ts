import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { needs } from '../support/needs.ts'

const it = needs('python')

let folder: string
let installed: string

/** Lays the packed package out as an installation would. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-package-'))
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { stdio: 'ignore' })
  const [tarball] = readdirSync(folder)
  execFileSync('tar', ['-xzf', join(folder, tarball ?? ''), '-C', folder])
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  installed = join(modules, 'lockstep')
  execFileSync('mv', [join(folder, 'package'), installed])
  for (const name of readdirSync('node_modules'))
    symlinkSync(resolve('node_modules', name), join(modules, name))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('the packed command line runs the demo, with its own copy of the Alembic runner', () => {
  const launcher = join(installed, 'electron/cli/lockstep.mjs')
  const environment = { ...process.env, LOCKSTEP_STATE_DIR: join(folder, 'state') }
  const ended = spawnSync(process.execPath, [launcher, 'demo', '--source', 'alembic', '--json'], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    timeout: 110_000,
  })
  expect(ended.status, ended.stderr).toBe(0)
  expect(JSON.parse(ended.stdout)).toMatchObject({
    outcome: 'migrated',
    source: 'alembic',
    summary: { tenants_validated: 6 },
  })
})

it('the package brings its types, its JSON Schemas and the default protocol', () => {
  const example = join(folder, 'example.mts')
  writeFileSync(
    example,
    `import { createAgent, type Report } from 'lockstep'
const agent = createAgent({ config: 'lockstep.yml' })
const migrations = await agent.discoverAlembicRevisions()
const report: Report = await agent.orchestrateMigrations({ migrations, gates: agent.constructGates({ rollbackSnapshot: true }) })
export const applied: number = report.summary.migrations_applied
`,
  )
  const compiler = resolve('node_modules/.bin/tsc')
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    '',
  ]
  const compiled = spawnSync(compiler, [...flags, example], { cwd: folder, encoding: 'utf8' })
  expect(compiled.stdout).toBe('')
  for (const name of ['report', 'config', 'protocol', 'hook-facts']) {
    const schema = JSON.parse(readFileSync(join(installed, `dist/${name}.schema.json`), 'utf8'))
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' })
  }
  expect(readFileSync(join(installed, 'dist/protocol/SKILL.md'), 'utf8')).toContain('name: lockstep-default')
})
