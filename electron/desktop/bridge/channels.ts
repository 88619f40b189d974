/** The closed list of IPC channels between the shell and its page. */
export const channels = {
  /** Page to shell, with an answer. */
  request: 'lockstep:request',
  /** Shell to page. */
  events: 'lockstep:events',
  command: 'lockstep:command',
  navigate: 'lockstep:navigate',
} as const
