import { app } from 'electron'
import { type LaunchOptions, parseLaunchOptions } from '../host/processes/launch-options.ts'
import { type OpenRequest, parseDeepLink, readOpenRequest } from './read-start.ts'

/** What handles open requests once the application is ready. */
export interface OpenRequestHandler {
  grant(request: OpenRequest): Promise<void>
  openAgain(options: LaunchOptions): Promise<void>
  show(hash: string | null): void
}

/** Links, files and second starts come at any time, also before there is anything to show them in. */
export function listenForOpenRequests(): {
  readonly first: OpenRequest | null
  give(handler: OpenRequestHandler): void
} {
  let first: OpenRequest | null = null
  let handler: OpenRequestHandler | null = null
  const request = (asked: OpenRequest): void => {
    if (handler === null) first = asked
    else void handler.grant(asked)
  }
  app.on('open-url', (event, url) => {
    event.preventDefault()
    request({ hash: parseDeepLink(url), file: null })
  })
  app.on('open-file', (event, file) => {
    event.preventDefault()
    request({ hash: null, file })
  })
  app.on('activate', () => handler?.show(null))
  app.on('second-instance', (_event, argv, _folder, data) => {
    const asked = readOpenRequest(argv)
    if (asked.hash !== null || asked.file !== null) request(asked)
    else void handler?.openAgain(readOptions(data))
  })
  return {
    get first() {
      return first
    },
    give: given => {
      handler = given
    },
  }
}

/** Another version of this program may be the second one. */
function readOptions(data: unknown): LaunchOptions {
  const options = typeof data === 'object' && data !== null && 'options' in data ? data.options : {}
  try {
    return parseLaunchOptions(JSON.stringify(options))
  } catch {
    return parseLaunchOptions('{}')
  }
}
