import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { writeFiles } from '../support/compose-place.ts'
import { startFakeDocker } from '../support/fake-docker.ts'
import { needs } from '../support/needs.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'

let home: LockstepHome
const secret = 's3cret-Word-91fe'
const nobody = 'unix:///nowhere/docker.sock'

beforeAll(() => {
  home = openLockstepHome()
})

afterAll(async () => {
  await home.close()
})

/** A folder of its own with these files. */
function makeFolder(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(home.folder, name)
  mkdirSync(folder, { recursive: true })
  writeFiles(folder, files)
  return folder
}

const wrongFiles = [
  {
    name: 'cycle',
    wrong: 'a circle of extends',
    files: {
      'compose.yaml': `services:
  one:
    extends: { service: two }
    environment: { POSTGRES_PASSWORD: ${secret} }
  two:
    extends: { service: one }
`,
    },
    at: 'compose.yaml:6:25',
    why: /`extends` runs in a circle: one .* -> two .* -> one /,
    fix: 'remove `extends` from one of these services',
  },
  {
    name: 'missing-env',
    wrong: 'an env file that is missing',
    files: {
      'compose.yaml': `services:
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: ${secret} }
    env_file: nowhere.env
`,
    },
    at: 'compose.yaml:5:15',
    why: /the env file .*nowhere\.env is not there/,
    fix: 'create it, or correct the path',
  },
  {
    name: 'missing-include',
    wrong: 'an included file that is missing',
    files: {
      'compose.yaml': `include: [database.yaml, parts/nowhere.yaml]\n`,
      'database.yaml': `services: { db: { image: postgres:17, environment: { POSTGRES_PASSWORD: ${secret} } } }\n`,
    },
    at: 'compose.yaml:1:26',
    why: /the file .*parts\/nowhere\.yaml is not there/,
    fix: 'correct the path, or create the file',
  },
  {
    name: 'unset',
    wrong: 'a required variable that is not set',
    files: {
      'compose.yaml': `services:
  db:
    image: postgres:\${PG_VERSION:?say which PostgreSQL}
    environment: { POSTGRES_PASSWORD: ${secret} }
`,
    },
    at: 'compose.yaml:3:21',
    why: /the variable PG_VERSION is required and not set: say which PostgreSQL/,
    fix: 'set PG_VERSION in the environment or in the .env file of the project',
  },
  {
    name: 'port',
    wrong: 'a port out of range, in a file that another one includes',
    files: {
      'compose.yaml': 'include: [database.yaml]\n',
      'database.yaml': `services:
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: ${secret} }
    ports:
      - "127.0.0.1:70000:5432"
`,
    },
    at: 'database.yaml:6:9',
    why: /the port 70000 is out of range/,
    fix: 'write a port from 0 to 65535',
  },
]

/** The place and the fix are ours in both cases: Docker's own Compose says neither. */
const readers = [
  { reader: 'without Docker', test: it, path: '/nowhere' },
  { reader: 'beside docker compose', test: needs('docker compose'), path: process.env.PATH },
]

describe.each(readers)('a Compose file that is wrong, $reader', ({ test, path }) => {
  test.each(wrongFiles)(
    '$wrong is named by line and column, with the fix, and nothing is done',
    async ({ name, files, at, why, fix }) => {
      const folder = makeFolder(name, files)
      const before = readdirSync(folder)
      const environment = { PATH: path, DOCKER_HOST: nobody }
      for (const verb of [['topology'], ['init'], ['run', '--yes']]) {
        const { exitCode, stdout, stderr } = await home.run(verb, { folder, environment })
        expect(exitCode, `${verb[0]}: ${stderr}`).toBe(2)
        expect(stdout).toBe('')
        expect(stderr).toContain(`error: The Compose file is wrong.\n   at  ${at}\n`)
        expect(stderr).toMatch(why)
        expect(stderr).toContain(`fix  ${fix}`)
        expect(stderr).not.toContain(secret)
      }
      expect(readdirSync(folder)).toEqual(before)
      expect(existsSync(home.stateFolder)).toBe(false)
    },
  )
})

it('a folder without lockstep.yml and Compose files is told what was looked for, with exit code 2', async () => {
  const folder = makeFolder('empty', {})
  for (const verb of [['topology'], ['plan'], ['run', '--yes'], ['doctor']]) {
    const { exitCode, stdout, stderr } = await home.run(verb, { folder })
    expect(exitCode, `${verb[0]}: ${stderr}`).toBe(2)
    const said = `${stdout}${stderr}`
    expect(said).toContain('There is no lockstep.yml and no Compose file.')
    expect(said).toContain(`at  ${folder}`)
    expect(said).toMatch(/why {2}Looked for lockstep\.yml, compose\.yaml, compose\.yml, docker-compose\.yaml/)
    expect(said).toMatch(/fix {2}.*--compose-file FILE/)
  }
  const { exitCode, stderr } = await home.run(['init'], { folder })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/no Compose file here, and no server was named[\s\S]*fix {2}lockstep init --primary/)
  expect(readdirSync(folder)).toEqual([])
})

