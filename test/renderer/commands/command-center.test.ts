import { describe, expect, it } from 'vitest'
import { createCommandCenter } from '../../../renderer/commands/command-center.ts'
import { commands } from '../../../shared/commands/command-list.ts'

describe('the command center', () => {
  it('gives a command to the innermost part that offered to carry it out', () => {
    const center = createCommandCenter()
    const done: string[] = []
    center.offer('go.back', () => done.push('outer'))
    const withdraw = center.offer('go.back', () => done.push('inner'))
    center.dispatch('go.back')
    withdraw()
    center.dispatch('go.back')
    expect(done).toEqual(['inner', 'outer'])
  })

  it('says that nobody was there to do it', () => {
    const center = createCommandCenter()
    const withdraw = center.offer('view.reload', () => undefined)
    expect(center.dispatch('view.reload')).toBe(true)
    withdraw()
    expect(center.dispatch('view.reload')).toBe(false)
  })

  it('lists the commands that somebody would carry out now, in the order of the sheet', () => {
    const center = createCommandCenter()
    center.offer('shortcuts.show', () => undefined)
    center.offer('go.overview', () => undefined)
    expect(center.available().map(command => command.id)).toEqual(['go.overview', 'shortcuts.show'])
  })
})

describe('the list of commands', () => {
  it('has nothing in it that applies, approves, rolls back or otherwise changes a database', () => {
    for (const { id, title } of commands)
      expect(`${id} ${title}`).not.toMatch(
        /appl(y|ies)|approv|reject|roll|recover|abort|pause|resume|start (a|the) run|waive|unlock/i,
      )
  })

  it('names every command and every key once', () => {
    const keys = commands.flatMap(command => command.keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(commands.map(command => command.id)).size).toBe(commands.length)
  })

  it('has no key that begins the sequence of another', () => {
    const keys = commands.flatMap(command => command.keys)
    const isBeginning = (key: string): boolean => keys.some(other => other.startsWith(`${key} `))
    expect(keys.filter(isBeginning)).toEqual([])
  })
})
