/** An element of an XML document; text is what stands directly in it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Reads the part of XML 1.0 that reports are made of, strictly: throws for whatever is not well-formed. */
export function readXml(document: string): XmlElement {
  for (let index = 0; index < document.length; index += 1) {
    const code = document.charCodeAt(index)
    const isControl = code < 0x20 && code !== 0x9 && code !== 0xa && code !== 0xd
    if (isControl || code === 0xfffe || code === 0xffff)
      throw new Error(`U+${code.toString(16)} is no character`)
  }
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(document))
    throw new Error('half a character')
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!document.startsWith(prolog)) throw new Error('there is no declaration')
  let at = prolog.length
  const fail = (problem: string): never => {
    throw new Error(`${problem} at ${JSON.stringify(document.slice(at, at + 60))}`)
  }
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const sticky = new RegExp(pattern.source, 'uy')
    sticky.lastIndex = at
    const found = sticky.exec(document)
    if (found) at += found[0].length
    return found
  }
  const readElement = (): XmlElement => {
    const [, name = ''] = take(/<([A-Za-z_][\w.-]*)/) ?? fail('no element')
    const attributes: Record<string, string> = {}
    for (let found = take(/\s+([\w-]+)="([^<"]*)"/); found; found = take(/\s+([\w-]+)="([^<"]*)"/)) {
      const [, key = '', value = ''] = found
      if (key in attributes) fail(`attribute ${key} twice`)
      attributes[key] = decode(value)
    }
    if (take(/\s*\/>/)) return { name, attributes, children: [], text: '' }
    if (!take(/\s*>/)) fail('a tag does not end')
    const children: XmlElement[] = []
    let text = ''
    for (;;) {
      const piece = take(/[^<]+/)?.[0]
      if (piece !== undefined) {
        if (piece.includes(']]>')) fail(']]> in a text')
        text += decode(piece)
      } else if (take(new RegExp(`</${name}\\s*>`))) return { name, attributes, children, text }
      else children.push(readElement())
    }
  }
  const root = readElement()
  take(/\s*/)
  if (at !== document.length) fail('something after the end')
  return root
}

function decode(text: string): string {
  return text.replace(/&([^;&]*)(;?)/g, (whole, name: string, end: string) => {
    if (end === '') throw new Error(`a bare & in ${JSON.stringify(whole.slice(0, 40))}`)
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)))
    const character = entities[name]
    if (character === undefined) throw new Error(`&${name}; is not known`)
    return character
  })
}