it('a Compose file that is named and missing is named, with who named it', async () => {
  const folder = makeFolder('elsewhere', { 'compose.yaml': 'services: { db: { image: postgres:17 } }\n' })
  for (const [args, environment] of [
    [['topology', '--compose-file', 'gone.yaml'], {}],
    [['topology'], { COMPOSE_FILE: 'compose.yaml:gone.yaml' }],
  ] as const) {
    const { exitCode, stderr } = await home.run(args, { folder, environment })
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/at {2}.*gone\.yaml:1:1\n {2}why {2}There is no such file\./)
    expect(stderr).toContain('--compose-file, COMPOSE_FILE')
  }
})

describe('a daemon that cannot be asked', () => {
  const compose = `name: lonely
services:
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: ${secret} }
`
  const config = `version: 1
servers: [{ name: main, service: db }]
tenants: { databases: 'shop_*' }
migrations: { sql: {} }
`

  interface Answer {
    readonly status: number | null
    readonly stdout: string
    readonly stderr: string
  }
  type Ask = (args: readonly string[]) => Promise<Answer>

  /** Shown as declared, and never migrated: with a project file and without one. */
  async function expectDeclaredOnly(folder: string, ask: Ask, state: string, words: string): Promise<void> {
    const shown = await ask(['topology'])
    expect(shown.status, shown.stderr).toBe(0)
    expect(shown.stdout).toContain(`declared, not observed: Docker is ${state}`)
    expect(shown.stdout).toMatch(/db\s+postgres\s+-\s+-\s+-\s+image postgres:17/)
    expect(shown.stdout).toMatch(/warning {2}Project lonely is declared, not observed/)
    writeFiles(folder, { 'shop.yml': config })
    const found = await ask(['run', '--yes'])
    const configured = await ask(['run', '--yes', '--json', '--config', 'shop.yml'])
    for (const { status, stderr } of [found, configured]) {
      expect(status, stderr).toBe(2)
      expect(stderr).toContain(words)
    }
    expect(JSON.parse(configured.stdout).failure).toMatchObject({ kind: 'docker_unavailable' })
    expect([shown, found, configured].map(one => one.stdout + one.stderr).join()).not.toContain(secret)
  }

  const askAt =
    (folder: string, host: string): Ask =>
    async args => {
      const options = { folder, environment: { DOCKER_HOST: host }, deadlineSeconds: 60 }
      const { exitCode, ...printed } = await home.run(args, options)
      return { status: exitCode, ...printed }
    }

  it('because it is absent leaves what is declared', async () => {
    const folder = makeFolder('absent', { 'compose.yaml': compose })
    await expectDeclaredOnly(folder, askAt(folder, nobody), 'absent', 'No Docker daemon answers.')
  })

  it('because it hangs is not waited for forever', async () => {
    const fake = await startFakeDocker({ '/version': () => undefined })
    try {
      const folder = makeFolder('hung', { 'compose.yaml': compose })
      await expectDeclaredOnly(folder, askAt(folder, fake.host), 'silent', 'Docker daemon does not answer.')
    } finally {
      await fake.close()
    }
  })

  needs('root')('because its socket is another user’s says so', async () => {
    const fake = await startFakeDocker({})
    try {
      const socket = fake.host.replace('unix://', '')
      chownSync(socket, 65_534, 65_534)
      chmodSync(socket, 0o600)
      const folder = makeFolder('denied', { 'compose.yaml': compose })
      // Root without its capabilities is let in nowhere either.
      const ask: Ask = async args => {
        const plain = ['--bounding-set=-all', '--inh-caps=-all', process.execPath, inject('launcher')]
        const env = { PATH: process.env.PATH, LOCKSTEP_STATE_DIR: home.stateFolder, DOCKER_HOST: fake.host }
        const options = { cwd: folder, env, encoding: 'utf8', timeout: 60_000 } as const
        return spawnSync('setpriv', [...plain, ...args], options)
      }
      await expectDeclaredOnly(folder, ask, 'denied', 'Docker daemon does not let this user in.')
    } finally {
      await fake.close()
    }
  })
})
