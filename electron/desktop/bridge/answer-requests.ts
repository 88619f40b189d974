import { type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { Reply } from '../../../shared/api/engine-api.ts'
import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import { isRequestName } from '../../host/service/interface/request-risks.ts'
import { isAppAddress } from './app-address.ts'
import { channels } from './channels.ts'
import { isJson } from './is-json.ts'

/** Where a request comes from; Electron's event has these. */
export type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>

/** The page that may ask, and what asks on its behalf. */
export interface Asker {
  readonly isPage: (sender: Sender) => boolean
  readonly request: (name: string, input: unknown) => Promise<Reply<unknown>>
}

/** The one place where a page's messages arrive: who asks, what, and with what, is checked before the engine hears of it. */
export function answerRequests(findAsker: () => Asker | null): void {
  ipcMain.handle(channels.request, (event, name: unknown, input: unknown) =>
    answerRequest(findAsker(), event, name, input),
  )
}

/** Answers as data, also when it refuses: an error would lose what it says on its way to the page. */
export async function answerRequest(
  asker: Asker | null,
  sender: Sender,
  name: unknown,
  input: unknown,
): Promise<Reply<unknown>> {
  const refusal = findRefusal(asker, sender, name, input)
  if (refusal !== null || asker === null || typeof name !== 'string')
    return { ok: false, failure: refusal ?? { kind: 'not_connected', during: String(name) } }
  try {
    return await asker.request(name, input)
  } catch (error) {
    return { ok: false, failure: toFailure(error) }
  }
}

function findRefusal(asker: Asker | null, sender: Sender, name: unknown, input: unknown): Failure | null {
  const request = typeof name === 'string' ? name.slice(0, 80) : 'a request without a name'
  const invalid = (problem: string): Failure => ({ kind: 'request_invalid', request, problem })
  if (!isDashboard(sender) || asker?.isPage(sender) !== true) return invalid('this page may not ask')
  if (typeof name !== 'string' || !isRequestName(name)) return invalid('there is no such request')
  return isJson(input) ? null : invalid('the input is not JSON')
}

/** The frame is gone after a navigation, and a frame inside the page is not the page. */
function isDashboard({ sender, senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isAppAddress(senderFrame.url)
}
