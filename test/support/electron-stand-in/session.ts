type RequestHandler = (
  contents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: unknown,
) => void
type CheckHandler = (contents: unknown, permission: string, origin: string, details: unknown) => boolean

/** The handlers that were set; Chromium itself denies every permission here. */
export const permissionHandlers: { request: RequestHandler | null; check: CheckHandler | null } = {
  request: null,
  check: null,
}

/** Electron's `session`. */
export const session = {
  defaultSession: {
    setPermissionRequestHandler(handler: RequestHandler | null): void {
      permissionHandlers.request = handler
    },
    setPermissionCheckHandler(handler: CheckHandler | null): void {
      permissionHandlers.check = handler
    },
  },
}
