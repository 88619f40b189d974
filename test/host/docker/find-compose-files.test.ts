import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findComposeFiles } from '../../../electron/host/docker/find-compose-files.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-compose-'))
  // The search never leaves a repository.
  mkdirSync(join(folder, '.git'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), 'services: {}\n')
  }
}

function find(named: readonly string[] = [], environment = {}, below = ''): readonly string[] | null {
  const found = findComposeFiles(named, join(folder, below), environment)
  return found?.files.map(file => file.slice(folder.length + 1)) ?? null
}

describe('the Compose files of a folder', () => {
  it.each<[string, readonly string[], readonly string[] | null]>([
    ['compose.yaml before docker-compose.yml', ['docker-compose.yml', 'compose.yaml'], ['compose.yaml']],
    [
      'the override file beside it',
      ['compose.yml', 'compose.override.yml'],
      ['compose.yml', 'compose.override.yml'],
    ],
    ['the only file of another name', ['docker-compose.dev.yml', 'notes.yml'], ['docker-compose.dev.yml']],
    ['none when several have other names', ['compose.dev.yml', 'compose.test.yml'], null],
    ['none in a folder without any', ['README.md'], null],
  ])('are %s', (_title, present, expected) => {
    put(...present)
    expect(find()).toEqual(expected)
  })

  it('are found from a folder below, up to the root of the repository', () => {
    put('compose.yaml', 'src/deep/file.txt')
    expect(find([], {}, 'src/deep')).toEqual(['compose.yaml'])
    mkdirSync(join(folder, 'src/.git'))
    expect(find([], {}, 'src/deep')).toBeNull()
  })

  it('are those that are named, in that order, before COMPOSE_FILE', () => {
    put('compose.yaml', 'a.yml', 'b.yml')
    expect(find(['b.yml', 'a.yml'], { COMPOSE_FILE: 'compose.yaml' })).toEqual(['b.yml', 'a.yml'])
    expect(find([], { COMPOSE_FILE: 'a.yml;b.yml', COMPOSE_PATH_SEPARATOR: ';' })).toEqual(['a.yml', 'b.yml'])
  })

  it('that are named and missing are an error with the name', () => {
    expect(() => find(['nowhere.yml'])).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ kind: 'compose_invalid', file: join(folder, 'nowhere.yml') }),
      }),
    )
  })
})
