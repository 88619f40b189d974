import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allGates } from '../../electron/engine/gates/all-gates.ts'
import { allRules } from '../../electron/engine/lint/all-rules.ts'
import { phaseNames } from '../../shared/run/phase.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'

let home: LockstepHome

beforeAll(() => {
  home = openLockstepHome()
})

afterAll(() => home.close())

const project = `version: 1
protocol: SKILL.md
servers:
  - name: primary
    port: 1
tenants:
  databases: "*"
groups:
  - { name: canary, tenants: acorn }
migrations:
  sql: {}
gates:
  capacity:
    spareConnections: 7
`

const skill = `---
name: careful
description: How we migrate the shop.
---

# Ours

## Approval

Two people say yes.

\`\`\`lockstep
vote: group
gates:
  replica_lag:
    maxBytes: 1000
groups:
  canary: { parallel: 1 }
hooks:
  http:
    - { name: up, before: approval, url: "https://\${env:SHOP_TOKEN}@example.org/" }
\`\`\`
`

/** A folder with these files. */
function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(home.folder, name)
  mkdirSync(folder)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  return folder
}

const environment = { SHOP_TOKEN: 'hunter2' }

describe('lockstep protocol', () => {
  it('writes the default protocol, does not write over a file, and finds its own copy valid', async () => {
    const folder = folderWith('begin', {})
    expect(await home.run(['protocol', 'init'], { folder })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('wrote SKILL.md'),
    })
    expect(await home.run(['protocol', 'init'], { folder })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/SKILL.md exists already[\s\S]*--force/),
    })
    const checked = await home.run(['protocol', 'check', 'SKILL.md'], { folder })
    expect(checked).toMatchObject({ exitCode: 0, stderr: '' })
    expect(checked.stdout).toContain('SKILL.md is a valid protocol: lockstep-default')
    expect(checked.stdout).toContain('gates.replica_lag.maxBytes: 16777216 (as by default)')
    const lines = checked.stdout.split('\n').filter(line => /^ {2}\w+(\.\w+)*: /.test(line))
    expect(lines.length).toBeGreaterThan(40)
    expect(lines.filter(line => !line.endsWith('(as by default)'))).toEqual([])
  })

  it('says in words what a protocol sets, and that it fits the project that names it', async () => {
    const folder = folderWith('sound', { 'lockstep.yml': project, 'SKILL.md': skill })
    const { exitCode, stdout } = await home.run(['protocol', 'check', 'SKILL.md'], { folder, environment })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('it fits lockstep.yml, which names it')
    expect(stdout).toContain('vote: group (by default fleet)')
    expect(stdout).toContain('Most bytes of WAL that a standby may be behind.')
    expect(stdout).not.toContain('hunter2')
  })

  it('shows what is in force and where each value comes from, and no secret', async () => {
    const folder = folderWith('show', { 'lockstep.yml': project, 'SKILL.md': skill })
    const { exitCode, stdout } = await home.run(['protocol', 'show'], { folder, environment })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^vote +group +SKILL.md:13$/m)
    expect(stdout).toMatch(/^gates.replica_lag.maxBytes +1000 +SKILL.md:16$/m)
    expect(stdout).toMatch(/^gates.capacity.spareConnections +7 +lockstep.yml:14$/m)
    expect(stdout).toMatch(/^groups.canary.parallel +1 +SKILL.md:18$/m)
    expect(stdout).toMatch(/^groups.canary.mode +atomic +default$/m)
    expect(stdout).toMatch(/^execution.lockTimeoutSeconds +2 +default$/m)
    expect(stdout).toContain('${'.concat('env:SHOP_TOKEN}'))
    expect(stdout).not.toContain('hunter2')
    const prose = await home.run(['protocol', 'show', '--prose'], { folder, environment })
    expect(prose.stdout).toBe('## Approval\n\nTwo people say yes.\n')
    const { stdout: json } = await home.run(['protocol', 'show', '--json'], { folder, environment })
    expect(JSON.parse(json)).toMatchObject({
      protocol: 'SKILL.md',
      name: 'careful',
      settings: expect.any(Array),
    })
  })

  it('shows defaults where there is no project', async () => {
    const { exitCode, stdout, stderr } = await home.run(['protocol', 'show'], {
      folder: folderWith('none', {}),
    })
    expect(exitCode).toBe(0)
    expect(stderr).toContain('these are the defaults')
    expect(stdout).toMatch(/^vote +fleet +default$/m)
  })

  it.each([
    ['a misspelt key', skill.replace('maxBytes', 'maxByte'), /SKILL.md:16:5[\s\S]*maxBytes/],
    [
      'a value that lockstep.yml sets too',
      skill.replace('replica_lag:\n    maxBytes', 'capacity:\n    spareConnections'),
      /SKILL.md:16:23[\s\S]*also set in lockstep.yml:14/,
    ],
    ['a group that is not there', skill.replace('canary', 'canari'), /SKILL.md:18:3[\s\S]*no group "canari"/],
    ['no front matter', '# Hello\n', /SKILL.md:1:1[\s\S]*front matter/],
  ])('refuses %s with file, line and column, exit 2', async (what, text, said) => {
    const folder = folderWith(what.replaceAll(' ', '-'), { 'lockstep.yml': project, 'SKILL.md': text })
    for (const args of [['protocol', 'check', 'SKILL.md'], ['status']]) {
      const { exitCode, stderr, stdout } = await home.run(args, { folder, environment })
      expect(stderr).toMatch(said)
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
    }
  })

  it('says that a file is missing', async () => {
    expect(await home.run(['protocol', 'check', 'SKIL.md'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no file SKIL.md'),
    })
  })
})

