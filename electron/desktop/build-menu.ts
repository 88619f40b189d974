import { Menu, type MenuItemConstructorOptions } from 'electron'
import {
  type Command,
  type CommandGroup,
  type CommandId,
  commands,
} from '../../shared/commands/command-list.ts'
import { assertNever } from '../../shared/text/assert-never.ts'

/** Shows the application's menu. */
export function showMenu(platform: NodeJS.Platform, run: (id: CommandId) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(buildMenu(platform, run)))
}

/** The menu: the commands of the palette by their groups, and what every application of the platform has. */
export function buildMenu(
  platform: NodeJS.Platform,
  run: (id: CommandId) => void,
): MenuItemConstructorOptions[] {
  const group = (label: CommandGroup): MenuItemConstructorOptions => ({
    label,
    submenu: [...listCommands(label, run), ...listRoles(label, platform)],
  })
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    group('Go'),
    { role: 'editMenu' },
    group('View'),
    group('Lists'),
    group('Log'),
    group('Run'),
    { role: 'windowMenu' },
    { ...group('Help'), role: 'help' },
  ]
}

function listCommands(group: CommandGroup, run: (id: CommandId) => void): MenuItemConstructorOptions[] {
  return commands
    .filter(command => command.group === group)
    .map(command => ({
      id: command.id,
      label: command.title,
      click: () => run(command.id),
      ...showKeys(command),
    }))
}

/** The page hears the keys that it knows by itself; the menu only shows them, or the command would run twice. */
function showKeys({ accelerator, keys }: Command): MenuItemConstructorOptions {
  return accelerator === null ? {} : { accelerator, registerAccelerator: keys.length === 0 }
}

function listRoles(group: CommandGroup, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  switch (group) {
    case 'Go':
      // On macOS the application's own menu has it.
      return platform === 'darwin' ? [] : [{ type: 'separator' }, { role: 'quit' }]
    case 'View':
      return [
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ]
    case 'Help':
      return platform === 'darwin' ? [] : [{ type: 'separator' }, { role: 'about' }]
    case 'Lists':
    case 'Log':
    case 'Run':
      return []
    default:
      return assertNever(group)
  }
}
