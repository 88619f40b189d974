import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { needs } from '../support/needs.ts'
import { readXml, type XmlElement } from '../support/read-xml.ts'
import { runCommand } from '../support/run-command.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let project: SmallProject

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  project = await makeSmallProject({ home, sandbox, name: 'reported' })
  mkdirSync(join(project.folder, '.git'))
  expect((await project.run(['run', '--yes', '--quiet'])).exitCode).toBe(0)
  await sandbox.query('alter table items add column note text', 'reported_b')
  project.writeFiles({
    'migrations/0003_note.up.sql': '-- a note\nalter table items add column note text;\n',
  })
})

afterEach(async () => {
  expect(await home.traces()).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

const read = (name: string) => readFileSync(join(project.folder, name), 'utf8')
const suite = (root: XmlElement, name: string) =>
  root.children.find(({ attributes }) => attributes.name === name)?.children ?? []

describe('lockstep plan', () => {
  it('shows what was found, reports it to CI, and exits with 3 where it was asked to', async () => {
    const args = [
      'plan',
      '--no-rehearse',
      '--fail-on',
      'error',
      '--report=sarif',
      '--report=gitlab',
      '--report=github',
    ]
    const { exitCode, stdout, stderr } = await project.run(args)
    expect(exitCode).toBe(3)
    expect(stdout).toContain('error  already_exists  migrations/0003_note.up.sql:2')
    expect(stdout).toContain('tenants  reported_b')
    expect(stderr).toMatch(/^::error file=migrations\/0003_note.up.sql,line=2,title=already_exists::/m)
    const results = JSON.parse(read('lockstep.sarif')).runs[0].results
    expect(results[0]).toMatchObject({
      ruleId: 'already_exists',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'migrations/0003_note.up.sql' },
            region: { startLine: 2 },
          },
        },
      ],
    })
    expect(JSON.parse(read('gl-code-quality-report.json'))[0]).toMatchObject({
      check_name: 'lockstep/already_exists',
    })
  })

  it('gives one document on standard output where a report goes there', async () => {
    const { exitCode, stdout, stderr } = await project.run(['plan', '--no-rehearse', '--report=sarif:-'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).version).toBe('2.1.0')
    expect(stderr).toContain('plan id')
    const document = await project.run(['plan', '--no-rehearse', '--json', '--report=junit'])
    expect(JSON.parse(document.stdout).findings[0]).toMatchObject({ rule: 'already_exists' })
  })

  it('refuses reports that nobody knows, and places that cannot be written, before it begins', async () => {
    const before = await project.run(['runs'])
    const unknown = await project.run(['plan', '--report=jnuit'])
    expect(unknown.exitCode).toBe(2)
    expect(unknown.stderr).toContain('did you mean junit?')
    writeFileSync(join(project.folder, 'file'), '')
    const nowhere = await project.run(['run', '--yes', '--report=junit:file/junit.xml'])
    expect(nowhere.exitCode).toBe(2)
    expect(nowhere.stderr).toContain('the junit report cannot be written to')
    expect((await project.run(['runs'])).stdout).toBe(before.stdout)
  })
})

describe('lockstep run', () => {
  it('reports what stopped it, and nothing was changed', async () => {
    const summary = join(project.folder, 'summary.md')
    const args = ['run', '--yes', '--json', '--report=junit:out/junit.xml', '--report=github']
    const stopped = await project.run(args, { environment: { GITHUB_STEP_SUMMARY: summary } })
    expect(stopped.exitCode).toBe(3)
    expect(JSON.parse(stopped.stdout)).toMatchObject({ outcome: 'stopped_by_gate' })
    expect(stopped.stderr).toMatch(/^::error title=gate conflicts%3A failed::/m)
    expect(read('summary.md')).toMatch(/^## Lockstep: Stopped by 1 gate: conflicts/)
    const root = readXml(read('out/junit.xml'))
    const failed = suite(root, 'gates').filter(one => one.children[0]?.name === 'failure')
    expect(failed.map(({ attributes }) => attributes.name)).toEqual(['conflicts'])
    expect(suite(root, 'findings').some(one => one.children[0]?.name === 'failure')).toBe(true)
    expect((await project.readTenants()).reported_a).toBe('0002 with prices')
  })

  needs('python')('writes XML that another reader takes too', async () => {
    const check = 'import sys, xml.etree.ElementTree as t; print(t.parse(sys.argv[1]).getroot().tag)'
    const tag = await runCommand('python3', ['-c', check, join(project.folder, 'out/junit.xml')])
    expect(tag.trim()).toBe('testsuites')
  })

  it('reports a run that went well, and lockstep report tells the same later', async () => {
    await sandbox.query('alter table items drop column note', 'reported_b')
    const { exitCode } = await project.run(['run', '--yes', '--quiet', '--report=junit'])
    expect(exitCode).toBe(0)
    const root = readXml(read('lockstep-junit.xml'))
    expect(root.attributes).toMatchObject({ failures: '0', errors: '0' })
    expect(suite(root, 'tenants').map(({ attributes }) => attributes.name)).toEqual([...project.tenants])
    const later = await project.run(['report', 'last', '--report=junit:-'])
    expect(later.exitCode).toBe(0)
    expect(later.stdout).toBe(read('lockstep-junit.xml'))
    expect(existsSync(join(project.folder, 'lockstep.sarif'))).toBe(true)
  })
})
