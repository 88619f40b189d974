import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where runs without a project are kept, such as those of the demo: `LOCKSTEP_STATE_DIR`, or the user's state folder. */
export function stateFolder(): string {
  const { LOCKSTEP_STATE_DIR, XDG_STATE_HOME, LOCALAPPDATA } = process.env
  if (LOCKSTEP_STATE_DIR) return LOCKSTEP_STATE_DIR
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? homedir(), 'lockstep')
  return join(XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'lockstep')
}
