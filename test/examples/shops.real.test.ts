import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { listFences, repository } from '../support/docs/read-pages.ts'
import { needs } from '../support/needs.ts'
import { pythonEnvironment } from '../support/python-environment.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const shops = ['acorn', 'birch', 'cedar'] as const
let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
})
afterAll(async () => {
  await home?.close()
  await close?.()
})
beforeEach(async () => {
  for (const shop of shops) {
    await sandbox.query(`drop database if exists ${shop}`)
    await sandbox.query(`drop role if exists ${shop}_app`)
  }
})

/** A copy of the examples whose project files name the sandbox instead of port 5432. */
function copyExamples(label: string): string {
  const folder = join(home.folder, label)
  mkdirSync(folder)
  cpSync(join(repository, 'examples'), folder, { recursive: true })
  return folder
}

/** Runs a script of SQL as psql does: statement by statement, and elsewhere after `\connect`. */
async function runScript(text: string, database: string): Promise<void> {
  const [first = '', ...others] = text.split(/^\\connect (\w+)\n/m)
  const parts: [string, string][] = [[database, first]]
  for (let index = 0; index < others.length; index += 2)
    parts.push([others[index] ?? '', others[index + 1] ?? ''])
  for (const [place, sql] of parts)
    for (const statement of sql.split(/;\n/).filter(one => one.trim() !== ''))
      await sandbox.query(statement, place)
}

/** The commands of the README, block by block. */
function readCommands(folder: string): readonly (readonly string[])[] {
  const page = { path: 'README.md', text: readFileSync(join(folder, 'README.md'), 'utf8') }
  const blocks = listFences(page).filter(({ language }) => language === 'sh')
  return blocks
    .map(({ text }) => text.trim().split('\n'))
    .filter(lines => !lines.some(one => one.includes('pip')))
}

/** What one line of the README does; exit code and words where it is a command of Lockstep. */
async function runLine(line: string, folder: string, environment: Readonly<Record<string, string>>) {
  const [, words] = /^lockstep (.*)$/.exec(line) ?? []
  if (words !== undefined) {
    const [verb = '', ...rest] = words.split(' ')
    const isAsked = ['run', 'rollback'].includes(verb)
    return home.run([verb, ...rest, ...(isAsked ? ['--yes'] : [])], { folder, environment })
  }
  const places = /^for shop in acorn birch cedar; do/.test(line)
    ? shops
    : [/ -d (\w+)/.exec(line)?.[1] ?? 'postgres']
  for (const place of places) {
    for (const [, file = ''] of line.matchAll(/ -f (\S+?)(?=[ ;]|$)/g))
      await runScript(readFileSync(join(folder, file), 'utf8'), place)
    for (const [, sql = ''] of line.matchAll(/ -c "(.*)"/g)) await sandbox.query(sql, place)
  }
  return null
}

/** An application that goes on taking customers in; says how many were acknowledged. */
async function keepWriting(shop: string): Promise<() => Promise<number>> {
  const client = await sandbox.connect(shop, sandbox.primary, `${shop}_app`)
  let acknowledged = 0
  let isOver = false
  const work = (async () => {
    while (!isOver) {
      await client.query("insert into customers (name, created_at) values ('new', now())")
      acknowledged += 1
    }
  })()
  return async () => {
    isOver = true
    await work
    await client.end()
    return acknowledged
  }
}

const readShops = async (): Promise<readonly unknown[]> =>
  Promise.all(
    shops.map(async shop => {
      const [row] = await sandbox.query("select to_regclass('shipments') is not null as shipments", shop)
      return row?.shipments
    }),
  )

needs('python').each(['shop-sql', 'shop-alembic'])(
  '%s does what its README says, while the application writes',
  async name => {
    const folder = join(copyExamples(`copy-${name}`), name)
    const file = join(folder, 'lockstep.yml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('port: 5432', `port: ${sandbox.primary.port}`))
    const python = await pythonEnvironment()
    const environment = { VIRTUAL_ENV: join(python, '../..') }
    const codes: (number | null)[] = []
    const follow = async (lines: readonly string[]): Promise<void> => {
      for (const line of lines) codes.push((await runLine(line, folder, environment))?.exitCode ?? null)
    }
    const [begin = [], refuse = [], repair = []] = readCommands(folder)
    await follow(begin)
    const stop = await keepWriting('acorn')
    await follow(refuse)
    expect(await readShops()).toEqual([false, false, false])
    await follow(repair)
    const acknowledged = await stop()
    expect(codes).toEqual([null, 0, null, null, 5, null, 0])
    expect(await readShops()).toEqual([true, true, true])
    expect(acknowledged).toBeGreaterThan(0)
    const [kept] = await sandbox.query(
      "select count(*)::int as rows from customers where name = 'new'",
      'acorn',
    )
    expect(kept?.rows).toBe(acknowledged)
  },
)
