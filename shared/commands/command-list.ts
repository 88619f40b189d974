/** Something a person can do by menu, palette or key: one list feeds all three. None of them applies, approves or rolls back. */
export interface Command {
  readonly id: CommandId
  /** What the menu and the palette say: verb first. */
  readonly title: string
  readonly group: CommandGroup
  /** Keys as tinykeys writes them, such as `g o` or `$mod+K`; `$mod` is Cmd on macOS and Ctrl elsewhere. */
  readonly keys: readonly string[]
  /** Electron's accelerator; null where the menu shows none, as for single letters. */
  readonly accelerator: string | null
  readonly where: CommandPlace
}

export type CommandGroup = 'Go' | 'View' | 'Lists' | 'Log' | 'Run' | 'Help'

/** Where a command means something. */
export type CommandPlace = 'everywhere' | 'lists' | 'log' | 'topology' | 'run' | 'diff'

export type CommandId =
  | 'go.overview'
  | 'go.topology'
  | 'go.plan'
  | 'go.runs'
  | 'go.settings'
  | 'go.back'
  | 'go.next_action'
  | 'project.open'
  | 'demo.open'
  | 'run.open_file'
  | 'palette.show'
  | 'shortcuts.show'
  | 'view.toggle_graph'
  | 'view.theme'
  | 'view.density'
  | 'view.time'
  | 'view.diff_mode'
  | 'view.reload'
  | 'tab.1'
  | 'tab.2'
  | 'tab.3'
  | 'tab.4'
  | 'tab.5'
  | 'tab.6'
  | 'list.filter'
  | 'list.next'
  | 'list.previous'
  | 'list.open'
  | 'log.search'
  | 'log.problems'
  | 'log.follow'
  | 'log.wrap'
  | 'run.next_failure'
  | 'run.previous_failure'

type Row = readonly [CommandId, string, CommandGroup, readonly string[], string | null, CommandPlace]

const rows: readonly Row[] = [
  ['go.overview', 'Go to overview', 'Go', ['g o'], null, 'everywhere'],
  ['go.topology', 'Go to topology', 'Go', ['g t'], null, 'everywhere'],
  ['go.plan', 'Go to plan', 'Go', ['g p'], null, 'everywhere'],
  ['go.runs', 'Go to runs', 'Go', ['g r'], null, 'everywhere'],
  ['go.settings', 'Go to settings', 'Go', ['g s'], 'CmdOrCtrl+,', 'everywhere'],
  ['go.next_action', 'Go to the next action', 'Go', ['.'], null, 'everywhere'],
  ['go.back', 'Go back, or close what is open', 'Go', ['Escape'], null, 'everywhere'],
  ['project.open', 'Open a project', 'Go', [], 'CmdOrCtrl+O', 'everywhere'],
  ['demo.open', 'Open the sandbox', 'Go', [], null, 'everywhere'],
  ['run.open_file', 'Open a run from a file', 'Go', [], 'CmdOrCtrl+Shift+O', 'everywhere'],
  ['palette.show', 'Show every command', 'View', ['$mod+K'], 'CmdOrCtrl+K', 'everywhere'],
  ['view.toggle_graph', 'Switch between graph and table', 'View', ['g g'], null, 'topology'],
  ['view.theme', 'Switch the theme', 'View', [], null, 'everywhere'],
  ['view.density', 'Switch the density', 'View', [], null, 'everywhere'],
  ['view.time', 'Switch how times are shown', 'View', ['t'], null, 'everywhere'],
  ['view.diff_mode', 'Switch between unified and split', 'View', ['d'], null, 'diff'],
  ['view.reload', 'Refresh', 'View', ['r'], null, 'everywhere'],
  ['tab.1', 'Show tab 1', 'View', ['$mod+1'], 'CmdOrCtrl+1', 'run'],
  ['tab.2', 'Show tab 2', 'View', ['$mod+2'], 'CmdOrCtrl+2', 'run'],
  ['tab.3', 'Show tab 3', 'View', ['$mod+3'], 'CmdOrCtrl+3', 'run'],
  ['tab.4', 'Show tab 4', 'View', ['$mod+4'], 'CmdOrCtrl+4', 'run'],
  ['tab.5', 'Show tab 5', 'View', ['$mod+5'], 'CmdOrCtrl+5', 'run'],
  ['tab.6', 'Show tab 6', 'View', ['$mod+6'], 'CmdOrCtrl+6', 'run'],
  ['list.filter', 'Filter the list', 'Lists', ['/'], null, 'lists'],
  ['list.next', 'Next row', 'Lists', ['j'], null, 'lists'],
  ['list.previous', 'Previous row', 'Lists', ['k'], null, 'lists'],
  ['list.open', 'Open the row', 'Lists', ['Enter'], null, 'lists'],
  ['log.search', 'Search the log', 'Log', ['$mod+F'], 'CmdOrCtrl+F', 'log'],
  ['log.problems', 'Show only problems', 'Log', ['e'], null, 'log'],
  ['log.follow', 'Follow the end', 'Log', ['f'], null, 'log'],
  ['log.wrap', 'Wrap long lines', 'Log', ['w'], null, 'log'],
  ['run.next_failure', 'Next failure', 'Run', [']'], null, 'run'],
  ['run.previous_failure', 'Previous failure', 'Run', ['['], null, 'run'],
  ['shortcuts.show', 'Show keyboard shortcuts', 'Help', ['?'], 'CmdOrCtrl+/', 'everywhere'],
]

/** Every command, in the order in which sheet and menu show them. */
export const commands: readonly Command[] = rows.map(([id, title, group, keys, accelerator, where]) => ({
  id,
  title,
  group,
  keys,
  accelerator,
  where,
}))
