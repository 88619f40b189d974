import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/** A file of the dashboard, ready to be sent. */
export interface WebFile {
  readonly body: Buffer
  readonly contentType: string
  /** Its name changes with its content. */
  readonly isImmutable: boolean
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/**
 * Reads the built dashboard into memory, by the path it is asked for.
 *
 * Only what was found here can ever be sent, so no path leads out of the folder; and a rebuild under a running server
 * does not mix two versions.
 */
export function loadFiles(folder: string): ReadonlyMap<string, WebFile> {
  const files = new Map<string, WebFile>()
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const contentType = contentTypes[extname(entry)]
    if (contentType === undefined) continue
    const path = `/${entry.replaceAll('\\', '/')}`
    const isImmutable = /^\/assets\/[^/]+-[\w-]{8}\.\w+$/.test(path)
    const file = { body: readFileSync(join(folder, entry)), contentType, isImmutable }
    files.set(path, file)
    if (path === '/index.html') files.set('/', file)
  }
  return files
}
