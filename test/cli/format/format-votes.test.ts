import { expect, it } from 'vitest'
import { formatVotes } from '../../../electron/cli/format/format-votes.ts'

it('names every vote by its group, with its database, its role and both statements', () => {
  const votes = ['canary:ash', 'rest:elm', 'rest:oak'].map(name => ({
    gid: `lockstep:01K:${name}`,
    database: `shop_${name.split(':').at(-1)}`,
    server: 'primary',
    owner: 'migrator',
  }))
  const text = formatVotes(votes)
  expect(text.match(/^group .*/gm)).toEqual(['group canary', 'group rest'])
  expect(text).toContain(
    "  in database shop_elm on primary, as migrator or a superuser:\n    commit prepared 'lockstep:01K:rest:elm';\n    rollback prepared 'lockstep:01K:rest:elm';\n",
  )
  expect(text.match(/ prepared '/g)).toHaveLength(6)
})
