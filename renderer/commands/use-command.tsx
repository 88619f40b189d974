import { createContext, useContext, useEffect, useRef } from 'react'
import type { CommandId } from '../../shared/commands/command-list.ts'
import { type CommandCenter, createCommandCenter } from './command-center.ts'

/** The window's commands. */
export const CommandContext = createContext<CommandCenter>(createCommandCenter())

/** Carries a command out while this part is shown; null offers nothing. */
export function useCommand(id: CommandId, handler: (() => void) | null): void {
  const center = useContext(CommandContext)
  const latest = useRef(handler)
  latest.current = handler
  const isOffered = handler !== null
  useEffect(() => {
    if (!isOffered) return
    return center.offer(id, () => latest.current?.())
  }, [center, id, isOffered])
}
