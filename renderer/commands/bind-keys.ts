import { tinykeys } from 'tinykeys'
import { commands } from '../../shared/commands/command-list.ts'
import type { CommandCenter } from './command-center.ts'

/** Binds the keys of every command; a single letter means nothing while text is typed, or when letters are turned off. */
export function bindKeys(target: Window, center: CommandCenter, areLettersOn: () => boolean): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {}
  for (const { id, keys } of commands) {
    for (const key of keys) {
      const isModified = key.includes('$mod')
      const act = (event: KeyboardEvent): void => {
        if (event.defaultPrevented || event.isComposing) return
        if (!isModified && key !== 'Escape' && (isTyping(event) || !areLettersOn())) return
        // Enter belongs to the control that has the focus.
        if (key === 'Enter' && event.target instanceof HTMLElement && event.target !== document.body) return
        if (center.dispatch(id)) event.preventDefault()
      }
      for (const written of writtenKeys(key)) bindings[written] = act
    }
  }
  return tinykeys(target, bindings)
}

/** tinykeys wants Shift named for keys that need it; `?` does on most keyboards, and on some it does not. */
function writtenKeys(key: string): readonly string[] {
  return key === '?' ? ['?', 'Shift+?'] : [key]
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}
