import { type Command, type CommandId, commands } from '../../shared/commands/command-list.ts'

type Handler = () => void

/** Who carries out a command now: the innermost part that offered to. Keys, palette and menu all end here. */
export interface CommandCenter {
  /** Offers to carry a command out, until the returned function is called. */
  offer(id: CommandId, handler: Handler): () => void
  /** Says whether there was a handler for it. */
  dispatch(id: CommandId): boolean
  /** Commands that have a handler now. */
  available(): readonly Command[]
}

/** Makes the center of one window. */
export function createCommandCenter(): CommandCenter {
  const handlers = new Map<CommandId, Handler[]>()
  return {
    offer(id, handler) {
      handlers.set(id, [...(handlers.get(id) ?? []), handler])
      return () => {
        handlers.set(
          id,
          (handlers.get(id) ?? []).filter(other => other !== handler),
        )
      }
    },
    dispatch(id) {
      const handler = handlers.get(id)?.at(-1)
      handler?.()
      return handler !== undefined
    },
    available: () => commands.filter(command => (handlers.get(command.id)?.length ?? 0) > 0),
  }
}
