import { app, type Session, session } from 'electron'
import { appAddress, isAppAddress } from './bridge/app-address.ts'

/** Keeps every page, of whatever window, where it is: nothing opens, embeds or goes elsewhere. */
export function guardPages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', event => refuseElsewhere(event))
    contents.on('will-frame-navigate', event => refuseElsewhere(event))
    contents.on('will-redirect', event => refuseElsewhere(event))
    contents.on('will-attach-webview', event => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Grants the one permission that the dashboard uses; without these handlers Electron grants all of them. */
export function guardPermissions(of: Session = session.defaultSession): void {
  of.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(isPermitted(permission, details.requestingUrl)),
  )
  of.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin))
}

/** Copying to the clipboard, by the dashboard itself. */
export function isPermitted(permission: string, requester: string): boolean {
  return permission === 'clipboard-sanitized-write' && isAppAddress(requester)
}

/** The dashboard is one page: only its own address, such as for a reload, may be gone to. */
function refuseElsewhere(event: { readonly url: string; preventDefault(): void }): void {
  if (!isAppPage(event.url)) event.preventDefault()
}

function isAppPage(url: string): boolean {
  return isAppAddress(url) && url.split('#')[0] === appAddress
}
