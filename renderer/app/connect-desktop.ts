import { commands } from '../../shared/commands/command-list.ts'
import type { CommandCenter } from '../commands/command-center.ts'

/** In the desktop app: commands of its menu, and addresses that come from outside. Both only look and go. */
export function connectDesktop(window: Window, center: CommandCenter): void {
  window.lockstep?.onCommand(id => {
    const command = commands.find(candidate => candidate.id === id)
    if (command) center.dispatch(command.id)
  })
  window.lockstep?.onNavigate(hash => {
    if (hash.startsWith('#/')) window.location.hash = hash
  })
}
