#!/usr/bin/env node
// Starts the built command line; in a clone it builds first when a source file is newer than the build.
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const root = fileURLToPath(new URL('../../', import.meta.url))
const built = join(root, 'dist')
const stamp = join(built, '.built')

/** Newest modification time below a folder, in milliseconds. */
function newest(path) {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(
    0,
    ...readdirSync(path)
      .filter(name => name !== '__pycache__')
      .map(name => newest(join(path, name))),
  )
}

function isStale() {
  if (!existsSync(stamp)) return true
  const sources = ['shared', 'electron', 'renderer', 'examples', 'vite.config.ts', 'package.json'].map(name =>
    newest(join(root, name)),
  )
  return Math.max(...sources) > statSync(stamp).mtimeMs
}

/** Builds into a folder of its own and renames it, so that two that start at once never see half a build. */
async function build() {
  const { build: runBuild } = await import('vite')
  const temporary = `${built}.${process.pid}`
  const startedAt = new Date()
  process.stderr.write('building lockstep (first start, or the sources changed)\n')
  process.env.LOCKSTEP_BUILD_DIR = temporary
  // React's development build is chosen by this variable, and a test run sets it.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  for (const mode of ['node', 'preload', 'renderer'])
    await runBuild({ mode, logLevel: 'warn', configFile: join(root, 'vite.config.ts') })
  delete process.env.LOCKSTEP_BUILD_DIR
  if (NODE_ENV === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = NODE_ENV
  writeFileSync(join(temporary, '.built'), startedAt.toISOString())
  const old = `${built}.old.${process.pid}`
  if (existsSync(built)) renameSync(built, old)
  try {
    renameSync(temporary, built)
  } catch {
    rmSync(temporary, { recursive: true, force: true })
  }
  rmSync(old, { recursive: true, force: true })
}

const isClone = existsSync(join(root, 'electron', 'cli', 'main.ts'))
if (isClone && isStale()) await build()
if (process.argv[2] !== '--build-only') {
  // To optimize the module that reads SQL takes longer than all that a command parses; from Node 24 on V8 waits with it itself.
  // Here and not where it is loaded: a program that uses Lockstep as a library keeps its own settings.
  if (Number.parseInt(process.versions.node, 10) < 24) setFlagsFromString('--liftoff-only')
  const { main } = await import(new URL('../../dist/cli.js', import.meta.url).href)
  process.exitCode = await main(process.argv.slice(2))
  // Everything is said and on record. A question to a server behind a network that swallows everything may still be
  // waiting for its answer, which is of no use to anybody any more, and would keep the process for many minutes.
  setTimeout(() => process.exit(), 3_000).unref()
}
