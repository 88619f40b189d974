/** What a scheme's handler is: as `protocol.handle` takes it. */
export type SchemeHandler = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, SchemeHandler>()

/** Chromium over CDP has no schemes of its own: `app://lockstep/x` is loaded as `https://stand-in-app.lockstep.test/x`. */
export function toChromiumUrl(url: string): string {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/.exec(url)
  if (parts === null) return url
  const [, scheme = '', host = '', rest = ''] = parts
  if (!handlers.has(scheme)) return url
  return `https://stand-in-${scheme}.${host}.test${rest.startsWith('/') ? rest : `/${rest}`}`
}

/** The address as the application knows it. */
export function toApplicationUrl(url: string): string {
  return url.replace(
    /^https:\/\/stand-in-([a-z0-9+-]+)\.([^/]*)\.test/,
    (_all, scheme: string, host: string) => `${scheme}://${host}`,
  )
}

/** Patterns of what Chromium must ask the application for. */
export function listHandledPatterns(): readonly string[] {
  return [...handlers.keys()].map(scheme => `https://stand-in-${scheme}.*`)
}

/** Answers a request by the handler of its scheme; null when no handler is responsible. */
export async function answerByScheme(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response | null> {
  const applicationUrl = toApplicationUrl(url)
  const handler = handlers.get(applicationUrl.split(':')[0] ?? '')
  if (handler === undefined || applicationUrl === url) return null
  const request = new Request(url, { method, headers })
  Object.defineProperty(request, 'url', { value: applicationUrl })
  return await handler(request)
}

/** Electron's `protocol`. */
export const protocol = {
  registerSchemesAsPrivileged(_schemes: readonly unknown[]): void {},
  handle(scheme: string, handler: SchemeHandler): void {
    if (handlers.has(scheme)) throw new Error(`the scheme ${scheme} has a handler already`)
    handlers.set(scheme, handler)
  },
}
