/** Where a subscription takes its changes from; null where its connection string does not say. */
export interface Publisher {
  readonly host: string | null
  readonly port: number
  readonly database: string | null
}

const defaultPort = 5432

/** Takes the place out of a libpq connection string, and nothing else: user, password and every other word are dropped. */
export function parsePublisher(source: string): Publisher {
  const words = /^postgres(?:ql)?:\/\//.test(source) ? readUri(source) : readKeywords(source)
  // Of several hosts the first one is asked first.
  const host = first(words.get('host')) || first(words.get('hostaddr'))
  const port = Number(first(words.get('port')) || defaultPort)
  const database = words.get('dbname') ?? ''
  return {
    host: /^[\w.:/-]+$/.test(host) ? host : null,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : defaultPort,
    // A whole connection string may stand in place of a name.
    database: database === '' || /[=@]|:\/\//.test(database) ? null : database,
  }
}

/** Reads word by word, so that what looks like a host inside a quoted password is not taken for one. */
function readKeywords(source: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  for (const match of source.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\]|\\.)*))/gsu)) {
    const [, key = '', quoted, plain = ''] = match
    words.set(key, (quoted ?? plain).replace(/\\(.)/gsu, '$1'))
  }
  return words
}

function readUri(source: string): ReadonlyMap<string, string> {
  // To the last @ before a slash: an unescaped password may hold one itself.
  const [, places = '', database = '', options = ''] =
    /^\w+:\/\/(?:[^/]*@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(source) ?? []
  const hosts = places.split(',').map(place => /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(place))
  const words = new Map<string, string>([
    ['host', hosts.map(match => decode(match?.[1] ?? '').replace(/^\[|\]$/g, '')).join()],
    ['port', hosts.map(match => match?.[2] ?? '').join()],
    ['dbname', decode(database)],
  ])
  for (const option of options.split('&')) {
    const [key = '', value = ''] = option.split('=', 2)
    if (value !== '') words.set(decode(key), decode(value))
  }
  return words
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function first(list: string | undefined): string {
  return list?.split(',')[0]?.trim() ?? ''
}
