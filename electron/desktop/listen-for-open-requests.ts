import { app } from 'electron'
import { parseShellOptions, type ShellOptions } from '../host/processes/launch-options.ts'
import { parseDeepLink, readWish, type Wish } from './read-start.ts'

/** What takes wishes once the application is ready. */
export interface WishTaker {
  grant(wish: Wish): Promise<void>
  openAgain(options: ShellOptions): Promise<void>
  show(hash: string | null): void
}

/** Links, files and second starts come at any time, also before there is anything to show them in. */
export function listenForWishes(): { readonly first: Wish | null; give(taker: WishTaker): void } {
  let first: Wish | null = null
  let taker: WishTaker | null = null
  const wish = (wished: Wish): void => {
    if (taker === null) first = wished
    else void taker.grant(wished)
  }
  app.on('open-url', (event, url) => {
    event.preventDefault()
    wish({ hash: parseDeepLink(url), file: null })
  })
  app.on('open-file', (event, file) => {
    event.preventDefault()
    wish({ hash: null, file })
  })
  app.on('activate', () => taker?.show(null))
  app.on('second-instance', (_event, argv, _folder, data) => {
    const wished = readWish(argv)
    if (wished.hash !== null || wished.file !== null) wish(wished)
    else void taker?.openAgain(readOptions(data))
  })
  return {
    get first() {
      return first
    },
    give: given => {
      taker = given
    },
  }
}

/** Another version of this program may be the second one. */
function readOptions(data: unknown): ShellOptions {
  const options = typeof data === 'object' && data !== null && 'options' in data ? data.options : {}
  try {
    return parseShellOptions(JSON.stringify(options))
  } catch {
    return parseShellOptions('{}')
  }
}
