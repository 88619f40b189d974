import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readCompose } from '../../electron/compose/read-compose.ts'
import { findComposeFiles } from '../../electron/host/docker/find-compose-files.ts'
import { toFailure } from '../../shared/failure/failure.ts'
import { type ComposeCase, listComposeCases, readExpected, withoutPlace } from '../support/compose-oracle.ts'

const fault = z.strictObject({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  /** A pattern that the words match. */
  problem: z.string(),
})

describe('readCompose', () => {
  it.each(listComposeCases('compose'))('reads the project $name as Docker Compose reads it', wanted => {
    const { project } = readCase(wanted)
    expect(withoutPlace(project, wanted)).toEqual(readExpected(wanted))
  })

  it.each(listComposeCases('compose-wrong'))('refuses $name, and points to the fault', wanted => {
    const { problem, ...place } = fault.parse(readExpected(wanted))
    const failure = failureOf(wanted)
    if (failure.kind !== 'compose_invalid') throw new Error(`another failure: ${failure.kind}`)
    const { file, line, column, fix } = failure
    expect({ file: relative(wanted.folder, file), line, column }).toEqual(place)
    expect(failure.problem).toMatch(new RegExp(problem))
    expect(fix).not.toBe('')
  })
})

function readCase(wanted: ComposeCase): ReturnType<typeof readCompose> {
  const { folder, environment, envFiles, profiles, projectName } = wanted
  const found = findComposeFiles(wanted.files ?? [], folder, environment)
  if (found === null) throw new Error(`no Compose file in ${folder}`)
  return readCompose({ ...found, projectName, environment, envFiles, profiles, readFile })
}

function failureOf(wanted: ComposeCase): ReturnType<typeof toFailure> {
  try {
    readCase(wanted)
  } catch (error) {
    return toFailure(error)
  }
  throw new Error('it was read without complaint')
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
