// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindKeys } from '../../../renderer/commands/bind-keys.ts'
import { createCommandCenter } from '../../../renderer/commands/command-center.ts'
import { type CommandId, commands } from '../../../shared/commands/command-list.ts'

describe('the keys of the dashboard', () => {
  let done: CommandId[] = []
  let areLettersOn = true
  let unbind = (): void => undefined

  beforeEach(() => {
    done = []
    areLettersOn = true
    const center = createCommandCenter()
    for (const { id } of commands) center.offer(id, () => done.push(id))
    unbind = bindKeys(window, center, () => areLettersOn)
  })
  afterEach(() => {
    unbind()
    document.body.replaceChildren()
  })

  const press = (key: string, target: EventTarget = document.body, more: KeyboardEventInit = {}): boolean =>
    target.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true, ...more }),
    )
  const add = <K extends keyof HTMLElementTagNameMap>(tag: K): HTMLElementTagNameMap[K] => {
    const element = document.createElement(tag)
    document.body.append(element)
    return element
  }

  it('carry a command out, by one letter or by two after each other', () => {
    press('g')
    press('r')
    press('.')
    press('?', document.body, { shiftKey: true })
    expect(done).toEqual(['go.runs', 'go.next_action', 'shortcuts.show'])
    press('?')
    expect(done.at(-1)).toBe('shortcuts.show')
    expect(done).toHaveLength(4)
  })

  it('keep the browser from doing something else with a key that was used', () => {
    expect(press('k', document.body, { ctrlKey: true })).toBe(false)
    expect(press('x')).toBe(true)
  })

  it.each(['input', 'textarea', 'select'] as const)(
    'do nothing with single letters while somebody types in a %s',
    tag => {
      const field = add(tag)
      for (const { keys } of commands)
        for (const key of keys)
          if (!key.includes('$mod') && key !== 'Escape') for (const one of key.split(' ')) press(one, field)
      expect(done).toEqual([])
    },
  )

  it('do nothing with single letters where text is edited in place', () => {
    const editor = add('div')
    Object.defineProperty(editor, 'isContentEditable', { value: true })
    press('e', editor)
    expect(done).toEqual([])
  })

  it('do nothing with single letters when these are turned off', () => {
    areLettersOn = false
    for (const key of ['.', 'r', 'j', 'e', '/', '?']) press(key, document.body, { shiftKey: key === '?' })
    press('g')
    press('o')
    expect(done).toEqual([])
  })

  it('still open the palette and close what is open, whatever has the focus', () => {
    areLettersOn = false
    const field = add('input')
    press('k', field, { ctrlKey: true })
    press('Escape', field)
    expect(done).toEqual(['palette.show', 'go.back'])
  })

  it('leave Enter to the control that has the focus', () => {
    press('Enter', add('button'))
    expect(done).toEqual([])
    press('Enter')
    expect(done).toEqual(['list.open'])
  })

  it('do nothing while a character is being composed, or when a part has used the key already', () => {
    press('e', document.body, { isComposing: true })
    const used = new KeyboardEvent('keydown', { key: 'e', bubbles: true, cancelable: true })
    used.preventDefault()
    document.body.dispatchEvent(used)
    expect(done).toEqual([])
  })

  it('mean nothing any more after they are let go of', () => {
    unbind()
    press('e')
    expect(done).toEqual([])
  })
})