describe('lockstep explain', () => {
  it('lists every gate, rule, conflict, phase and exit code, and explains each', async () => {
    const { exitCode, stdout } = await home.run(['explain', '--json'])
    expect(exitCode).toBe(0)
    const all = JSON.parse(stdout) as readonly {
      readonly kind: string
      readonly name: string
      readonly why: string
      readonly remedy: string
    }[]
    const names = (kind: string) => all.filter(one => one.kind === kind).map(one => one.name)
    expect(names('gate')).toEqual(allGates.map(gate => gate.name))
    expect(names('rule')).toEqual(allRules.map(rule => rule.name))
    expect(names('phase')).toEqual(phaseNames)
    expect(names('conflict').length).toBeGreaterThan(5)
    for (const one of all.filter(({ kind }) => kind === 'gate' || kind === 'rule')) {
      expect(one.why, one.name).not.toBe('')
      expect(one.remedy, one.name).not.toBe('')
    }
    const listed = await home.run(['explain'])
    for (const { name } of all) expect(listed.stdout).toContain(`  ${name}`)
  })

  it('says a gate’s limits as they are here, and how to accept its answer', async () => {
    const folder = folderWith('explain', { 'lockstep.yml': project, 'SKILL.md': skill })
    const { stdout } = await home.run(['explain', 'replica-lag'], { folder, environment })
    expect(stdout).toMatch(/^gate replica_lag: Replicas keep up$/m)
    expect(stdout).toMatch(/gates.replica_lag.maxBytes +1000 +SKILL.md:16/)
    expect(stdout).toContain('waivers: [{ gate: replica_lag, reason: why this is accepted }]')
  })

  it('shows a rule’s safer form, a phase’s prose, and the meaning of an exit code', async () => {
    const [rule] = allRules
    const { stdout } = await home.run(['explain', rule?.name ?? ''])
    expect(stdout).toContain(rule?.why)
    expect(stdout).toContain('lets through')
    expect((await home.run(['explain', 'approval'])).stdout).toContain('A person approves exactly this plan')
    expect((await home.run(['explain', '6'])).stdout).toContain('a human is needed')
  })

  it('refuses a name that is not known, with the nearest', async () => {
    expect(await home.run(['explain', 'replica_lagg'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /nothing is called "replica_lagg"\n {2}fix {2}did you mean replica_lag\?/,
      ),
    })
  })
})

describe('lockstep schema', () => {
  it.each(['report', 'config', 'protocol', 'hook-facts'])('prints the JSON Schema of %s', async what => {
    const { exitCode, stdout } = await home.run(['schema', what])
    expect(exitCode).toBe(0)
    const schema: { readonly $id?: string } = JSON.parse(stdout)
    expect(schema.$id).toBe(`urn:lockstep:${what}:1`)
    expect(new Ajv2020({ strict: false, validateFormats: false }).compile(schema)).toBeTypeOf('function')
  })

  it('refuses another, and prints that of the report where none is named', async () => {
    expect(await home.run(['schema', 'reprot'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('did you mean report?'),
    })
    expect(JSON.parse((await home.run(['schema'])).stdout)).toMatchObject({ $id: 'urn:lockstep:report:1' })
    expect(readFileSync('package.json', 'utf8')).toContain('schema config > dist/config.schema.json')
  })
})
