import { expect, it } from 'vitest'
import { z } from 'zod'
import { readDefaultProtocol } from '../../electron/host/protocol/default-protocol.ts'
import { listProse } from '../../electron/protocol/list-prose.ts'
import { parseProtocol } from '../../electron/protocol/parse-protocol.ts'
import { policyShape } from '../../electron/settings/policy.ts'
import { phaseNames } from '../../shared/run/phase.ts'

const nothing = { env: () => undefined, file: () => undefined }
const read = () => parseProtocol(readDefaultProtocol(), 'SKILL.md', nothing)

it('the default protocol states every default, and no other value', () => {
  expect(read().settings.value).toEqual({ ...z.strictObject(policyShape).parse({}), vote: 'fleet' })
})

it('the default protocol speaks of every phase', () => {
  const prose = listProse(read())
  expect(prose.map(one => one.phase)).toEqual(phaseNames)
  for (const one of prose) {
    expect(one.prose.length, one.phase).toBeGreaterThan(40)
    expect(one.prose, one.phase).not.toContain('```')
  }
})
