import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { openEngine } from '../../../electron/adapters/docker/open-engine.ts'

test('a connection to a daemon is described in one word, since its client describes it with every request', async () => {
  const { engine, close } = await openEngine({ kind: 'socket', path: '/nowhere/docker.sock' }, {}, 5)
  try {
    const agent: unknown = Reflect.get(engine.modem, 'agent')
    expect(agent).toBeTypeOf('object')
    expect(inspect({ agent }, { showHidden: true, depth: null })).toBe('{ agent: Agent }')
  } finally {
    await close()
  }
})
