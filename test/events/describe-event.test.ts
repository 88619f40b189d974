import { expect, it } from 'vitest'
import { describeEvent } from '../../electron/events/describe-event.ts'
import { eventSamples } from '../shared/samples/events.ts'

it('says every event in one plain line', () => {
  const lines = Object.values(eventSamples)
    .flat()
    .map(fact => `${fact.type.padEnd(22)} ${describeEvent(fact)}`)
  expect(lines.join('\n')).toMatchSnapshot()
  expect(lines.filter(line => /[\n\r]|undefined|\[object/.test(line))).toEqual([])
})

it('lets no name steer a terminal or begin a line of its own', () => {
  const line = describeEvent({
    type: 'tenant.committed',
    group: 'rest',
    tenant: 'a\u001b[2J\r\n::error::b\u202ec\u0007',
    volatile: {},
  })
  expect(line).toBe('tenant a [2J ::error::b c committed')
})
