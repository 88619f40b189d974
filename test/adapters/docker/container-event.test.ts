import { describe, expect, it } from 'vitest'
import { readContainerEvent } from '../../../electron/adapters/docker/container-event.ts'

const labels = { 'com.docker.compose.service': 'db', name: 'shop-db-1' }

const line = (Action: string, Attributes: object = labels, Type = 'container') =>
  JSON.stringify({ Type, Action, Actor: { ID: 'abc', Attributes }, time: 1 })

describe('a line of the events', () => {
  it.each([
    ['create', 'created'],
    ['start', 'started'],
    ['die', 'stopped'],
    ['died', 'stopped'],
    ['pause', 'paused'],
    ['unpause', 'resumed'],
    ['destroy', 'removed'],
    ['remove', 'removed'],
  ])('%s says that a container was %s', (word, action) => {
    expect(readContainerEvent(line(word))).toEqual({
      containerId: 'abc',
      service: 'db',
      action,
      health: null,
    })
  })

  it('tells what the health is now, in the words of Docker and of Podman', () => {
    const changed = { containerId: 'abc', action: 'health_changed' }
    expect(readContainerEvent(line('health_status: unhealthy'))).toMatchObject({
      ...changed,
      health: 'unhealthy',
    })
    expect(readContainerEvent(line('health_status', { health_status: 'healthy' }))).toEqual({
      ...changed,
      service: null,
      health: 'healthy',
    })
  })

  it.each(['kill', 'stop', 'exec_create: true', 'exec_die', 'attach', 'rename', 'oom', 'resize'])(
    '%s is nothing that changes a state',
    word => {
      expect(readContainerEvent(line(word))).toBeNull()
    },
  )

  it('is left alone when it is about something else, and broken when it is no JSON', () => {
    expect(readContainerEvent(line('create', {}, 'network'))).toBeNull()
    expect(readContainerEvent('{"message":"no"}')).toBeNull()
    expect(readContainerEvent('{"Type":"contai')).toBe('broken')
  })
})
