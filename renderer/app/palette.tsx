import { useContext, useEffect, useId, useMemo, useState } from 'react'
import { formatKeys } from '../commands/format-keys.ts'
import { CommandContext } from '../commands/use-command.tsx'
import { navigate } from '../store/navigate.ts'
import { useRequest } from '../store/use-request.ts'
import { Dialog } from '../ui/dialog.tsx'
import styles from './palette.module.css'
import { findEntries, listEntries, type PaletteEntry } from './palette-entries.ts'

/** Everything by its name: commands, screens, runs, tenants and gates. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const center = useContext(CommandContext)
  const runs = useRequest('run.list', {})
  const topology = useRequest('topology.read', {})
  const [text, setText] = useState('')
  const [current, setCurrent] = useState(0)
  const listId = useId()
  const entries = useMemo(
    () => listEntries(center.available(), runs.value ?? [], topology.value?.positions ?? []),
    [center, runs.value, topology.value],
  )
  const found = findEntries(entries, text)
  const chosen = found[Math.min(current, found.length - 1)]
  const chosenId = chosen ? `${listId}-${chosen.key}` : null
  useEffect(() => {
    if (chosenId !== null) document.getElementById(chosenId)?.scrollIntoView({ block: 'nearest' })
  }, [chosenId])
  const open = (entry: PaletteEntry): void => {
    onClose()
    // After the dialog has given the focus back: the command may want it.
    requestAnimationFrame(() => {
      if (entry.target.kind === 'command') center.dispatch(entry.target.id)
      else navigate(entry.target.route)
    })
  }
  const move = (by: number): void =>
    setCurrent((Math.min(current, found.length - 1) + by + found.length) % found.length)
  return (
    <Dialog title="Every command" isTitleHidden onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosenId ?? undefined}
        aria-label="Command, run, tenant or gate"
        placeholder="Command, run, tenant or gate"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={text}
        onChange={event => {
          setText(event.target.value)
          setCurrent(0)
        }}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') move(1)
          else if (event.key === 'ArrowUp') move(-1)
          else if (event.key === 'Enter' && chosen) open(chosen)
          else return
          event.preventDefault()
        }}
      />
      <div className={styles.list} id={listId} role="listbox" aria-label="Found">
        {found.map(entry => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's, which keeps the focus.
          // biome-ignore lint/a11y/useFocusableInteractive: the text field keeps the focus.
          <div
            key={entry.key}
            id={`${listId}-${entry.key}`}
            role="option"
            aria-selected={entry === chosen}
            className={styles.entry}
            onClick={() => open(entry)}
          >
            <span>{entry.title}</span>
            <span className="quiet">{entry.keys === '' ? entry.kind : formatKeys(entry.keys)}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="quiet">Nothing is called that.</p>}
    </Dialog>
  )
}
