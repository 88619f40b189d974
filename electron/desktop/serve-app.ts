import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { protocol } from 'electron'
import { appScheme, isAppAddress } from './bridge/app-address.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** What a page of the dashboard may load: its own files, and nothing from anywhere else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Makes `app://` an origin with storage and without the powers of `file://`; before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built dashboard, and nothing outside its folder. */
export function serveApp(folder: string): void {
  protocol.handle(appScheme, request => answerFile(folder, request.method, request.url))
}

/** The file behind an address, with the headers that every answer has. */
export async function answerFile(folder: string, method: string, url: string): Promise<Response> {
  const file = method === 'GET' ? findFile(folder, url) : null
  if (file === null) return refuse()
  try {
    return new Response(new Uint8Array(await readFile(file)), {
      headers: { ...headers, 'content-type': contentTypes[extname(file)] ?? '' },
    })
  } catch {
    return refuse()
  }
}

/** The path of a file that may be served: of a known kind, inside the folder; null for everything else. */
export function findFile(folder: string, url: string): string | null {
  if (!isAppAddress(url)) return null
  let path: string
  try {
    path = decodeURIComponent(new URL(url).pathname)
  } catch {
    return null
  }
  const file = join(folder, path === '/' ? 'index.html' : path)
  const isServed = Object.hasOwn(contentTypes, extname(file)) && !path.includes('\0')
  return isServed && file.startsWith(folder + sep) ? file : null
}

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

function refuse(): Response {
  return new Response(null, { status: 404, headers })
}
