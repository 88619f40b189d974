import { expect, it } from 'vitest'
import type { MigrationSource } from '../../../electron/engine/ports/migration-source.ts'
import { createLazySource } from '../../../electron/host/migrations/lazy-source.ts'

const never = new AbortController().signal

/** A source that has no revision, and counts how often it is closed. */
function makeSource() {
  const closed: string[] = []
  const nothing = async (): Promise<readonly never[]> => []
  const source: MigrationSource = {
    describe: () => Promise.reject(new Error('there is no project')),
    readHeads: nothing,
    findVersionTable: async () => null,
    verifyApplied: async () => null,
    planSteps: nothing,
    planDowngrade: nothing,
    migrate: () => Promise.reject(new Error('there is nothing to run')),
    close: async () => void closed.push('closed'),
  }
  return { source, closed }
}

it('is not opened, and so not closed, where nobody asks', async () => {
  let opened = 0
  const { source, closed } = makeSource()
  const lazy = createLazySource(async () => {
    opened += 1
    return source
  })
  await lazy.close()
  expect({ opened, closed }).toEqual({ opened: 0, closed: [] })
})

it('is opened once by the first questions, and closed with what was opened', async () => {
  let opened = 0
  const { source, closed } = makeSource()
  const lazy = createLazySource(async () => {
    opened += 1
    return source
  })
  await Promise.all([lazy.planSteps([], [], never), lazy.planDowngrade([], [], never)])
  await lazy.close()
  expect({ opened, closed }).toEqual({ opened: 1, closed: ['closed'] })
})

it('is tried again after it could not be opened', async () => {
  let tries = 0
  const { source } = makeSource()
  const lazy = createLazySource(async () => {
    tries += 1
    if (tries === 1) throw new Error('the container is not running')
    return source
  })
  await expect(lazy.planSteps([], [], never)).rejects.toThrow('the container is not running')
  expect(await lazy.planSteps([], [], never)).toEqual([])
})
