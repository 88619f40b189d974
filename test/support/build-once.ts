import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The launcher of the built command line. */
    readonly launcher: string
  }
}

let folder: string | null = null

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Builds the command line once, and lends the tests a copy as `npm pack` would lay it out:
 * sources that change while the tests run then change nothing under them.
 */
export function setup(project: TestProject): void {
  const built = spawnSync(process.execPath, [join(root, 'electron/cli/lockstep.mjs'), '--build-only'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`the command line cannot be built:\n${built.stderr}`)
  folder = mkdtempSync(join(tmpdir(), 'lockstep-built-'))
  mkdirSync(join(folder, 'electron/cli'), { recursive: true })
  for (const part of ['dist', 'package.json', 'electron/cli/lockstep.mjs'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  project.provide('launcher', join(folder, 'electron/cli/lockstep.mjs'))
}

/** Takes the copy away. */
export function teardown(): void {
  if (folder !== null) rmSync(folder, { recursive: true, force: true })
}
