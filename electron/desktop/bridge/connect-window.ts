import type { BrowserWindow } from 'electron'
import type { EngineEvent } from '../../../shared/api/engine-api.ts'
import type { EngineService, ServiceClient } from '../../host/service/interface/service.ts'
import type { Asker } from './answer-requests.ts'
import { channels } from './channels.ts'

/** Events of so many milliseconds cross together: one message a frame. */
const batchMs = 16

/** Connects a window with the engine: each page that it loads is a client of its own, whose follows end with it. */
export function connectWindow(window: BrowserWindow, service: EngineService): Asker {
  const { webContents } = window
  let client = connectPage()
  webContents.on('did-start-navigation', details => {
    if (details.isMainFrame && !details.isSameDocument) client = renew(client)
  })
  webContents.on('render-process-gone', () => {
    client = renew(client)
  })
  window.once('closed', () => client.close())
  return {
    isPage: ({ sender }) => sender === webContents,
    request: (name, input) => client.request(name, input),
  }

  function renew(before: ServiceClient): ServiceClient {
    before.close()
    return connectPage()
  }

  function connectPage(): ServiceClient {
    const batch = collectEvents(events => {
      if (!webContents.isDestroyed()) webContents.send(channels.events, events)
    })
    const page = service.connect(batch.add)
    return {
      request: (name, input) => page.request(name, input),
      close: () => {
        batch.drop()
        page.close()
      },
    }
  }
}

/** Gathers events for a moment and sends them in order; `drop` sends nothing any more. */
export function collectEvents(send: (events: readonly EngineEvent[]) => void): {
  add(event: EngineEvent): void
  drop(): void
} {
  let waiting: EngineEvent[] = []
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    const events = waiting
    waiting = []
    timer = null
    send(events)
  }
  return {
    add: event => {
      waiting.push(event)
      timer ??= setTimeout(flush, batchMs)
    },
    drop: () => {
      if (timer !== null) clearTimeout(timer)
      waiting = []
    },
  }
}
