import { Menu, type MenuItemConstructorOptions, type WebContents } from 'electron'

/** The menu of the right mouse button: copying, and editing where there is something to edit. */
export function showContextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, selectionText }) => {
    const items = listContextItems(isEditable, selectionText !== '')
    if (items.length > 0) Menu.buildFromTemplate(items).popup()
  })
}

/** What can be done with what is under the pointer. */
export function listContextItems(isEditable: boolean, hasSelection: boolean): MenuItemConstructorOptions[] {
  if (isEditable) return [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }]
  return hasSelection ? [{ role: 'copy' }] : []
}
